/**
 * `lease-holder`: what this state directory is called in leases. With it a controller that starts again takes its own
 * lease at once: the lock says that nobody else works on this directory.
 *
 * The host's name goes with it, so that a directory that was copied to another host is somebody else there. Losing the
 * file costs a minute of waiting, once, so a damaged one is simply made anew.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic-write.ts';
import { errorCode, nodeFileSystem, type FileSystem } from './fs.ts';

const HOLDER_ID = /^[0-9a-f]{16}$/;

/** `<host>/<id>`; makes the file where there is none. Only for the holder of the lock. Errors: `disk-full`, `tool-failed`. */
export async function readLeaseHolder(
  stateDir: string,
  fs: FileSystem = nodeFileSystem,
): Promise<string> {
  const path = join(stateDir, 'lease-holder');
  const before = await readText(path, fs);
  if (HOLDER_ID.test(before)) return `${hostname()}/${before}`;
  const id = randomBytes(8).toString('hex');
  await writeFileAtomic(path, `${id}\n`, { fs });
  return `${hostname()}/${id}`;
}

async function readText(path: string, fs: FileSystem): Promise<string> {
  try {
    return (await fs.read(path)).toString().trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}
