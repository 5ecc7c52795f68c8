/**
 * Where the control socket is, and how it is reached by a name that is short enough: the kernel takes 107 bytes, and a
 * state directory may have a longer path. Through an open descriptor of the directory any path is short.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

export const SOCKET_NAME = 'control.sock';
/** `sun_path` without its closing NUL. */
const PATH_BYTES_MAX = 107;

/**
 * Calls `use` with a path of that name in the directory that the kernel takes, which is good for as long as `use` runs.
 * Throws what opening the directory throws.
 */
export async function withShortPath<T>(
  directory: string,
  name: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const path = join(directory, name);
  if (Buffer.byteLength(path) <= PATH_BYTES_MAX) return await use(path);
  const handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await use(join('/proc/self/fd', String(handle.fd), name));
  } finally {
    await handle.close();
  }
}
