/**
 * A drill's phases: the usual ones, over a stack and volumes of the drill's own. The app's own stack is only looked at,
 * for what its snapshot is bound to (S3).
 */
import { assertNever } from '../model/assert-never.ts';
import { probesApart } from '../gates/default-probes.ts';
import { CiWarmError } from '../model/failure.ts';
import type { PhaseFailure, TransitionEnd } from '../model/journal.ts';
import { drillStackOf } from '../model/names.ts';
import type { Driver } from '../ports/driver.ts';
import { snapshotInvalidAlert } from '../report/snapshot-alert.ts';
import type { Intent } from '../transitions/machine.ts';
import { blamesSnapshot } from '../model/drill-verdict.ts';
import { releaseOf, type Job, type PerformDeps } from './job.ts';
import { identityOf } from './perform-data.ts';
import { performDeploy } from './perform-deploy.ts';
import { performJudge } from './perform-judge.ts';
import { performPrepare } from './perform-prepare.ts';
import { assertUndeployed, performUndeploy } from './perform-undeploy.ts';
import type { Performed } from './perform.ts';

const kinds = ['prepare', 'restore', 'deploy', 'judge', 'clear', 'conclude'] as const;

type DrillIntent = Extract<Intent, { readonly kind: (typeof kinds)[number] }>;

function isOfDrill(intent: Intent): intent is DrillIntent {
  return kinds.some((kind) => kind === intent.kind);
}

export async function performDrill(
  intent: Intent,
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  if (!isOfDrill(intent)) {
    throw new CiWarmError(
      'state-invalid',
      `a drill of ${job.input.app.name} does no ${intent.kind}`,
    );
  }
  const stage = stageOf(job, deps);
  switch (intent.kind) {
    case 'prepare':
      await deps.drills.read(job.input.app, releaseOf(job, 'from'), signal);
      return await performPrepare(job, deps, signal);
    case 'restore':
      return await restoreBeside(job, deps, signal);
    case 'deploy':
      return await performDeploy('from', stage.job, stage.deps, signal);
    case 'judge':
      return await performJudge('from', stage.job, stage.deps, signal);
    case 'clear':
      await performUndeploy(stage.job, stage.deps, signal);
      await refuseNetworks(stage.job, deps, signal);
      await deps.drills.clear(job.input.app, signal);
      return { kind: 'ok', data: {} };
    case 'conclude':
      return await conclude(intent.end, job, deps);
    default:
      return assertNever(intent, 'intent of a drill');
  }
}

/** The same transition with the drill's stack in the place of the app's. */
function stageOf(job: Job, deps: PerformDeps): { readonly job: Job; readonly deps: PerformDeps } {
  const { app, policy } = job.input;
  const staged = { ...app, stack: drillStackOf(app.stack) };
  const health = { ...policy.health, probes: probesApart(policy.health.probes) };
  const driver: Driver = {
    read: (_, release, signal) => deps.drills.read(app, release, signal),
    volumes: (_, release, signal) => deps.drills.volumes(app, release, signal),
    deploy: (_, release, signal) => deps.drills.deploy(app, release, signal),
    releaseVolumes: () => Promise.resolve([]),
  };
  return {
    job: { ...job, input: { ...job.input, app: staged, policy: { ...policy, health } } },
    deps: { ...deps, driver },
  };
}

/** The snapshot's volumes, in the drill's places. Nothing that the app uses has such a path. */
async function restoreBeside(job: Job, deps: PerformDeps, signal: AbortSignal): Promise<Performed> {
  const { app, snapshotId } = job.input;
  const release = releaseOf(job, 'from');
  const own = await deps.driver.volumes(app, release, signal);
  const places = await deps.drills.volumes(app, release, signal);
  const stage = stageOf(job, deps);
  await assertUndeployed(stage.job, places, stage.deps, signal);
  const volumes = own.map((one) => {
    const place = places.find(({ volume }) => volume === one.volume);
    if (place === undefined) {
      throw new CiWarmError(
        'state-invalid',
        `a drill of ${app.name} has no place for ${one.volume}`,
      );
    }
    return { ...one, path: place.path };
  });
  const identity = await identityOf(job, release, deps, signal);
  await deps.snapshots.restore(
    { app: app.name, snapshotId: snapshotId ?? '', operation: job.id, volumes, identity },
    signal,
  );
  return { kind: 'ok', data: {} };
}

/** An app may leave a network behind, for its next deploy uses it. Of a drill nothing is left (R2). */
async function refuseNetworks(
  { input: { app } }: Job,
  { engine }: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  const { networks } = await engine.observeStack(app.stack, signal);
  const left = networks.filter(({ stack }) => stack === app.stack);
  if (left.length === 0) return;
  throw new CiWarmError(
    'not-undeployed',
    `clearing up after a drill of ${app.name}: something is still on ${left.map(({ name }) => name).join(', ')} (docker network inspect shows it)`,
  );
}

async function conclude(end: TransitionEnd, job: Job, deps: PerformDeps): Promise<Performed> {
  const failure: PhaseFailure | null = job.failure;
  if (end !== 'succeeded' && failure !== null && blamesSnapshot(failure)) {
    const { input } = job;
    await deps.alerts.raise(snapshotInvalidAlert({ input, failure, nowMs: deps.clock.now() }));
  }
  return { kind: 'ok', data: {} };
}
