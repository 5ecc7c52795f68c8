/**
 * What is mounted within a tree, as this process sees it. A bind of a folder of the same file system has the tree's own
 * device number, so no program that deletes a tree sees that what it finds there is somebody else's.
 */
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { errorCode } from '../files/fs.ts';

/**
 * Throws `conflict` where something is mounted at a path or below it, and `tool-failed` where that cannot be told. A path
 * that is not there holds nothing.
 */
export async function needNoMounts(doing: string, path: string): Promise<void> {
  const mounts = await mountsWithin(doing, path);
  if (mounts.length === 0) return;
  throw new CiWarmError(
    'conflict',
    `${doing}: ${mounts.join(', ')} is a mount, and what it shows is not the app's to save or to delete: \`umount\` it; nothing was touched`,
  );
}

async function mountsWithin(doing: string, path: string): Promise<readonly string[]> {
  try {
    // The last name itself may be a link: that alone is deleted then.
    const tree = join(await realpath(dirname(path)), basename(path));
    const mounted = mountPoints(await readFile('/proc/self/mountinfo', 'utf8'));
    return mounted.filter((point) => point === tree || point.startsWith(`${tree}/`));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw new CiWarmError('tool-failed', `${doing}: ${reasonOf(error)}`, error);
  }
}

/** The fifth field of each line; blanks and backslashes in it stand as octal numbers. */
function mountPoints(mountinfo: string): readonly string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const point = line.split(' ')[4];
    if (point === undefined) return [];
    return point.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 8)),
    );
  });
}
