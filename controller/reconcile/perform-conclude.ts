/** Says how a transition ended that did not succeed: quarantine when it is the release's fault, and one alert (A1). */
import { assertNever } from '../model/assert-never.ts';
import { reasonOf } from '../model/failure.ts';
import type { PhaseFailure, TransitionEnd } from '../model/journal.ts';
import { known, unknown, type Known } from '../model/known.ts';
import { unreadableRecipeAlert } from '../report/recipe-alert.ts';
import { rollbackAlert, strandedAlert, type FailedTransition } from '../report/rollback-alert.ts';
import type { Job, PerformDeps } from './job.ts';
import { removeObsolete } from './perform-commit.ts';
import { volumesOf } from './perform-undeploy.ts';
import type { Performed } from './perform.ts';

export async function performConclude(
  end: TransitionEnd,
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  const failure: PhaseFailure = job.failure ?? {
    verdict: 'inconclusive',
    reason: 'Unknown',
    message: 'the journal does not say why',
    lastLogs: [],
    noAnswer: false,
  };
  const isChange = job.kind === 'install' || job.kind === 'upgrade';
  const isFault = failure.verdict === 'unhealthy' && isChange;
  // What was refused is refused again: each try would take the app down for nothing.
  const isBarred =
    failure.verdict === 'refused' && isChange && (end === 'rolled-back' || end === 'undeployed');
  // A stranded app is quarantined whoever is at fault: lifting that is how a person says that the way back is clear.
  if (isFault || isBarred || end === 'stranded') await quarantine(job, failure, deps);
  const failed: FailedTransition = {
    id: job.id,
    transition: job.kind,
    input: job.input,
    failure,
    servedFromMs: job.data.servedFromMs ?? null,
    servedUntilMs: job.data.servedUntilMs ?? null,
    nowMs: deps.clock.now(),
  };
  switch (end) {
    case 'rolled-back':
      if (job.input.app.data === 'Stateless') await removeObsolete('from', job, deps, signal);
      await deps.alerts.raise(rollbackAlert(failed));
      await dropDisplaced(job, deps, signal);
      break;
    case 'undeployed':
      await deps.alerts.raise(rollbackAlert(failed));
      break;
    case 'stranded':
      await raiseStranded(failed, job, deps, signal);
      break;
    case 'abandoned':
      if (isFault) {
        await deps.alerts.raise(
          unreadableRecipeAlert({ input: job.input, failure, nowMs: failed.nowMs }),
        );
      }
      break;
    case 'succeeded':
      await dropDisplaced(job, deps, signal);
      break;
    default:
      assertNever(end, 'transition end');
  }
  return { kind: 'ok', data: {} };
}

/** Looks at the Swarm: taking the app off it may have failed as well. */
export async function raiseStranded(
  failed: FailedTransition,
  { input, lastFailure }: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  const left = await leftOf(input.app.stack, deps, signal);
  await deps.alerts.raise(strandedAlert({ ...failed, backFailure: lastFailure, left }));
}

async function leftOf(
  stack: string,
  { engine }: PerformDeps,
  signal: AbortSignal,
): Promise<Known<readonly string[]>> {
  try {
    const { services, containers } = await engine.observeStack(stack, signal);
    const named = [
      ...services.map((one) => ({ ...one, what: `service ${one.name}` })),
      ...containers.map((one) => ({ ...one, what: `container ${one.names[0] ?? one.id}` })),
    ];
    return known(named.filter((one) => one.stack === stack).map(({ what }) => what));
  } catch (thrown) {
    signal.throwIfAborted();
    return unknown(reasonOf(thrown));
  }
}

/** S2: what a restore displaced was kept until now, when the app is healthy again. */
async function dropDisplaced(job: Job, deps: PerformDeps, signal: AbortSignal): Promise<void> {
  const { app } = job.input;
  if (app.data === 'Stateless') return;
  await deps.snapshots.dropDisplaced(app.name, await volumesOf(job, deps, signal), signal);
}

async function quarantine(job: Job, failure: PhaseFailure, deps: PerformDeps): Promise<void> {
  const { to, app } = job.input;
  await deps.store.writeQuarantine(app.name, {
    version: to.version,
    commit: to.commit,
    specHash: to.specHash,
    reason: failure.reason,
    since: new Date(deps.clock.now()).toISOString(),
  });
}
