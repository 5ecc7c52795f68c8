/** The composition of `ci-warm snapshot verify`. */
import { nodeFileSystem } from '../adapters/files/fs.ts';
import { createStateJson } from '../adapters/files/state-json.ts';
import { createTarSnapshots } from '../adapters/snapshots/tar-snapshots.ts';
import { createStateCheck } from '../spec/state-validators.ts';

/** Reads every byte of an app's snapshot. One that was replaced meanwhile is read instead. Errors: `snapshot-invalid`. */
export async function verifySnapshot(
  stateDir: string,
  app: string,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly problems: readonly string[] }> {
  const snapshots = createTarSnapshots({
    stateDir,
    fs: nodeFileSystem,
    manifests: createStateJson(createStateCheck(), () => ''),
    isRoot: process.getuid?.() === 0,
  });
  for (;;) {
    const id = (await snapshots.read(app, signal))?.id ?? '';
    const problems = await snapshots.verify(app, signal);
    signal.throwIfAborted();
    if (((await snapshots.read(app, signal))?.id ?? '') === id) return { id, problems };
  }
}
