/**
 * Every file of several commits as text, read together: releases share most of their files, and a process for each would
 * cost more than reading them. Trees are read from git's objects level by level, every tree and every file once.
 *
 * Of a binary file, a large one or a link, a line stands in that differs when the file does.
 */
import { CiWarmError } from '../../model/failure.ts';
import type { Files } from './file-cache.ts';
import { readGit, type Mirror } from './git.ts';
import { readBlobs, readObjects } from './objects.ts';

const TEXT_BYTES_MAX = 1024 * 1024;
const TEXTS_BYTES_MAX = 16 * 1024 * 1024;
/** Of one commit: far above any recipe. */
const ENTRIES_MAX = 20_000;
const DEPTH_MAX = 64;

interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'link' | 'tree';
  readonly id: string;
}

const KINDS: Readonly<Record<string, Entry['kind']>> = {
  '100644': 'file',
  '100664': 'file',
  '100755': 'file',
  '120000': 'link',
  '40000': 'tree',
};

/**
 * By commit; those that the mirror does not have are left out, and submodules of the others. Errors: `recipe-invalid`
 * (too many files), `tool-failed`.
 */
export async function readTextsOf(
  mirror: Mirror,
  commits: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Files>> {
  const roots = await readTrees(
    mirror,
    commits.map((commit) => `${commit}^{tree}`),
    signal,
  );
  const trees = await readBelow(mirror, [...roots.values()].flat(), signal);
  const listed = commits.flatMap((commit) => {
    const root = roots.get(`${commit}^{tree}`);
    return root === undefined ? [] : [{ commit, entries: flatten(root, trees, commit) }];
  });
  const texts = await readTexts(
    mirror,
    listed.map(({ entries }) => entries),
    signal,
  );
  return new Map(
    listed.map(({ commit, entries }) => [
      commit,
      new Map(entries.map(({ path, id }) => [path, texts.get(id) ?? `git-object ${id}\n`])),
    ]),
  );
}

async function readBelow(
  mirror: Mirror,
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const trees = new Map<string, readonly Entry[]>();
  let level = entries;
  for (let depth = 0; depth < DEPTH_MAX; depth += 1) {
    const ids = level.filter(({ kind, id }) => kind === 'tree' && !trees.has(id));
    if (ids.length === 0) break;
    const found = await readTrees(mirror, [...new Set(ids.map(({ id }) => id))], signal);
    for (const [id, below] of found) trees.set(id, below);
    level = [...found.values()].flat();
  }
  return trees;
}

async function readTrees(
  mirror: Mirror,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const objects = await readObjects(mirror, names, signal);
  return new Map(
    names.flatMap((name, index): readonly [string, readonly Entry[]][] => {
      const object = objects[index];
      return object?.type === 'tree'
        ? [[name, parseTree(object.content, object.id.length / 2)]]
        : [];
    }),
  );
}

/** `<mode> <name>NUL<id>`, one after the other. */
function parseTree(content: Buffer, idBytes: number): readonly Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    if (space < 0 || end < 0) throw new CiWarmError('tool-failed', 'git gave half a tree');
    const kind = KINDS[content.toString('latin1', at, space)];
    const name = content.toString('utf8', space + 1, end);
    at = end + 1 + idBytes;
    if (kind !== undefined) entries.push({ name, kind, id: content.toString('hex', end + 1, at) });
  }
  return entries;
}

interface Leaf {
  readonly path: string;
  readonly kind: Entry['kind'];
  readonly id: string;
}

function flatten(
  root: readonly Entry[],
  trees: ReadonlyMap<string, readonly Entry[]>,
  commit: string,
): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (entries: readonly Entry[], folder: string): void => {
    for (const { name, kind, id } of entries) {
      const path = `${folder}${name}`;
      if (kind === 'tree') walk(trees.get(id) ?? [], `${path}/`);
      else leaves.push({ path, kind, id });
      if (leaves.length <= ENTRIES_MAX) continue;
      throw new CiWarmError(
        'recipe-invalid',
        `the recipe has more than ${String(ENTRIES_MAX)} files at commit ${commit}: that is no recipe`,
      );
    }
  };
  walk(root, '');
  return leaves;
}

/** By id, what can be read as text; of each commit as much as is bounded. */
async function readTexts(
  mirror: Mirror,
  commits: readonly (readonly Leaf[])[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const files = new Set(
    commits.flatMap((leaves) => leaves.flatMap(({ kind, id }) => (kind === 'file' ? [id] : []))),
  );
  const sizes = await readSizes(mirror, [...files], signal);
  const wanted = new Set<string>();
  for (const leaves of commits) {
    let bytes = 0;
    for (const { id, kind } of leaves) {
      const size = sizes.get(id) ?? Infinity;
      if (kind === 'link' || size > TEXT_BYTES_MAX) continue;
      bytes += size;
      if (bytes <= TEXTS_BYTES_MAX) wanted.add(id);
    }
  }
  const ids = [...wanted];
  const blobs = await readBlobs(mirror, ids, signal);
  return new Map(
    ids.flatMap((id, index): readonly [string, string][] => {
      const text = textOf(blobs[index]);
      return text === undefined ? [] : [[id, text]];
    }),
  );
}

async function readSizes(
  mirror: Mirror,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const input = ids.map((id) => `${id}\n`).join('');
  const args = ['cat-file', '--batch-check=%(objectname) %(objectsize)'];
  const { stdout } = await readGit(mirror, 'measuring files of a recipe', args, signal, input);
  return new Map(
    stdout.split('\n').flatMap((line): readonly [string, number][] => {
      const [id = '', size = ''] = line.split(' ');
      return /^\d+$/.test(size) ? [[id, Number(size)]] : [];
    }),
  );
}

function textOf(blob: Buffer | undefined): string | undefined {
  if (blob === undefined || blob.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(blob);
  } catch {
    return undefined;
  }
}
