/** How much room a file system has. */
import { statfs } from 'node:fs/promises';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import type { HostDisk } from '../../ports/host-disk.ts';

/** Asks nothing yet. */
export function createHostDisk(stateDir: string): HostDisk {
  return { freeBytes: async () => (await freeAt(stateDir)).freeBytes };
}

export interface Free {
  readonly freeBytes: number;
  readonly freeInodes: number;
}

/** Errors: `tool-failed`. */
export async function freeAt(path: string): Promise<Free> {
  try {
    const { bavail, bsize, ffree, files } = await statfs(path);
    // Some file systems make inodes as they go and say that they have none at all.
    return { freeBytes: bavail * bsize, freeInodes: files === 0 ? Infinity : ffree };
  } catch (error) {
    throw new CiWarmError(
      'tool-failed',
      `asking for the room at ${path}: ${reasonOf(error)}`,
      error,
    );
  }
}
