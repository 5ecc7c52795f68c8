/** Trees and blobs of a mirror, read from git's objects without a checkout: two processes, however many files. */
import { CiWarmError } from '../../model/failure.ts';
import { readGit, readGitBytes, type Mirror } from './git.ts';

export interface TreeEntry {
  readonly path: string;
  readonly kind: 'file' | 'program' | 'link';
  readonly id: string;
  readonly sizeBytes: number;
}

const MODES: Readonly<Record<string, TreeEntry['kind']>> = {
  '100644': 'file',
  '100664': 'file',
  '100755': 'program',
  '120000': 'link',
};
const ENTRY = /^(?<mode>\d{6}) blob (?<id>[0-9a-f]+) +(?<size>\d+)\t(?<path>.+)$/s;
/** Far above any recipe; below what would hurt. */
const ENTRIES_MAX = 20_000;

/** Every file of the commit. Submodules are left out. Errors: `recipe-invalid` (too many), `tool-failed`. */
export async function readTree(
  mirror: Mirror,
  commit: string,
  signal: AbortSignal,
): Promise<readonly TreeEntry[]> {
  const args = ['ls-tree', '-r', '-z', '-l', '--full-tree', commit];
  const { stdout } = await readGit(mirror, `reading the tree of ${commit}`, args, signal);
  const entries = stdout.split('\0').flatMap((line): readonly TreeEntry[] => {
    const groups = ENTRY.exec(line)?.groups;
    const kind = MODES[groups?.['mode'] ?? ''];
    if (groups === undefined || kind === undefined) return [];
    const { id = '', size = '', path = '' } = groups;
    return [{ path, kind, id, sizeBytes: Number(size) }];
  });
  if (entries.length > ENTRIES_MAX) {
    throw new CiWarmError(
      'recipe-invalid',
      `the recipe has more than ${String(ENTRIES_MAX)} files at commit ${commit}: that is no recipe`,
    );
  }
  return entries;
}

/**
 * The files that the names stand for, in their order: object ids, or `<commit>:<path>`. Undefined: there is no such file.
 * Names hold no line break. Errors: `tool-failed`.
 */
export async function readBlobs(
  mirror: Mirror,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly (Buffer | undefined)[]> {
  const objects = await readObjects(mirror, names, signal);
  return objects.map((object) => (object?.type === 'blob' ? object.content : undefined));
}

export interface GitObject {
  readonly type: string;
  readonly id: string;
  readonly content: Buffer;
}

/** The same of objects of every type. */
export async function readObjects(
  mirror: Mirror,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly (GitObject | undefined)[]> {
  if (names.length === 0) return [];
  const output = await readGitBytes(
    mirror,
    {
      doing: 'reading files of a recipe',
      args: ['cat-file', '--batch'],
      input: names.map((name) => `${name}\n`).join(''),
    },
    signal,
  );
  let at = 0;
  return names.map((name) => {
    const end = output.indexOf(0x0a, at);
    if (end < 0) throw new CiWarmError('tool-failed', `git said nothing of ${name}`);
    const header = output.toString('utf8', at, end);
    at = end + 1;
    const found = /^(?<id>[0-9a-f]+) (?<type>\w+) (?<size>\d+)$/.exec(header)?.groups;
    if (found === undefined) return undefined;
    const { id = '', type = '', size = '' } = found;
    const content = output.subarray(at, at + Number(size));
    at += Number(size) + 1;
    return { type, id, content };
  });
}
