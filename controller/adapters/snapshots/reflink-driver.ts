/**
 * The driver by reflinks: an archive is a copy of the volume's tree that shares its blocks (volume-driver.ts). It takes
 * no room, and it is gone together with the data where the disk under both is damaged.
 *
 * What is in the copy is not believed: it is read, as is what it was copied from, and the two must be the same. In a
 * manifest the archive's size is the bytes of content.
 */
import { dirname } from 'node:path';
import { CiWarmError } from '../../model/failure.ts';
import type { SnapshotVolume } from '../../model/snapshot.ts';
import type { Packed } from './archive.ts';
import { cloneTree, cloneVersion } from './clone.ts';
import { invalid, type Context } from './context.ts';
import { safeName } from './layout.ts';
import { figuresProblem } from './problems.ts';
import type { TreeFigures } from './tree-digest.ts';
import type { Places, VolumeDriver } from './volume-driver.ts';

export const reflinkDriver: VolumeDriver = {
  archiveName: (volume) => `${safeName(volume)}.tree`,
  tools: async (context, signal) => {
    const { tar = 'unknown' } = await context.tools(signal);
    return { cp: await cloneVersion(signal), tar };
  },
  pack,
  nameProblem: (fs, archive) =>
    fs.lstat(archive)?.kind === 'directory' ? undefined : `the archive ${archive} is missing.`,
  contentProblem: async ({ trees }, archive, volume, signal) =>
    archiveProblem(archive, volume, await trees.readTree(archive, archive, signal)),
  unpack,
};

async function pack(
  { trees }: Context,
  { what, directory, archive }: Places,
  signal: AbortSignal,
): Promise<Packed> {
  const skipped = await cloneTree(`packing ${what}`, directory, archive, 'always', signal);
  const [synced, before, figures] = await Promise.allSettled([
    trees.syncFileSystem(archive, signal),
    trees.readTree(what, directory, signal),
    trees.readTree(what, archive, signal),
  ]);
  if (synced.status === 'rejected') throw synced.reason;
  if (before.status === 'rejected') throw before.reason;
  if (figures.status === 'rejected') throw figures.reason;
  const { treeSha256, contentBytes } = figures.value;
  if (before.value.treeSha256 !== treeSha256) {
    throw new CiWarmError(
      'tool-failed',
      `packing ${what}: the copy in ${archive} is not what is in ${directory}; something changed meanwhile, or cp cannot keep everything there: take snapshots with driver Tar then`,
    );
  }
  return { ...figures.value, archiveBytes: contentBytes, skipped };
}

/** A snapshot that was moved to where blocks cannot be shared is copied. */
async function unpack(
  { trees }: Context,
  { what, directory, archive }: Places,
  volume: SnapshotVolume,
  signal: AbortSignal,
): Promise<TreeFigures> {
  await cloneTree(`unpacking ${what}`, archive, directory, 'auto', signal);
  // The sync takes longest, so it begins first.
  const [, figures] = await Promise.all([
    trees.syncFileSystem(dirname(directory), signal),
    trees.readTree(what, directory, signal),
  ]);
  if (figuresProblem(directory, volume, figures) === undefined) return figures;
  // A damaged archive is told as that, not as what became of it.
  const damage = archiveProblem(archive, volume, await trees.readTree(archive, archive, signal));
  if (damage !== undefined) throw invalid(`${damage} Nothing was touched`);
  return figures;
}

function archiveProblem(
  archive: string,
  volume: SnapshotVolume,
  found: TreeFigures,
): string | undefined {
  return figuresProblem(`the archive ${archive}`, volume, found);
}
