/**
 * What a killed writer left behind: temporary files, which readers skip but which would pile up, and names that it did
 * not live to sync. The next writer finds these and takes them for lasting, so they are made so here, before anything
 * is built on them: a power cut could otherwise take a journal back with all that was appended to it since.
 *
 * So is what is left of an app that was being pruned.
 *
 * Only for the holder of the lock: somebody else's temporary file may be about to be renamed. Looks where state files
 * are written and nowhere else; snapshots and volumes look after themselves.
 */
import { join } from 'node:path';
import { isAppName } from './app-files.ts';
import { TEMPORARY_NAME, writeFailure } from './atomic-write.ts';
import { PRUNED } from './forget-app.ts';
import { nodeFileSystem, type FileSystem } from './fs.ts';

/** Removes the files and syncs the names; says how many files there were. May be repeated. Errors: `tool-failed`. */
export async function removeLeftovers(
  stateDir: string,
  fs: FileSystem = nodeFileSystem,
): Promise<number> {
  let removed = 0;
  try {
    for (const { name } of fs.stat(stateDir)?.kind === 'directory' ? fs.list(stateDir) : []) {
      if (!name.startsWith(PRUNED)) continue;
      await fs.removeTree(join(stateDir, name));
      removed += 1;
    }
    for (const directory of stateDirectories(stateDir, fs)) {
      for (const { name, kind } of fs.list(directory)) {
        if (kind === 'directory' || !TEMPORARY_NAME.test(name)) continue;
        await fs.unlink(join(directory, name));
        removed += 1;
      }
      await fs.syncDirectory(directory);
    }
  } catch (error) {
    throw writeFailure(`cannot clear up after the last controller in ${stateDir}`, error);
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
