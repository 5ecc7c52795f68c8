/**
 * The end of everything that the state directory has of an app: records, snapshot, data.
 *
 * Its folder is renamed first, so that a kill leaves all of it or nothing of it under its name. What a killed process had
 * renamed already has a name that no app can have, and is removed at the next start.
 */
import { join } from 'node:path';
import type { AppPaths } from './app-files.ts';
import type { FileSystem } from './fs.ts';

/** What the folder of a pruned app is called until it is gone. */
export const PRUNED = '.pruned-';

/** May be repeated; nothing there is fine. Throws the file system's own errors. */
export async function forgetApp(
  stateDir: string,
  app: string,
  paths: AppPaths,
  fs: FileSystem,
): Promise<void> {
  const pruned = join(stateDir, `${PRUNED}${app}`);
  await fs.removeTree(pruned);
  if (fs.lstat(paths.directory) === undefined) return;
  await fs.rename(paths.directory, pruned);
  // A power cut must not bring the name back over a folder that is half gone.
  await fs.syncDirectory(stateDir);
  await fs.removeTree(pruned);
  await fs.syncDirectory(stateDir);
}
