/** The composition of `ci-warm init`. */
import { dirname, resolve } from 'node:path';
import { ensureDirectory, writeFileAtomic } from '../adapters/files/atomic-write.ts';
import { starterTree } from '../spec/starter-tree.ts';

/** Writes a tree to begin with, below a directory that may be missing. Returns the paths of its files. */
export async function writeStarterTree(directory: string): Promise<readonly string[]> {
  for (const { path, text } of starterTree) {
    const file = resolve(directory, path);
    await ensureDirectory(dirname(file));
    await writeFileAtomic(file, text);
  }
  return starterTree.map(({ path }) => path);
}
