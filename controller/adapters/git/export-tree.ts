/**
 * Writes a commit's files into a directory, byte for byte as they are in git: no attributes, filters or line endings are
 * applied, and nothing is written or linked outside the directory.
 */
import { mkdir, open, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { CiWarmError } from '../../model/failure.ts';
import { pathInRecipe } from '../../recipe/recipe-path.ts';
import { writeFailure } from '../files/atomic-write.ts';
import type { Mirror } from './git.ts';
import { readBlobs, readTree, type TreeEntry } from './objects.ts';

const EXPORT_BYTES_MAX = 256 * 1024 * 1024;

/** The directory exists and is empty. Errors: `conflict`, `recipe-invalid`, `disk-full`, `tool-failed`. */
export async function exportTree(
  mirror: Mirror,
  commit: string,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  if ((await readdir(directory)).length > 0) {
    throw new CiWarmError('conflict', `cannot export a recipe into ${directory}: it is not empty`);
  }
  const entries = (await readTree(mirror, commit, signal)).filter(({ path }) => isPlain(path));
  const sizeBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  if (sizeBytes > EXPORT_BYTES_MAX) {
    throw new CiWarmError(
      'recipe-invalid',
      `the recipe is larger than 256 MiB at commit ${commit}`,
    );
  }
  const blobs = await readBlobs(
    mirror,
    entries.map((entry) => entry.id),
    signal,
  );
  try {
    for (const folder of new Set(entries.map((entry) => dirname(entry.path)))) {
      await mkdir(join(directory, folder), { recursive: true });
    }
    const written = entries.map((entry, index) => ({ entry, content: blobs[index] }));
    for (const { entry, content } of written) {
      if (content === undefined) throw new Error(`git has no object ${entry.id}`);
      if (entry.kind !== 'link') await writeNew(join(directory, entry.path), content, entry.kind);
    }
    // Last, so that no file is ever written through one.
    for (const { entry, content } of written) {
      if (entry.kind === 'link')
        await linkInside(directory, entry, content?.toString('utf8') ?? '');
    }
  } catch (error) {
    throw writeFailure(`cannot export the recipe at ${commit} into ${directory}`, error);
  }
}

/** Git does not make such paths, but a repository made by hand may hold them. */
function isPlain(path: string): boolean {
  return !path.split('/').some((part) => ['', '.', '..', '.git'].includes(part.toLowerCase()));
}

async function writeNew(path: string, content: Buffer, kind: 'file' | 'program'): Promise<void> {
  const file = await open(path, 'wx', kind === 'program' ? 0o755 : 0o644);
  try {
    for (let at = 0; at < content.length;) {
      const { bytesWritten } = await file.write(content, at, content.length - at, at);
      at += bytesWritten;
    }
  } finally {
    await file.close();
  }
}

const TARGET_LENGTH_MAX = 4095;

/** A link that leads, or might lead, out of the recipe is left out: Docker would read the host's file through it. */
async function linkInside(directory: string, entry: TreeEntry, target: string): Promise<void> {
  // No file system takes a longer one, and whoever wrote it meant no good.
  if (target.length > TARGET_LENGTH_MAX) return;
  const goesBackInBetween = /(?:^|\/)[^/.][^/]*\/(?:.*\/)?\.\.(?:\/|$)/.test(target);
  const folder = dirname(entry.path) === '.' ? '' : dirname(entry.path);
  if (goesBackInBetween || pathInRecipe(folder, target) === undefined) return;
  await symlink(target, join(directory, entry.path));
}
