/**
 * Which files a desired directory holds, found by looking at every one of them.
 *
 * Every `*.yaml` and `*.yml` below the root, in whatever case, names with a leading dot excepted. A link to a file counts as that file
 * (that is how configuration is often put in place); a link to a directory is not followed, because it may lead round
 * in a circle, and is said. What cannot be looked at is in the result with its problem: its objects must not count as
 * removed (L1).
 */
import { join } from 'node:path';
import { isDesiredName } from '../../model/desired-file.ts';
import { reasonOf } from '../../model/failure.ts';
import type { DirectoryEntry, FileStamp, FileSystem } from './fs.ts';

export type ScannedFile =
  | { readonly path: string; readonly kind: 'file'; readonly stamp: FileStamp }
  /** A link that leads nowhere. */
  | { readonly path: string; readonly kind: 'dangling' }
  | { readonly path: string; readonly kind: 'problem'; readonly problem: string };

export interface Scan {
  /** In order of path, which is relative to the root, with `/`. */
  readonly files: readonly ScannedFile[];
  /** Changes when a directory of the tree is another one than before, even under the same name. */
  readonly directories: string;
}

export const DEPTH_MAX = 10;
export const FILES_MAX = 5_000;
export const FILE_BYTES_MAX = 1024 * 1024;

/** Looks at the tree. Throws what the file system throws for the root itself, and an Error for too many files. */
export function scanDesired(fs: FileSystem, root: string): Scan {
  const files: ScannedFile[] = [];
  const directories: string[] = [];
  const add = (file: ScannedFile): void => {
    files.push(file);
    if (files.length > FILES_MAX) throw new TooManyFiles();
  };
  const visit = (relative: string, depth: number): void => {
    const directory = join(root, relative);
    directories.push(`${relative}=${fs.stat(directory)?.ino ?? 0}`);
    for (const entry of fs.list(directory)) {
      if (entry.name.startsWith('.')) continue;
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const found = look(fs, root, path, entry);
      if (found === 'directory') descend(path, depth + 1);
      else if (found !== undefined) add(found);
    }
  };
  const descend = (path: string, depth: number): void => {
    if (depth > DEPTH_MAX) {
      add(problem(path, `lies more than ${DEPTH_MAX} directories deep; move it up`));
      return;
    }
    try {
      visit(path, depth);
    } catch (error) {
      if (error instanceof TooManyFiles) throw error;
      add(
        problem(path, `is a directory that cannot be listed: ${reasonOf(error)}; make it readable`),
      );
    }
  };
  visit('', 1);
  return {
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    directories: directories.sort().join('\n'),
  };
}

class TooManyFiles extends Error {
  constructor() {
    super(`it holds more than ${FILES_MAX} YAML files; see that it is the right directory`);
  }
}

function look(
  fs: FileSystem,
  root: string,
  path: string,
  entry: DirectoryEntry,
): ScannedFile | 'directory' | undefined {
  if (entry.kind === 'directory') return 'directory';
  const isYaml = isDesiredName(entry.name);
  if (!isYaml && entry.kind !== 'link') return undefined;
  try {
    const stamp = fs.stat(join(root, path));
    if (stamp?.kind === 'directory') {
      return problem(
        path,
        'is a link to a directory, which is not followed; put a directory there',
      );
    }
    if (!isYaml) return undefined;
    return stamp === undefined ? withoutTarget(path, entry) : judge(path, stamp);
  } catch (error) {
    return problem(path, `cannot be looked at: ${reasonOf(error)}; make it readable`);
  }
}

/** A link that leads nowhere is a mistake. A file that was there a moment ago may be in the middle of being saved. */
function withoutTarget(path: string, entry: DirectoryEntry): ScannedFile {
  return entry.kind === 'link'
    ? { path, kind: 'dangling' }
    : problem(path, 'went away while the directory was being read; the next pass looks again');
}

function judge(path: string, stamp: FileStamp): ScannedFile {
  if (stamp.kind !== 'file') return problem(path, 'is not a regular file; remove it');
  if (stamp.sizeBytes > FILE_BYTES_MAX) {
    return problem(path, `is larger than ${FILE_BYTES_MAX / 1024} KiB; split it`);
  }
  return { path, kind: 'file', stamp };
}

function problem(path: string, text: string): ScannedFile {
  return { path, kind: 'problem', problem: text };
}
