/** The port StackRemains: what carries the labels of a stack and of an app in the simulated Swarm. */
import { label } from '../../controller/model/swarm.ts';
import type { StackRemains } from '../../controller/ports/stack-remains.ts';
import { CiWarmError } from '../../controller/model/failure.ts';
import { drilledIn } from './drilled.ts';
import type { Life } from './life.ts';

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
}

export function createRemains({ world, door }: Life): StackRemains {
  return {
    // The Swarm of a simulated world has none.
    removeConfigs: () => Promise.resolve(),
    remove: async (stack, app) => {
      const { swarm, rules, api } = world;
      const isOwn = ({ labels }: Labelled): boolean =>
        labels[label.stack] === stack && labels[label.app] === app;
      const remove = async (
        kind: string,
        all: ReadonlyMap<string, Labelled>,
        go: (name: string) => void,
      ): Promise<void> => {
        for (const [name] of [...all].filter(([, one]) => isOwn(one))) {
          await door.through(
            {
              name: `remains.${kind}`,
              of: stack,
              mutates: true,
              errors: ['no-answer', 'conflict'],
            },
            () => {
              api.refuseWhileDown();
              if (drilledIn(world, stack) === undefined) rules.mayPrune(app);
              else rules.mayTouch(stack, 'drop-data');
              go(name);
            },
          );
        }
      };
      await remove('volume', swarm.volumes, (name) => {
        const isUsed = [...swarm.containers.values()].some(({ task }) =>
          [...task.spec.mounts.keys()].some((it) => `${task.service.stack}_${it}` === name),
        );
        if (isUsed) throw new CiWarmError('conflict', `volume ${name} is in use`);
        swarm.volumes.delete(name);
      });
      await remove('secret', swarm.secrets, (name) => swarm.secrets.delete(name));
    },
  };
}
