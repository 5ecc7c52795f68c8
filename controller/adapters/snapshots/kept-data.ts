/** What takes room in an app's folder: its snapshot, its live data, and what restores and rollbacks left beside that. */
import { join } from 'node:path';
import type { KeptData } from '../../model/kept-data.ts';
import type { FileSystem } from './layout.ts';
import { besideOf, isDisplaced, isRestoring, isTrash, placesOf } from './layout.ts';
import type { TreeTools } from './tree-tools.ts';

/** Measures on the spot; reads nothing of the content. Errors: `tool-failed`. */
export async function keptDataOf(
  app: string,
  options: {
    readonly stateDir: string;
    readonly fs: FileSystem;
    readonly trees: Pick<TreeTools, 'measureTrees'>;
  },
  signal: AbortSignal,
): Promise<readonly KeptData[]> {
  const { stateDir, fs, trees } = options;
  const { directory, snapshots } = placesOf(stateDir, app);
  const found: { kind: KeptData['kind']; path: string }[] = [];
  if (fs.lstat(snapshots) !== undefined) found.push({ kind: 'snapshot', path: snapshots });
  const volumes = join(directory, 'volumes');
  for (const volume of entriesOf(fs, volumes)) {
    for (const name of entriesOf(fs, join(volumes, volume))) {
      found.push({ kind: kindOf(volume, name), path: join(volumes, volume, name) });
    }
  }
  const kept: KeptData[] = [];
  for (const { kind, path } of found) {
    const { bytes } = await trees.measureTrees([path], signal);
    kept.push({ kind, path, sizeBytes: bytes });
  }
  return kept;
}

function entriesOf(fs: FileSystem, path: string): readonly string[] {
  return fs.lstat(path)?.kind === 'directory' ? fs.list(path).map(({ name }) => name) : [];
}

function kindOf(volume: string, name: string): KeptData['kind'] {
  const beside = besideOf({ volume, name: volume, path: join(volume, 'data') });
  if (isDisplaced(beside, name)) return 'displaced';
  if (isRestoring(beside, name) || isTrash(beside, name)) return 'unfinished';
  return name.startsWith('aside-') ? 'set-aside' : 'live';
}
