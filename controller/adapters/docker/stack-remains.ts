/** The port `StackRemains`: volumes and configs by their labels. */
import { label } from '../../model/swarm.ts';
import type { StackRemains } from '../../ports/stack-remains.ts';
import type { Connection } from './connect.ts';
import { isNotFound } from './errors.ts';

interface RawVolumes {
  readonly Volumes: readonly { readonly Name: string }[] | null;
}

/** Makes the port; asks nothing yet. */
export function createStackRemains(connection: Connection): StackRemains {
  return {
    async remove(stack, app, signal) {
      const filters = { label: [`${label.stack}=${stack}`, `${label.app}=${app}`] };
      const volumes: unknown = await connection.ask(
        `list volumes of ${stack}`,
        signal,
        (docker, abortSignal) => docker.listVolumes({ filters, abortSignal }),
      );
      for (const { Name } of (volumes as RawVolumes).Volumes ?? []) {
        await gone(
          connection.ask(`remove volume ${Name}`, signal, (docker, abortSignal) =>
            docker.getVolume(Name).remove({ abortSignal }),
          ),
        );
      }
      const configs: unknown = await connection.ask(
        `list configs of ${stack}`,
        signal,
        (docker, abortSignal) => docker.listConfigs({ filters, abortSignal }),
      );
      for (const { ID } of configs as readonly { readonly ID: string }[]) {
        await gone(
          connection.ask(`remove config ${ID}`, signal, (docker, abortSignal) =>
            docker.getConfig(ID).remove({ abortSignal }),
          ),
        );
      }
    },
  };
}

async function gone(removing: Promise<unknown>): Promise<void> {
  try {
    await removing;
  } catch (failure) {
    if (!isNotFound(failure)) throw failure;
  }
}
