/** Looks for programs: as a shell would, and in the folders of the system's own besides; or in the files of a package. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Where daemons are, which the PATH of an ordinary user often lacks. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** The program's full path, or undefined. */
export async function findProgram(name: string): Promise<string | undefined> {
  const onPath = (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  for (const folder of [...onPath, ...systemFolders]) {
    const file = join(folder, name);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

/**
 * The program's path in the unpacked files of a package, or undefined. Both places are looked at: Debian moved what was in
 * `bin` to `usr/bin` in release 13.
 */
export async function findProgramUnder(root: string, name: string): Promise<string | undefined> {
  for (const folder of ['usr/bin', 'bin', 'usr/sbin', 'sbin']) {
    const file = join(root, folder, name);
    if (await isProgram(file)) return file;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
