/** The composition of `ci-warm prune`, while it only looks: what there is of apps that nobody wants. */
import { createConnection } from '../adapters/docker/connect.ts';
import { createEngine } from '../adapters/docker/engine.ts';
import { nodeFileSystem } from '../adapters/files/fs.ts';
import { keptDataOf } from '../adapters/snapshots/kept-data.ts';
import { gnuTrees } from '../adapters/snapshots/tree-tools.ts';
import type { KeptData } from '../model/kept-data.ts';
import type { SwarmView } from '../model/swarm.ts';

/** What the state directory and the Swarm hold of these apps. `swarm` is undefined where Docker does not answer. */
export async function inspectKept(
  stateDir: string,
  apps: readonly string[],
  signal: AbortSignal,
): Promise<{
  readonly data: ReadonlyMap<string, readonly KeptData[]>;
  readonly swarm: SwarmView | undefined;
}> {
  const engine = createEngine(createConnection({ socketPath: undefined }));
  const swarm = await engine.observe(signal).catch(() => undefined);
  const data = new Map<string, readonly KeptData[]>();
  for (const app of apps) {
    const options = { stateDir, fs: nodeFileSystem, trees: gnuTrees };
    data.set(app, await keptDataOf(app, options, signal));
  }
  signal.throwIfAborted();
  return { data, swarm };
}
