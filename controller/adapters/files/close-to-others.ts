/**
 * What a state directory of an earlier ci-warm, or of somebody's own `cp`, leaves open to every user of the host: the live
 * data of the apps, and the files that hold values of `env`. What is made anew has these modes from the beginning
 * (atomic-write.ts).
 *
 * The folder above all volumes of an app is closed, and nothing below it is touched: modes in there are the app's own. A
 * container does not pass through it, for what it sees is a mount.
 *
 * Only for the holder of the lock, and once: at its start.
 */
import { chmodSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../model/failure.ts';
import { appPaths, isAppName } from './app-files.ts';
import { CLOSED_FILE, CLOSED_FOLDER } from './atomic-write.ts';
import { errorCode, nodeFileSystem } from './fs.ts';

export interface Closed {
  /** What was open, and is not any more. */
  readonly paths: readonly string[];
  /** What could not be closed, and why, a sentence each. */
  readonly troubles: readonly string[];
}

/** Groups keep what they may do with files, others may do nothing. May be repeated. Never throws. */
export function closeToOthers(stateDir: string): Closed {
  const paths: string[] = [];
  const troubles: string[] = [];
  const close = (path: string, kind: 'file' | 'folder', most: number): void => {
    try {
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found === undefined || (kind === 'file' ? !found.isFile() : !found.isDirectory())) return;
      const mode = found.mode & 0o7777;
      if ((mode & 0o777 & ~most) === 0) return;
      chmodSync(path, mode & (most | 0o7000));
      paths.push(path);
    } catch (error) {
      // Pruned between the two looks.
      if (errorCode(error) !== 'ENOENT') troubles.push(`cannot close ${path}: ${reasonOf(error)}`);
    }
  };
  for (const app of foldersIn(stateDir).filter(isAppName)) {
    const { directory, lastGood, journal } = appPaths(stateDir, app);
    close(join(directory, 'volumes'), 'folder', CLOSED_FOLDER);
    close(lastGood, 'file', CLOSED_FILE);
    close(journal, 'file', CLOSED_FILE);
  }
  for (const app of foldersIn(join(stateDir, '.drills'))) {
    close(join(stateDir, '.drills', app, 'volumes'), 'folder', CLOSED_FOLDER);
  }
  return { paths, troubles };
}

function foldersIn(directory: string): readonly string[] {
  if (nodeFileSystem.stat(directory)?.kind !== 'directory') return [];
  return nodeFileSystem
    .list(directory)
    .filter(({ kind }) => kind === 'directory')
    .map(({ name }) => name);
}
