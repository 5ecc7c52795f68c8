/**
 * The only writer of state files: what is published here appears whole or not at all, also when the process is killed
 * or the power is cut in between.
 *
 * Order, in which every step is needed: a temporary name in the same folder → write → sync the file → rename → sync
 * the folder. After a failed sync nothing is tried again (the kernel may have dropped the pages): the temporary file
 * is given up and the old content stands. Readers skip names that begin with a dot; what a killed process leaves
 * behind is removed by leftovers.ts.
 */
import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { errorCode, nodeFileSystem, type FileSystem } from './fs.ts';

/** What temporary names look like; nothing else in the state directory does. */
export const TEMPORARY_NAME = /^\..+\.[0-9a-f]{12}\.tmp$/;

/** Of files that hold values of `env`: for their owner, and for the group that a person gave the state directory. */
export const CLOSED_FILE = 0o640;

/** Of the folder above an app's live data: whoever cannot pass it sees nothing below, whatever modes the app gives. */
export const CLOSED_FOLDER = 0o700;

const OPEN_FOLDER = 0o755;

export interface WriteOptions {
  /** Permissions of the new file; what the old one had is not kept. Default 0644. */
  readonly mode?: number;
  readonly fs?: FileSystem;
}

/**
 * Replaces or creates a file. When it returns, the new content survives a power cut; when it throws, the file has its
 * old content (or, only when the folder could not be synced, the new one that a power cut may take back).
 * The folder must exist. May be repeated. Errors: `disk-full`, `tool-failed`.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const fs = options.fs ?? nodeFileSystem;
  const temporary = temporaryName(path);
  try {
    try {
      await writeSynced(fs, temporary, content, options.mode ?? 0o644);
      await fs.rename(temporary, path);
    } catch (error) {
      await discard(fs, temporary);
      throw error;
    }
    await fs.syncDirectory(dirname(path));
  } catch (error) {
    throw writeFailure(`cannot write ${path}`, error);
  }
}

/**
 * Publishes a finished directory under its final name, which must not exist yet. The files in it must have been synced
 * by whoever wrote them; the directory itself is synced here. Errors: `conflict` when the name is taken, `disk-full`,
 * `tool-failed`.
 */
export async function publishDirectory(
  staging: string,
  final: string,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  try {
    await fs.syncDirectory(staging);
    await fs.rename(staging, final);
    await fs.syncDirectory(dirname(final));
    if (dirname(staging) !== dirname(final)) await fs.syncDirectory(dirname(staging));
  } catch (error) {
    throw writeFailure(`cannot publish ${staging} as ${final}`, error);
  }
}

/**
 * Points a symbolic link at `target` (as given, so a relative one stays relative), replacing the link that is there.
 * A real directory in its place is left alone. May be repeated. Errors: `conflict`, `disk-full`, `tool-failed`.
 */
export async function replaceLink(
  linkPath: string,
  target: string,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const temporary = temporaryName(linkPath);
  try {
    try {
      await fs.symlink(target, temporary);
      await fs.rename(temporary, linkPath);
    } catch (error) {
      await discard(fs, temporary);
      throw error;
    }
    await fs.syncDirectory(dirname(linkPath));
  } catch (error) {
    throw writeFailure(`cannot point ${linkPath} at ${target}`, error);
  }
}

/**
 * Creates a directory with its parents, durably. There already is fine, and keeps its mode; `mode` is not the parents'.
 * Errors: `disk-full`, `tool-failed`.
 */
export async function ensureDirectory(
  path: string,
  fs: FileSystem = nodeFileSystem,
  mode = OPEN_FOLDER,
): Promise<void> {
  if (fs.stat(path)?.kind === 'directory') return;
  try {
    const parent = dirname(path);
    if (parent !== path) await ensureDirectory(parent, fs);
    await fs.makeDirectory(path, mode);
    try {
      await fs.syncDirectory(parent);
    } catch (error) {
      // The next attempt must not take it for one that will stay. It is still empty.
      await fs.removeTree(path).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw writeFailure(`cannot create the directory ${path}`, error);
  }
}

/**
 * The same for the data of a volume, two levels below the folder of them all (`<app>/volumes`), which is made for its owner
 * alone. Whoever made the two levels, their names are durable afterwards: a process that was killed may have left them
 * without having synced them.
 */
export async function ensureNestedDirectory(
  path: string,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  await ensureDirectory(dirname(dirname(path)), fs, CLOSED_FOLDER);
  await ensureDirectory(path, fs);
  try {
    await fs.syncDirectory(dirname(dirname(path)));
    await fs.syncDirectory(dirname(path));
  } catch (error) {
    throw writeFailure(`cannot create the directory ${path}`, error);
  }
}

/** Removes a file, durably. Not there is fine. Errors: `tool-failed`. */
export async function removeFile(path: string, fs: FileSystem = nodeFileSystem): Promise<void> {
  try {
    await fs.unlink(path).catch(unlessGone);
    // Also when it was gone: who removed it may not have lived to sync that.
    await fs.syncDirectory(dirname(path)).catch(unlessGone);
  } catch (error) {
    throw writeFailure(`cannot remove ${path}`, error);
  }
}

/** What a failed write means to a caller: `what` was being done; an error that says so already is left as it is. */
export function writeFailure(what: string, error: unknown): CiWarmError {
  if (error instanceof CiWarmError) return error;
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const hint = 'free some space there (`ci-warm doctor` shows how much is left)';
    return new CiWarmError('disk-full', `${what}: the disk is full; ${hint}`, error);
  }
  if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EISDIR' || code === 'ENOTDIR') {
    const hint = 'something else has that name; move it away';
    return new CiWarmError('conflict', `${what}: ${reasonOf(error)}; ${hint}`, error);
  }
  const hint = 'see that the directory is there, is writable and lies on a healthy disk';
  return new CiWarmError('tool-failed', `${what}: ${reasonOf(error)}; ${hint}`, error);
}

async function writeSynced(
  fs: FileSystem,
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<void> {
  const file = await fs.open(path, 'wx', mode);
  try {
    await file.write(typeof content === 'string' ? Buffer.from(content) : content, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

function unlessGone(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}

/** Best effort: the failure that brought us here is the one to tell, and a leftover hurts nobody. */
async function discard(fs: FileSystem, temporary: string): Promise<void> {
  await fs.unlink(temporary).catch(() => undefined);
}

function temporaryName(path: string): string {
  // All of a UUID's last part is chance, which Node draws for many at once.
  const chance = randomUUID().slice(-12);
  return join(dirname(path), `.${basename(path)}.${chance}.tmp`);
}
