/**
 * Who still uses an app's data (S1): containers by what the Engine lists, whoever made them, and processes by what the
 * kernel says. Both looks are made; the second needs no answer from Docker, the first also sees stopped containers.
 */
import type { ContainerView } from '../../model/swarm.ts';
import type { Connection } from './connect.ts';
import { processesThatMount } from './mountinfo.ts';
import type { RawContainer } from './raw.ts';
import { toContainer } from './view.ts';

export interface DataOfApp {
  readonly volumeNames: readonly string[];
  /** Absolute paths on this host. */
  readonly paths: readonly string[];
}

/** One sentence for each user; empty when there is none. Errors: `no-answer`. */
export async function usersOf(
  connection: Connection,
  data: DataOfApp,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [containers, processes] = await Promise.all([
    connection.ask('list the containers that use the data', signal, (docker, abortSignal) =>
      docker.listContainers({ all: true, abortSignal }),
    ),
    processesThatMount(data.paths),
  ]);
  return [
    ...(containers as readonly RawContainer[]).flatMap((raw) => sentence(toContainer(raw), data)),
    ...processes,
  ];
}

/** Pure; exported for its test. */
export function sentence(container: ContainerView, data: DataOfApp): readonly string[] {
  const volume = container.volumes.find((name) => data.volumeNames.includes(name));
  const bind = container.binds.find((source) =>
    data.paths.some((path) => source === path || source.startsWith(`${path}/`)),
  );
  if (volume === undefined && bind === undefined) return [];
  const who = container.names[0] ?? container.id.slice(0, 12);
  const what = volume === undefined ? `binds ${bind ?? ''}` : `mounts volume ${volume}`;
  return [`container ${who} (${container.state}) ${what}`];
}
