/**
 * Takes a snapshot. S2: what is published is complete, verified and synced, and the pointer moves only after that.
 *
 * Order: staging directory → an archive a volume, each synced → manifest → publish the directory by rename → move the
 * pointer by rename → only now delete what the pointer led to before. Killed anywhere, the pointer leads to the old
 * snapshot or to the new one, and both are whole.
 */
import { basename, join } from 'node:path';
import type { SnapshotManifest, VolumePlace } from '../../model/snapshot.ts';
import type { TakeRequest } from '../../ports/snapshots.ts';
import {
  ensureDirectory,
  publishDirectory,
  replaceLink,
  writeFailure,
  writeFileAtomic,
} from '../files/atomic-write.ts';
import { invalid, needRoot, type Context } from './context.ts';
import { foreignTo } from './identity.ts';
import { isStaging, placesOf, type AppPlaces } from './layout.ts';
import { MANIFEST, readManifest, readPointed } from './manifest.ts';
import { packAll, removeSnapshot } from './pack-all.ts';
import { needRoomToTake } from './room.ts';
import { verifyArchives } from './verify.ts';

/** See ports/snapshots.ts. */
export async function take(
  context: Context,
  request: TakeRequest,
  signal: AbortSignal,
): Promise<SnapshotManifest> {
  const doing = `taking a snapshot of ${request.app}`;
  needRoot(context, doing);
  try {
    return await takeAt(context, placesOf(context.stateDir, request.app), request, signal);
  } catch (error) {
    // Looking at the disk may fail as well as writing to it.
    throw writeFailure(doing, error);
  }
}

async function takeAt(
  context: Context,
  places: AppPlaces,
  request: TakeRequest,
  signal: AbortSignal,
): Promise<SnapshotManifest> {
  const { app, id, volumes } = request;
  const { fs } = context;
  if (fs.lstat(places.snapshot(id)) === undefined) {
    for (const place of volumes) needVolume(context, app, place);
    await ensureDirectory(places.snapshots, fs);
    await removeAll(context, places, isStaging, signal);
    const last = await readPointed(context, places).catch(() => null);
    const [aboutBytes] = await Promise.all([
      needRoomToTake(context, places, volumes, last, signal),
      context.tools(signal),
    ]);
    await publish(context, places, request, aboutBytes, signal);
  } else {
    await needSame(context, places, request, signal);
    // Who published it may not have lived to sync its name, and the old one goes once the pointer leads here.
    await fs.syncDirectory(places.snapshots);
  }
  await replaceLink(places.link, places.target(id), fs);
  const isOld = (name: string): boolean => name !== basename(places.snapshot(id));
  await removeAll(context, places, isOld, signal);
  return await readManifest(context, places.snapshot(id));
}

async function publish(
  context: Context,
  places: AppPlaces,
  request: TakeRequest,
  aboutBytes: number,
  signal: AbortSignal,
): Promise<void> {
  const { id, at, identity } = request;
  const { fs } = context;
  const staging = places.staging(id);
  try {
    // Only root looks into other people's data.
    await fs.makeDirectory(staging, 0o700);
    const packed = await packAll(context, request, { staging, aboutBytes }, signal);
    const manifest: SnapshotManifest = { id, takenAt: at, identity, ...packed };
    const text = context.manifests.encode('snapshot-manifest', manifest);
    await writeFileAtomic(join(staging, MANIFEST), text, { fs, mode: 0o600 });
    await publishDirectory(staging, places.snapshot(id), fs);
  } catch (error) {
    // The failure that brought us here is the one to tell; what is left is deleted by the next attempt.
    await removeSnapshot(context, staging, signal).catch(() => undefined);
    throw error;
  }
}

/** It was published before, and the process died or was stopped before it said so. */
async function needSame(
  context: Context,
  places: AppPlaces,
  { app, id, identity, volumes }: TakeRequest,
  signal: AbortSignal,
): Promise<void> {
  const directory = places.snapshot(id);
  const manifest = await readManifest(context, directory);
  const foreign = foreignTo(manifest, identity, volumes);
  if (foreign !== undefined)
    throw invalid(`snapshot ${id} of ${app} was taken of other data: ${foreign}`);
  const [problem] = await verifyArchives(context, directory, manifest, signal);
  if (problem !== undefined) throw invalid(`snapshot ${id} of ${app}: ${problem}`);
}

function needVolume({ fs }: Context, app: string, { volume, path }: VolumePlace): void {
  if (fs.lstat(path)?.kind === 'directory') return;
  throw invalid(
    `taking a snapshot of ${app}: volume ${volume} has no data at ${path}; deploy the app once so that it is made, or restore it`,
  );
}

async function removeAll(
  context: Context,
  places: AppPlaces,
  which: (name: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (const { name } of context.fs.list(places.snapshots).filter((entry) => which(entry.name))) {
    await removeSnapshot(context, join(places.snapshots, name), signal);
  }
}
