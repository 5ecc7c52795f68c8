/**
 * Packs an app's volumes into a directory, by the driver that is wanted where it can work: reflinks need a file system
 * that has them, one for the data and the snapshot both. Where they cannot be had, all is taken by tar and zstd.
 */
import { join } from 'node:path';
import type { SnapshotManifest, SnapshotVolume } from '../../model/snapshot.ts';
import type { TakeRequest } from '../../ports/snapshots.ts';
import { isCloneRefused, whyNoClone } from './clone.ts';
import type { Context } from './context.ts';
import { driverOf } from './drivers.ts';
import type { DriverName } from './volume-driver.ts';

type PackedVolumes = Pick<SnapshotManifest, 'driver' | 'noReflinks' | 'volumes' | 'tools'>;

interface PackingPlace {
  readonly staging: string;
  /** How much the data of the app is, roughly. */
  readonly aboutBytes: number;
}

/** Errors: as `VolumeDriver.pack`. Part of an archive may be left. */
export async function packAll(
  context: Context,
  request: TakeRequest,
  place: PackingPlace,
  signal: AbortSignal,
): Promise<PackedVolumes> {
  const { staging } = place;
  const { reflinks } = context;
  if (reflinks?.wanted() !== true) return await packBy('tar', context, request, place, signal);
  const trial = join(staging, 'by-reflink');
  let noReflinks: string;
  try {
    const why = await whyNoReflinksOf(context, request, trial, signal);
    if (why === undefined) return await packBy('reflink', context, request, place, signal);
    noReflinks = why;
  } catch (error) {
    // One file of many may have its blocks to itself, on btrfs those that are not copied on write.
    if (!isCloneRefused(error)) throw error;
    noReflinks = error.message;
    for (const { name } of context.fs.list(staging)) {
      await context.trees.deleteTree(join(staging, name), signal);
    }
  }
  reflinks.refused(request.app, noReflinks);
  return { ...(await packBy('tar', context, request, place, signal)), noReflinks };
}

/** Deletes a snapshot that nothing leads to, or what became of one. Nothing there is fine. */
export async function removeSnapshot(
  { fs, trees }: Context,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  if (fs.lstat(directory) === undefined) return;
  // The names in a tree are an app's: only programs take whatever bytes they are.
  for (const { name, kind } of fs.list(directory)) {
    if (kind === 'directory') await trees.deleteTree(join(directory, name), signal);
  }
  await fs.removeTree(directory);
}

async function whyNoReflinksOf(
  { fs, trees }: Context,
  { volumes }: TakeRequest,
  trial: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const { path } of volumes) {
    await fs.makeDirectory(trial, 0o700);
    const why = await whyNoClone(path, trial, signal);
    await trees.deleteTree(trial, signal);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** One after the other: each uses every core by itself. */
async function packBy(
  name: DriverName,
  context: Context,
  request: TakeRequest,
  { staging, aboutBytes }: PackingPlace,
  signal: AbortSignal,
): Promise<PackedVolumes> {
  const driver = driverOf(name);
  const volumes: SnapshotVolume[] = [];
  for (const { volume, name: dockerName, path } of request.volumes) {
    const archive = driver.archiveName(volume);
    const what = `volume ${volume} of ${request.app}`;
    const places = { what, directory: path, archive: join(staging, archive), aboutBytes };
    const packed = await driver.pack(context, places, signal);
    volumes.push({ volume, name: dockerName, archive, ...packed });
  }
  return { driver: name, volumes, tools: await driver.tools(context, signal) };
}
