/**
 * What a killed writer left behind: temporary files, which readers skip but which would pile up.
 *
 * Only for the holder of the lock: somebody else's temporary file may be about to be renamed. Looks where state files
 * are written and nowhere else; snapshots and volumes look after themselves.
 */
import { join } from 'node:path';
import { isAppName } from './app-files.ts';
import { removeFile, TEMPORARY_NAME } from './atomic-write.ts';
import { nodeFileSystem, type FileSystem } from './fs.ts';

/** Removes them; says how many there were. May be repeated. Errors: `tool-failed`. */
export async function removeLeftovers(
  stateDir: string,
  fs: FileSystem = nodeFileSystem,
): Promise<number> {
  let removed = 0;
  for (const directory of stateDirectories(stateDir, fs)) {
    for (const { name, kind } of fs.list(directory)) {
      if (kind === 'directory' || !TEMPORARY_NAME.test(name)) continue;
      await removeFile(join(directory, name), fs);
      removed += 1;
    }
  }
  return removed;
}

function stateDirectories(stateDir: string, fs: FileSystem): readonly string[] {
  const below = (directory: string): readonly string[] =>
    fs.stat(directory)?.kind === 'directory'
      ? fs
          .list(directory)
          .filter(({ kind }) => kind === 'directory')
          .map(({ name }) => name)
      : [];
  const apps = below(stateDir).filter(isAppName);
  const kinds = below(join(stateDir, 'status')).map((name) => join('status', name));
  return [stateDir, ...[...apps, 'alerts', 'alerts/seen', 'status', ...kinds].map(at)].filter(
    (directory) => fs.stat(directory)?.kind === 'directory',
  );

  function at(name: string): string {
    return join(stateDir, name);
  }
}
