/**
 * The phases of a retirement: the usual ones, and the one that takes the live volumes away.
 *
 * S2: nothing is taken away before the snapshot was read back whole, and that is in the journal. R2: only volumes that
 * carry our labels, onto data below the app's own state.
 */
import { assertNever } from '../model/assert-never.ts';
import { CiWarmError } from '../model/failure.ts';
import type { PhaseFailure, TransitionEnd } from '../model/journal.ts';
import type { Intent } from '../transitions/machine.ts';
import { releaseOf, type Job, type PerformDeps } from './job.ts';
import { raiseStranded } from './perform-conclude.ts';
import { performDeploy } from './perform-deploy.ts';
import { performSnapshot } from './perform-data.ts';
import {
  present,
  refuseBadWayBack,
  refuseOtherUsers,
  refuseWithoutRoom,
  selfNodeId,
} from './perform-prepare.ts';
import { assertUndeployed, performUndeploy, volumesOf } from './perform-undeploy.ts';
import type { Performed } from './perform.ts';

export async function performRetire(
  intent: Intent,
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  switch (intent.kind) {
    case 'prepare':
      return await prepare(job, deps, signal);
    case 'undeploy':
      return await performUndeploy(job, deps, signal);
    case 'snapshot':
      return await snapshot(job, deps, signal);
    case 'clear':
      return await clear(job, deps, signal);
    case 'deploy':
      return await performDeploy('from', job, deps, signal);
    case 'conclude':
      return await conclude(intent.end, job, deps, signal);
    case 'judge':
    case 'commit':
    case 'restore':
    case 'label':
    case 'unlabel':
      throw new CiWarmError(
        'state-invalid',
        `a retirement of ${job.input.app.name} does no ${intent.kind}`,
      );
    default:
      return assertNever(intent, 'intent');
  }
}

/** What would keep it from being put back, or its data from being saved, is found out while it runs. */
async function prepare(job: Job, deps: PerformDeps, signal: AbortSignal): Promise<Performed> {
  const { app, from, to } = job.input;
  const release = releaseOf(job, 'from');
  if (from !== null) await refuseBadWayBack(from, job, deps, signal);
  const nodeId = await selfNodeId(job, deps, signal);
  for (const pinned of Object.values(release.images)) await present(pinned, deps, signal);
  if ((await volumesOf(job, deps, signal)).length > 0) {
    if (from !== null && from.nodeId !== nodeId) {
      throw new CiWarmError(
        'conflict',
        `retiring ${app.name}: its data is on node ${from.nodeId}, and this is node ${nodeId}; run ci-warm where the data is. Where this is that host with a new Swarm, docs/troubleshooting.md says how to go on`,
      );
    }
    await refuseOtherUsers(job, deps, signal);
    await refuseWithoutRoom(job, deps, signal);
  }
  return { kind: 'ok', data: { release: { ...to, images: release.images }, nodeId } };
}

/** An app without volumes has nothing to save: an older snapshot of it, if there is one, stays. */
async function snapshot(job: Job, deps: PerformDeps, signal: AbortSignal): Promise<Performed> {
  const { app } = job.input;
  if ((await volumesOf(job, deps, signal)).length === 0) return { kind: 'ok', data: {} };
  const taken = await performSnapshot(job, deps, signal);
  const problems = await deps.snapshots.verify(app.name, signal);
  signal.throwIfAborted();
  if (problems[0] === undefined) return taken;
  throw new CiWarmError(
    'snapshot-invalid',
    `retiring ${app.name}: its snapshot cannot be read back: ${problems[0]} Its live data is kept`,
  );
}

/** May be repeated: what is gone already needs no snapshot any more, but nothing goes before it is seen to be there. */
async function clear(job: Job, deps: PerformDeps, signal: AbortSignal): Promise<Performed> {
  const { app } = job.input;
  const volumes = await volumesOf(job, deps, signal);
  if (volumes.length === 0) return { kind: 'ok', data: {} };
  await assertUndeployed(job, volumes, deps, signal);
  const held = await deps.snapshots.read(app.name, signal);
  if (held === null || held.id !== job.data.snapshotId) {
    throw new CiWarmError(
      'snapshot-invalid',
      `retiring ${app.name}: snapshot ${job.data.snapshotId ?? 'none'} is not there any more; its live data is kept`,
    );
  }
  const released = await deps.driver.releaseVolumes(app, releaseOf(job, 'from'), signal);
  const saved = released.filter(({ volume }) => held.volumes.some((one) => one.volume === volume));
  await deps.snapshots.dropData(app.name, saved, signal);
  return { kind: 'ok', data: {} };
}

async function conclude(
  end: TransitionEnd,
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  const failure: PhaseFailure | null = job.failure;
  if (end === 'stranded' && failure !== null) {
    const { id, input } = job;
    const never = { servedFromMs: null, servedUntilMs: null };
    await raiseStranded(
      { id, transition: 'retire', input, failure, ...never, nowMs: deps.clock.now() },
      job,
      deps,
      signal,
    );
  }
  return { kind: 'ok', data: {} };
}
