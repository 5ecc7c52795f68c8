/** Whether there is room: looked at before anything is written. */
import { CiWarmError } from '../../model/failure.ts';
import type { SnapshotManifest, VolumePlace } from '../../model/snapshot.ts';
import { needRoot, type Context } from './context.ts';
import type { AppPlaces } from './layout.ts';

/** What an estimate may be off by. */
const MARGIN = 1.1;
/** Names that a snapshot itself needs, and some. */
const INODES_NEEDED = 64;
/** What a small file takes on most file systems. */
const FILE_BYTES = 4096;

export interface Room {
  readonly freeBytes: number;
  readonly neededBytes: number;
}

/**
 * What an upgrade needs of the disk: the snapshot, at most as large as the data, and beside it the data once more,
 * because a restore unpacks beside what it replaces. A way back without room is none. Throws `conflict` where something
 * is mounted within a volume.
 */
export async function roomFor(
  context: Context,
  volumes: readonly VolumePlace[],
  signal: AbortSignal,
): Promise<Room> {
  // Asked before the app is stopped: what would refuse the snapshot, or a restore, must not be found out when it is down.
  const doing = `preparing a snapshot below ${context.stateDir}`;
  needRoot(context, doing);
  await context.tools(signal);
  const paths = pathsOf(context, volumes);
  // S2: a restore takes away what it replaces, and what is mounted there is no part of the snapshot either.
  for (const path of paths) await context.trees.needNoMounts(doing, path);
  const { freeBytes } = await context.trees.freeAt(context.stateDir);
  const { bytes } = await context.trees.measureTrees(paths, signal);
  return { freeBytes, neededBytes: Math.ceil(2 * bytes * MARGIN) };
}

/**
 * Throws `disk-full` when a snapshot would not fit or would break the reserve. What the last one took stands for what
 * this one will take, because measuring takes time that the app is down; without one the volumes are measured. Answers how much that is.
 */
export async function needRoomToTake(
  context: Context,
  places: AppPlaces,
  volumes: readonly VolumePlace[],
  last: SnapshotManifest | null,
  signal: AbortSignal,
): Promise<number> {
  const bytes =
    last === null
      ? (await context.trees.measureTrees(pathsOf(context, volumes), signal)).bytes
      : last.volumes.reduce((sum, volume) => sum + volume.archiveBytes, 0);
  await needRoom(context, `taking a snapshot below ${places.directory}`, places.directory, {
    bytes: Math.ceil(bytes * MARGIN) + context.reserveBytes,
    inodes: INODES_NEEDED,
  });
  return bytes;
}

/** Throws `disk-full` when a volume's tree would not fit beside the data that it replaces. The reserve may be used. */
export async function needRoomToRestore(
  context: Context,
  parent: string,
  volume: { readonly contentBytes: number; readonly entries: number },
): Promise<void> {
  await needRoom(context, `restoring into ${parent}`, parent, {
    bytes: volume.contentBytes + volume.entries * FILE_BYTES,
    inodes: volume.entries,
  });
}

async function needRoom(
  { trees }: Context,
  doing: string,
  path: string,
  needed: { readonly bytes: number; readonly inodes: number },
): Promise<void> {
  const { freeBytes, freeInodes } = await trees.freeAt(path);
  if (freeBytes < needed.bytes) {
    const figures = `${mebibytes(needed.bytes)} are needed and ${mebibytes(freeBytes)} are free`;
    throw new CiWarmError('disk-full', `${doing}: ${figures}; make room, nothing was touched`);
  }
  if (freeInodes < needed.inodes) {
    const figures = `${needed.inodes} more files are needed and ${freeInodes} are possible`;
    throw new CiWarmError('disk-full', `${doing}: ${figures}; make room, nothing was touched`);
  }
}

function pathsOf(context: Context, volumes: readonly VolumePlace[]): string[] {
  return volumes.map(({ path }) => path).filter((path) => context.fs.lstat(path) !== undefined);
}

function mebibytes(bytes: number): string {
  return `${String(Math.ceil(bytes / 2 ** 20))} MiB`;
}
