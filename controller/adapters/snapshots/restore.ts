/**
 * Puts a snapshot's data back. S2: it is unpacked beside, verified against the manifest and synced; only when that is
 * done for every volume are they swapped, by rename; what they replaced is kept. S3: data that does not belong here is
 * refused before anything is touched.
 *
 * Killed anywhere and repeated with the same operation, it goes on by the names that exist:
 *
 *     displaced, no restoring    this volume is done
 *     restoring                  unpacked and verified; to be swapped (its data may have been moved away already)
 *     neither                    to be unpacked; `restoring….partial` is what a killed process left
 */
import { dirname, join } from 'node:path';
import { CiWarmError } from '../../model/failure.ts';
import type { SnapshotManifest, SnapshotVolume } from '../../model/snapshot.ts';
import type { RestoreRequest } from '../../ports/snapshots.ts';
import { CLOSED_FOLDER, ensureDirectory, writeFailure } from '../files/atomic-write.ts';
import { invalid, needRoot, type Context } from './context.ts';
import { deleteBeside } from './displaced.ts';
import { driverOf } from './drivers.ts';
import { foreignTo } from './identity.ts';
import { isRestoring, placesOf, restorePlaces, type RestorePlaces } from './layout.ts';
import { readPointed } from './manifest.ts';
import { figuresProblem } from './problems.ts';
import { needRoomToRestore } from './room.ts';
import type { VolumeDriver } from './volume-driver.ts';

interface Job extends RestorePlaces {
  readonly what: string;
  readonly archive: string;
  readonly driver: VolumeDriver;
  readonly volume: SnapshotVolume;
}

/** See ports/snapshots.ts. */
export async function restore(
  context: Context,
  request: RestoreRequest,
  signal: AbortSignal,
): Promise<void> {
  const { app } = request;
  needRoot(context, `restoring ${app}`);
  try {
    const jobs = jobsOf(context, request, await belonging(context, request));
    const waiting = jobs.filter((job) => !isUnpacked(context, job));
    if (waiting.length > 0) await unpackAll(context, waiting, signal);
    for (const job of jobs) await swap(context, job);
  } catch (error) {
    throw writeFailure(`restoring ${app}`, error);
  }
}

/** The manifest, once it is clear that the data belongs to the app as it is now. */
async function belonging(
  context: Context,
  { app, snapshotId, identity, volumes }: RestoreRequest,
): Promise<SnapshotManifest> {
  const refused = `the data of ${app} is not restored, and nothing was touched`;
  const manifest = await readPointed(context, placesOf(context.stateDir, app));
  if (manifest === null) throw invalid(`${refused}: there is no snapshot`);
  if (manifest.id !== snapshotId) {
    throw invalid(
      `${refused}: the snapshot is \`${manifest.id}\` and \`${snapshotId}\` is asked for`,
    );
  }
  const foreign = foreignTo(manifest, identity, volumes);
  if (foreign !== undefined)
    throw invalid(`${refused}: the snapshot is not of this app: ${foreign}`);
  return manifest;
}

function jobsOf(
  context: Context,
  { app, operation, volumes }: RestoreRequest,
  manifest: SnapshotManifest,
): Job[] {
  const { link } = placesOf(context.stateDir, app);
  const driver = driverOf(manifest.driver);
  return manifest.volumes.flatMap((volume) => {
    const place = volumes.find((one) => one.volume === volume.volume);
    if (place === undefined) return [];
    return {
      ...restorePlaces(place, operation),
      what: `volume ${volume.volume} of ${app}`,
      archive: join(link, volume.archive),
      driver,
      volume,
    };
  });
}

function isUnpacked({ fs }: Context, { restoring, displaced }: Job): boolean {
  return fs.lstat(restoring) !== undefined || fs.lstat(displaced) !== undefined;
}

async function unpackAll(
  context: Context,
  jobs: readonly Job[],
  signal: AbortSignal,
): Promise<void> {
  for (const { driver, archive, volume } of jobs) {
    const problem = driver.nameProblem(context.fs, archive, volume);
    if (problem !== undefined) throw invalid(`${problem} Nothing was touched`);
  }
  for (const job of jobs) {
    await ensureDirectory(dirname(job.parent), context.fs, CLOSED_FOLDER);
    await ensureDirectory(job.parent, context.fs);
    const others = (name: string): boolean =>
      isRestoring(job, name) && join(job.parent, name) !== job.restoring;
    await deleteBeside(context, job, others, signal);
    await needRoomToRestore(context, job.parent, job.volume);
  }
  try {
    for (const job of jobs) await unpackOne(context, job, signal);
  } catch (error) {
    // The failure is the one to tell. What stays, because the signal was what stopped us, the next attempt deletes.
    for (const job of jobs)
      await context.trees.deleteTree(job.partial, signal).catch(() => undefined);
    throw error;
  }
}

async function unpackOne(context: Context, job: Job, signal: AbortSignal): Promise<void> {
  const { fs } = context;
  const { what, archive, driver, volume, partial, parent } = job;
  // Nobody but root may look at it before each file has its owner and mode.
  await fs.makeDirectory(partial, 0o700);
  const figures = await driver.unpack(
    context,
    { what, directory: partial, archive },
    volume,
    signal,
  );
  const problem = figuresProblem(partial, volume, figures);
  if (problem !== undefined) throw invalid(`${problem} Nothing was touched`);
  await fs.rename(partial, job.restoring);
  await fs.syncDirectory(parent);
}

async function swap({ fs }: Context, job: Job): Promise<void> {
  const { data, restoring, displaced, parent } = job;
  if (fs.lstat(restoring) === undefined) {
    // Who swapped it may not have lived to sync that.
    await fs.syncDirectory(parent);
    return;
  }
  if (fs.lstat(data) !== undefined) {
    if (fs.lstat(displaced) !== undefined) {
      throw new CiWarmError(
        'conflict',
        `restoring ${job.what}: ${data} was made again while it was being restored; move it away`,
      );
    }
    await fs.rename(data, displaced);
    await fs.syncDirectory(parent);
  }
  await fs.rename(restoring, data);
  await fs.syncDirectory(parent);
}
