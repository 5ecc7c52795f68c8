/**
 * Desired state from a directory as it stands (ports/desired-source.ts).
 *
 * Every pass scans the whole tree; the watch only wakes. A file is read again only when its stamp differs, or when it
 * was changed so shortly before it was read that a second change might bear the same stamp. A missing, unreadable or
 * empty directory is no answer, never "nothing is wanted" (L1).
 */
import { join, resolve } from 'node:path';
import { decodedFile, unreadFile, type DesiredFile } from '../../model/desired-file.ts';
import { digestOf } from '../../model/digest.ts';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DesiredSource, DesiredTree } from '../../ports/desired-source.ts';
import type { Log } from '../../ports/log.ts';
import { scanDesired, type Scan, type ScannedFile } from './desired-scan.ts';
import { createTreeWatch, type OpenWatcher } from './desired-watch.ts';
import { nodeFileSystem, sameStamp, type FileStamp, type FileSystem } from './fs.ts';

export interface DesiredDirectoryOptions {
  /** As the user gave it. May be a link. */
  readonly directory: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly fs?: FileSystem;
  /** Only tests give another than chokidar's. */
  readonly openWatcher?: OpenWatcher;
}

/** A file changed this shortly before it was read may change again without its stamp showing it. */
const UNSETTLED_MS = 1_000;
/** A file that is being written is read again this often before it is called a problem. */
const READS_MAX = 3;

interface Remembered {
  readonly stamp: FileStamp;
  readonly isSettled: boolean;
  readonly file: DesiredFile;
}

export function createDesiredDirectory(options: DesiredDirectoryOptions): DesiredSource {
  const { clock, log } = options;
  const fs = options.fs ?? nodeFileSystem;
  const root = resolve(options.directory);
  const watch = createTreeWatch({ root, log, openWatcher: options.openWatcher });
  let remembered = new Map<string, Remembered>();
  let tree: DesiredTree | undefined;

  const readOne = async (found: ScannedFile): Promise<DesiredFile> => {
    const before = remembered.get(found.path);
    if (found.kind === 'problem') return same(before?.file, unreadFile(found.path, found.problem));
    if (found.kind === 'dangling')
      return same(before?.file, await danglingLink(fs, root, found.path));
    if (before?.isSettled === true && sameStamp(before.stamp, found.stamp)) return before.file;
    return same(before?.file, await readText(fs, root, found));
  };

  return {
    read: async (signal) => {
      const scan = scanOrThrow(fs, root);
      watch.sees(scan.directories);
      const files: DesiredFile[] = [];
      const next = new Map<string, Remembered>();
      for (const found of scan.files) {
        if (signal.aborted) throw stopped(root);
        const file = await readOne(found);
        const stamp = found.kind === 'file' ? found.stamp : nowhere;
        const isSettled = Math.abs(clock.now() - stamp.mtimeMs) > UNSETTLED_MS;
        next.set(file.path, { stamp, isSettled, file });
        files.push(file);
      }
      remembered = next;
      if (tree === undefined || !sameFiles(tree.files, files)) tree = treeOf(root, files);
      return tree;
    },
    watch: (onChange, signal) => watch.run(onChange, signal),
  };
}

const nowhere: FileStamp = { kind: 'other', ino: 0, sizeBytes: 0, mtimeMs: 0, ctimeMs: 0 };

function scanOrThrow(fs: FileSystem, root: string): Scan {
  const hint = 'nothing is changed until it is there again';
  let scan: Scan;
  try {
    scan = scanDesired(fs, root);
  } catch (error) {
    const message = `cannot read the desired state in ${root}: ${reasonOf(error)}; ${hint}`;
    throw new CiWarmError('no-answer', message, error);
  }
  if (scan.files.length > 0) return scan;
  const message = `there is not one YAML file in ${root}; an empty tree never means that nothing is wanted: ${hint}`;
  throw new CiWarmError('no-answer', message);
}

function stopped(root: string): CiWarmError {
  return new CiWarmError('aborted', `stopped reading ${root}, as asked`);
}

/** The text as of one moment: a file that changes while it is read is read again. */
async function readText(
  fs: FileSystem,
  root: string,
  found: ScannedFile & { readonly kind: 'file' },
): Promise<DesiredFile> {
  const path = join(root, found.path);
  try {
    for (let count = 0, stamp: FileStamp | undefined = found.stamp; count < READS_MAX; count += 1) {
      const content = await fs.read(path);
      const after = fs.stat(path);
      if (sameStamp(stamp, after)) return decodedFile(found.path, content);
      stamp = after;
    }
    return unreadFile(found.path, 'changes while it is being read; the next pass looks again');
  } catch (error) {
    return unreadFile(found.path, `cannot be read: ${reasonOf(error)}; make it readable`);
  }
}

/** Where it leads is told too: what is missing is there, and not where the link is. */
async function danglingLink(fs: FileSystem, root: string, path: string): Promise<DesiredFile> {
  try {
    const target = await fs.readlink(join(root, path));
    return unreadFile(path, `is a link to ${target}, which is not there; mend or remove it`);
  } catch (error) {
    return unreadFile(path, `cannot be looked at: ${reasonOf(error)}; make it readable`);
  }
}

/** The object of before where it says the same, so that later steps recognise it. */
function same(before: DesiredFile | undefined, file: DesiredFile): DesiredFile {
  const isSame = before?.text === file.text && before?.problem === file.problem;
  return before !== undefined && isSame ? before : file;
}

function sameFiles(a: readonly DesiredFile[], b: readonly DesiredFile[]): boolean {
  return a.length === b.length && a.every((file, index) => file === b[index]);
}

function treeOf(root: string, files: readonly DesiredFile[]): DesiredTree {
  const revision = digestOf(files.map(({ path, text, problem }) => ({ path, text, problem })));
  return { revision, baseDirectory: root, files };
}
