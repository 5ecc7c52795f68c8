/** Reads the trees of test/corpus/desired: a folder a case, each with a tree in `desired/`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SpecFile } from '../../controller/spec/load.ts';

/** The folder that holds the cases. */
export const CORPUS = fileURLToPath(new URL('../corpus/desired', import.meta.url));

/** The names of all cases, in order. */
export async function corpusCases(): Promise<readonly string[]> {
  const entries = await readdir(CORPUS, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** The YAML files of a case's tree. */
export function treeOf(name: string): Promise<readonly SpecFile[]> {
  return treeAt(join(CORPUS, name, 'desired'));
}

/** The YAML files of a tree. */
export async function treeAt(tree: string): Promise<readonly SpecFile[]> {
  const paths = (await readdir(tree, { recursive: true })).filter((path) => /\.ya?ml$/.test(path));
  return Promise.all(
    paths.map(async (path) => ({
      path,
      text: await readFile(join(tree, path), 'utf8'),
      problem: undefined,
    })),
  );
}
