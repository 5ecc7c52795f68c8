/**
 * One process at a time makes or removes parts of the ground.
 *
 * Invariant: the lock is the kernel's, on an open file, so it is gone the moment its holder is, however that ended.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GroundError } from './ground-error.ts';

const waitSeconds = 1800;

/** Runs `work` while holding the lock `file`; says so on stderr when it must wait for another process. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const handle = await openLock(file);
  try {
    if (!(await lock(handle, ['-n']))) {
      process.stderr.write(
        'ci-warm: another start, test or clean is preparing the ground; waiting for it …\n',
      );
      if (!(await lock(handle, ['-w', String(waitSeconds)]))) {
        throw new GroundError(
          `the lock ${file} was held for ${waitSeconds} s: end that process and try again.`,
        );
      }
    }
    return await work();
  } finally {
    await handle.close();
  }
}

async function openLock(file: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(file), { recursive: true });
    return await open(file, 'a');
  } catch (error) {
    throw new GroundError(
      `${dirname(file)} cannot be written to (another user made it?): run this as that user, or as root.`,
      error,
    );
  }
}

/** flock locks the open file that we share with it, so the lock stays with us when it ends. */
async function lock(handle: FileHandle, options: readonly string[]): Promise<boolean> {
  const child = spawn('flock', ['-x', ...options, '3'], {
    stdio: ['ignore', 'ignore', 'ignore', handle.fd],
  });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0;
  } catch (error) {
    throw new GroundError('flock could not be started: install util-linux and try again.', error);
  }
}
