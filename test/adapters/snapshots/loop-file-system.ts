/**
 * A file system of its own in a file, mounted: for tests of what only some file systems can do. Needs root, loop devices
 * and the mkfs of that file system; what is missing of them is the test's failure, in the words of the program.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LoopFileSystem {
  /** Where it is mounted. */
  readonly path: string;
  remove(): void;
}

/** Less than this is too little for xfs. */
const SIZE_BYTES = 512 * 2 ** 20;

/** `flags`: of its mkfs. The file that holds it takes only what is written. */
export function mountLoop(
  type: 'xfs' | 'btrfs' | 'ext4',
  flags: readonly string[] = [],
  sizeBytes = SIZE_BYTES,
): LoopFileSystem {
  const top = mkdtempSync('/var/tmp/ci-warm-loop-');
  const image = join(top, 'image');
  const path = join(top, 'mounted');
  try {
    writeFileSync(image, '');
    truncateSync(image, sizeBytes);
    mkdirSync(path);
    execFileSync(`mkfs.${type}`, ['-q', ...flags, image], { stdio: 'pipe' });
    execFileSync('mount', ['-t', type, '-o', 'loop', image, path], { stdio: 'pipe' });
  } catch (error) {
    rmSync(top, { recursive: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`no ${type} could be mounted (npm test installs its tools): ${why}`, {
      cause: error,
    });
  }
  return {
    path,
    remove: () => {
      execFileSync('umount', [path], { stdio: 'pipe' });
      rmSync(top, { recursive: true });
    },
  };
}
