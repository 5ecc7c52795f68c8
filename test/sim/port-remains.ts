/** The port StackRemains: what carries an app's labels in the simulated Swarm goes by names that only it has. */
import type { StackRemains } from '../../controller/ports/stack-remains.ts';
import type { Life } from './life.ts';

export function createRemains({ world, door }: Life): StackRemains {
  return {
    // The Swarm of a simulated world has none.
    removeConfigs: () => Promise.resolve(),
    remove: async (stack, app) => {
      const { swarm, rules, api } = world;
      const remove = async (kind: string, names: readonly string[], go: (name: string) => void) => {
        for (const name of names.filter((one) => one.startsWith(`${stack}_`))) {
          await door.through(
            {
              name: `remains.${kind}`,
              of: stack,
              mutates: true,
              errors: ['no-answer', 'conflict'],
            },
            () => {
              api.refuseWhileDown();
              rules.mayPrune(app);
              go(name);
            },
          );
        }
      };
      await remove('volume', [...swarm.volumes.keys()], (name) => swarm.volumes.delete(name));
      await remove('secret', [...swarm.secrets.keys()], (name) => swarm.secrets.delete(name));
    },
  };
}
