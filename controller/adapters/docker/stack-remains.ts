/** The port `StackRemains`: volumes, configs and secrets by their labels. */
import { label } from '../../model/swarm.ts';
import type { StackRemains } from '../../ports/stack-remains.ts';
import type { Connection } from './connect.ts';
import { isNotFound } from './errors.ts';

interface RawVolumes {
  readonly Volumes: readonly { readonly Name: string }[] | null;
}

interface RawStored {
  readonly ID: string;
  readonly Spec?: { readonly Name?: string };
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
      await removeConfigs(connection, filters, () => true, signal);
      const secrets: unknown = await connection.ask(
        `list secrets of ${stack}`,
        signal,
        (docker, abortSignal) => docker.listSecrets({ filters, abortSignal }),
      );
      for (const { ID } of secrets as readonly RawStored[]) {
        await gone(
          connection.ask(`remove secret ${ID}`, signal, (docker, abortSignal) =>
            docker.getSecret(ID).remove({ abortSignal }),
          ),
        );
      }
    },
    removeConfigs: (stack, signal) =>
      removeConfigs(
        connection,
        { label: [`${label.stack}=${stack}`] },
        (name) => name.startsWith(`${stack}_`),
        signal,
      ),
  };
}

async function removeConfigs(
  connection: Connection,
  filters: { readonly label: string[] },
  isMeant: (name: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const configs: unknown = await connection.ask(
    `list configs with ${filters.label.join(', ')}`,
    signal,
    (docker, abortSignal) => docker.listConfigs({ filters, abortSignal }),
  );
  for (const { ID, Spec } of configs as readonly RawStored[]) {
    if (!isMeant(Spec?.Name ?? '')) continue;
    await gone(
      connection.ask(`remove config ${ID}`, signal, (docker, abortSignal) =>
        docker.getConfig(ID).remove({ abortSignal }),
      ),
    );
  }
}

async function gone(removing: Promise<unknown>): Promise<void> {
  try {
    await removing;
  } catch (failure) {
    if (!isNotFound(failure)) throw failure;
  }
}
