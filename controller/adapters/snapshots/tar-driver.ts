/** The driver by GNU tar and zstd: an archive a volume, on whatever file system (volume-driver.ts). */
import { dirname } from 'node:path';
import { CiWarmError } from '../../model/failure.ts';
import type { SnapshotVolume } from '../../model/snapshot.ts';
import { invalid, type Context } from './context.ts';
import { safeName } from './layout.ts';
import { figuresProblem } from './problems.ts';
import type { TreeDigest, TreeFigures } from './tree-digest.ts';
import type { Places, VolumeDriver } from './volume-driver.ts';

export const tarDriver: VolumeDriver = {
  archiveName: (volume) => `${safeName(volume)}.tar.zst`,
  tools: (context, signal) => context.tools(signal),
  pack: ({ fs, trees }, places, signal) => trees.packVolume(places, fs, signal),
  nameProblem: (fs, archive, volume) => {
    const found = fs.lstat(archive);
    if (found?.kind !== 'file') return `the archive ${archive} is missing.`;
    if (found.sizeBytes === volume.archiveBytes) return undefined;
    return `the archive ${archive} has ${found.sizeBytes} bytes and should have ${volume.archiveBytes}.`;
  },
  contentProblem,
  unpack,
};

/** Of the digest that the tree has: an archive that holds the tree that was packed is the one that is wanted. */
async function contentProblem(
  { fs, trees }: Context,
  archive: string,
  volume: SnapshotVolume,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { tree } = await trees.readArchive(archive, fs, signal);
  if (tree instanceof CiWarmError) return `the archive ${archive}: ${tree.message}.`;
  return figuresProblem(`the archive ${archive}`, volume, tree);
}

async function unpack(
  context: Context,
  places: Places,
  volume: SnapshotVolume,
  signal: AbortSignal,
): Promise<TreeFigures> {
  const { trees, fs } = context;
  const { what, directory, archive } = places;
  let seen: TreeDigest | undefined;
  try {
    seen = await trees.unpackAndRead(what, archive, directory, fs, signal);
  } catch (error) {
    if (error instanceof CiWarmError && error.code === 'tool-failed')
      await needWhole(context, archive, volume, signal);
    throw error;
  }
  // The sync takes longest, so it begins first.
  const [, figures] = await Promise.all([
    trees.syncFileSystem(dirname(directory), signal),
    figuresOf(context, places, volume, seen, signal),
  ]);
  if (figuresProblem(directory, volume, figures) !== undefined)
    await needWhole(context, archive, volume, signal);
  return figures;
}

/** Throws `snapshot-invalid` when the archive is damaged: it is told as that, not as what tar made of it. */
async function needWhole(
  context: Context,
  archive: string,
  volume: SnapshotVolume,
  signal: AbortSignal,
): Promise<void> {
  const damage = await contentProblem(context, archive, volume, signal);
  if (damage !== undefined) throw invalid(`${damage} Nothing was touched`);
}

/** Of what was unpacked: as seen on the way, unless that is not what it should be. */
async function figuresOf(
  { trees }: Context,
  { what, directory }: Places,
  volume: SnapshotVolume,
  seen: TreeDigest | undefined,
  signal: AbortSignal,
): Promise<TreeFigures> {
  if (seen !== undefined) {
    await trees.readOthers(what, directory, seen, signal);
    const figures = seen.figures();
    if (figuresProblem(directory, volume, figures) === undefined) return figures;
  }
  return await trees.readTree(what, directory, signal);
}
