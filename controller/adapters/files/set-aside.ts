/** Moves a damaged file of derived data out of the way, keeping it for whoever wants to know what happened. */
import { dirname } from 'node:path';
import { writeFailure } from './atomic-write.ts';
import type { FileSystem } from './fs.ts';
import { fileTime } from './file-time.ts';

/** To `<path>.damaged-<time>`. `at`: RFC 3339. Returns the new path. Errors: `tool-failed`. */
export async function setAside(fs: FileSystem, path: string, at: string): Promise<string> {
  const aside = `${path}.damaged-${fileTime(at)}`;
  try {
    await fs.rename(path, aside);
    await fs.syncDirectory(dirname(path));
    return aside;
  } catch (error) {
    throw writeFailure(`cannot move the damaged ${path} aside`, error);
  }
}
