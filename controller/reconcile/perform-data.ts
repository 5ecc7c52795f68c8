/** Snapshot and restore: only of an undeployed app (S1), and bound to what the data belongs to (S3). */
import type { Release } from '../model/release.ts';
import type { SnapshotIdentity } from '../model/snapshot.ts';
import { CiWarmError } from '../model/failure.ts';
import { releaseOf, type Job, type PerformDeps } from './job.ts';
import { assertUndeployed, volumesOf } from './perform-undeploy.ts';
import type { Performed } from './perform.ts';

export async function performSnapshot(
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  const { app } = job.input;
  const from = releaseOf(job, 'from');
  await assertUndeployed(job, await volumesOf(job, deps, signal), deps, signal);
  const manifest = await deps.snapshots.take(
    {
      app: app.name,
      id: job.id,
      at: job.startedAt,
      volumes: await deps.driver.volumes(app, from, signal),
      identity: await identityOf(job, from, deps, signal),
    },
    signal,
  );
  return { kind: 'ok', data: { snapshotId: manifest.id } };
}

/** Volumes that only the target made are set aside, not deleted: the prior release never knew them. */
export async function performRestore(
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  const { app } = job.input;
  const from = releaseOf(job, 'from');
  const { snapshotId } = job.data;
  if (snapshotId === undefined) {
    throw new CiWarmError(
      'state-invalid',
      `transition ${job.id} of ${app.name} has no snapshot in its journal`,
    );
  }
  const all = await volumesOf(job, deps, signal);
  const own = await deps.driver.volumes(app, from, signal);
  await assertUndeployed(job, all, deps, signal);
  const identity = await identityOf(job, from, deps, signal);
  await deps.snapshots.restore(
    { app: app.name, snapshotId, operation: job.id, volumes: own, identity },
    signal,
  );
  const onlyTarget = all.filter((place) => !own.some((one) => one.name === place.name));
  if (onlyTarget.length > 0) await deps.snapshots.setAside(app.name, job.id, onlyTarget, signal);
  return { kind: 'ok', data: {} };
}

/** What a snapshot of this release is bound to, as it is now. */
export async function identityOf(
  job: Job,
  release: Release,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<SnapshotIdentity> {
  const { app } = job.input;
  const reading = await deps.driver.read(app, release, signal);
  const stored = await deps.secrets.list(app.stack, signal);
  const secrets: Record<string, string> = {};
  for (const { fullName } of reading.secrets) {
    const id = stored.get(fullName);
    if (id !== undefined) secrets[fullName] = id;
  }
  return {
    app: app.name,
    recipe: app.recipe,
    version: release.version,
    commit: release.commit,
    specHash: release.specHash,
    env: release.env,
    domain: app.domain,
    stack: app.stack,
    nodeId: job.data.nodeId ?? '',
    images: release.images,
    secrets,
  };
}
