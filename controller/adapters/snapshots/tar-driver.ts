/** The driver by GNU tar and zstd: an archive a volume, on whatever file system (volume-driver.ts). */
import { dirname } from 'node:path';
import { CiWarmError } from '../../model/failure.ts';
import type { SnapshotVolume } from '../../model/snapshot.ts';
import { invalid, type Context } from './context.ts';
import { safeName } from './layout.ts';
import { archiveProblem, figuresProblem } from './problems.ts';
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
  contentProblem: async ({ fs, trees }, archive, volume, signal) => {
    const { tree, ...figures } = await trees.readArchive(archive, fs, signal);
    const damage = archiveProblem(archive, volume, figures);
    if (damage !== undefined) return damage;
    if (tree instanceof CiWarmError) return `the archive ${archive}: ${tree.message}.`;
    return figuresProblem(archive, volume, tree);
  },
  unpack,
};

async function unpack(
  context: Context,
  places: Places,
  volume: SnapshotVolume,
  signal: AbortSignal,
): Promise<TreeFigures> {
  const { fs, trees } = context;
  const { what, directory, archive } = places;
  const [read, unpacked] = await Promise.allSettled([
    trees.digestFile(archive, fs, signal),
    trees.unpackAndRead(what, archive, directory, fs, signal),
  ]);
  // A damaged archive is told as that, not as what tar made of it.
  const damage =
    read.status === 'fulfilled' ? archiveProblem(archive, volume, read.value) : undefined;
  if (damage !== undefined) throw invalid(`${damage} Nothing was touched`);
  if (read.status === 'rejected') throw read.reason;
  if (unpacked.status === 'rejected') throw unpacked.reason;
  // The sync takes longest, so it begins first.
  const [, figures] = await Promise.all([
    trees.syncFileSystem(dirname(directory), signal),
    figuresOf(context, places, volume, unpacked.value, signal),
  ]);
  return figures;
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
