/** Looks for a program as a shell would, and in the folders of the system's own programs besides. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Where daemons are, which the PATH of an ordinary user often lacks. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** The program's full path, or undefined. `folders` are looked at after PATH. */
export async function findProgram(
  name: string,
  folders: readonly string[] = systemFolders,
): Promise<string | undefined> {
  const onPath = (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  for (const folder of [...onPath, ...folders]) {
    const file = join(folder, name);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not there: the next folder.
    }
  }
  return undefined;
}
