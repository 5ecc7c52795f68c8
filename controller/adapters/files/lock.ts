/**
 * One controller for one state directory: `lock`, held by flock for as long as the process lives.
 *
 * The kernel frees it on any death, so there is nothing to clean up and nothing to believe. What stands in the file is
 * for people only. The file is never removed or replaced: a second one under the same name would be a second lock.
 */
// The wrapper for programs hands on no descriptors, and this one must reach `flock` as it is: the lock belongs to the
// open file that both share, so it stays when `flock` has ended.
// eslint-disable-next-line no-restricted-imports -- see above; an argument vector, bounded, without a shell
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { ensureDirectory, writeFailure } from './atomic-write.ts';
import { errorCode, nodeFileSystem, type FileSystem, type OpenFile } from './fs.ts';
import { removeLeftovers } from './leftovers.ts';

export interface StateLock {
  /** Lets others have it. May be repeated. A process that ends, however it ends, need not call it. */
  release(): Promise<void>;
}

export interface LockOptions {
  /** Absolute; made when it is not there. */
  readonly stateDir: string;
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly fs?: FileSystem;
}

const FLOCK_TIMEOUT_MS = 5_000;
/** flock's own exit code for a lock that somebody else holds. */
const HELD = 1;

/**
 * Takes the lock without waiting, and removes what a killed holder left half written. Keep what is returned: a lock that
 * nothing refers to any more is closed by the garbage collector. Errors: `busy` (says who holds it), `tool-failed`,
 * `disk-full`.
 */
export async function acquireLock(options: LockOptions): Promise<StateLock> {
  const fs = options.fs ?? nodeFileSystem;
  const path = join(options.stateDir, 'lock');
  await ensureDirectory(options.stateDir, fs);
  const file = await openLock(fs, path);
  try {
    const exitCode = await flock(file.fd, path);
    if (exitCode === HELD) throw busy(options.stateDir, await holderOf(fs, path));
    if (exitCode !== 0) throw failed(path, `flock ended with ${String(exitCode)}`);
    await sayWho(file, options);
    await removeLeftovers(options.stateDir, fs);
  } catch (error) {
    await file.close();
    throw error;
  }
  let isHeld = true;
  return {
    release: async () => {
      if (!isHeld) return;
      isHeld = false;
      await file.close();
    },
  };
}

async function openLock(fs: FileSystem, path: string): Promise<OpenFile> {
  try {
    // Made when missing, never cut: what its holder wrote is still wanted.
    return await fs.open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  } catch (error) {
    throw writeFailure(`cannot open ${path}`, error);
  }
}

/** The exit code of `flock`, or null when a signal ended it. */
function flock(fd: number, path: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn('flock', ['-xn', '3'], {
      stdio: ['ignore', 'ignore', 'ignore', fd],
      timeout: FLOCK_TIMEOUT_MS,
    });
    child.once('error', (error) => {
      const isMissing = errorCode(error) === 'ENOENT';
      reject(
        failed(
          path,
          isMissing ? 'there is no `flock`; install util-linux' : reasonOf(error),
          error,
        ),
      );
    });
    child.once('close', (exitCode) => resolve(exitCode));
  });
}

/** For people. The lock is held whatever becomes of it. */
async function sayWho(file: OpenFile, { pid, startedAt }: LockOptions): Promise<void> {
  const text = Buffer.from(`${JSON.stringify({ pid, startedAt })}\n`);
  await file
    .truncate(0)
    .then(() => file.write(text, 0))
    .catch(() => undefined);
}

async function holderOf(fs: FileSystem, path: string): Promise<string> {
  const text = await fs.read(path).then(
    (content) => content.toString().trim(),
    () => '',
  );
  const match = /^\{"pid":(?<pid>\d+),"startedAt":"(?<since>[^"]+)"\}$/.exec(text)?.groups;
  return match === undefined
    ? 'another process'
    : `process ${match['pid'] ?? '?'}, since ${match['since'] ?? '?'}`;
}

function busy(stateDir: string, holder: string): CiWarmError {
  const hint = 'stop that one first, or give this one another directory by --state';
  return new CiWarmError(
    'busy',
    `another controller holds the state directory ${stateDir} (${holder}); ${hint}`,
  );
}

function failed(path: string, why: string, cause?: unknown): CiWarmError {
  return new CiWarmError('tool-failed', `cannot lock ${path}: ${why}`, cause);
}
