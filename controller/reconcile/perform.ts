/**
 * One intent → what it takes from the ports → one outcome. The only switch on intents, and the only place that turns a
 * throw into an outcome. Every branch may be performed again after a crash (L2).
 */
import { assertNever } from '../model/assert-never.ts';
import { CiWarmError, reasonOf } from '../model/failure.ts';
import type { PhaseData, PhaseFailure, PhaseResult } from '../model/journal.ts';
import type { Intent } from '../transitions/machine.ts';
import type { Job, PerformDeps } from './job.ts';
import { performAdopt } from './perform-adopt.ts';
import { performCommit } from './perform-commit.ts';
import { performConclude } from './perform-conclude.ts';
import { performDeploy } from './perform-deploy.ts';
import { performDrill } from './perform-drill.ts';
import { performJudge } from './perform-judge.ts';
import { performPrepare } from './perform-prepare.ts';
import { performRetire } from './perform-retire.ts';
import { performRestore, performSnapshot } from './perform-data.ts';
import { performUndeploy } from './perform-undeploy.ts';

/** Throws only `aborted`: the controller is stopping, and the intent stays open in the journal. */
export async function perform(
  intent: Intent,
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<PhaseResult> {
  try {
    const done = await dispatch(intent, job, deps, signal);
    if (done.kind === 'failed') return done;
    return { kind: 'ok', data: done.data };
  } catch (thrown) {
    if (signal.aborted) throw new CiWarmError('aborted', 'the controller is stopping', thrown);
    return { kind: 'failed', failure: failureOf(thrown) };
  }
}

export type Performed =
  | { readonly kind: 'ok'; readonly data: PhaseData }
  | { readonly kind: 'failed'; readonly failure: PhaseFailure };

function dispatch(
  intent: Intent,
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  if (job.kind === 'adopt') return performAdopt(intent, job, deps, signal);
  if (job.kind === 'retire') return performRetire(intent, job, deps, signal);
  if (job.kind === 'drill') return performDrill(intent, job, deps, signal);
  switch (intent.kind) {
    case 'prepare':
      return performPrepare(job, deps, signal);
    case 'undeploy':
      return performUndeploy(job, deps, signal);
    case 'snapshot':
      return performSnapshot(job, deps, signal);
    case 'deploy':
      return performDeploy(intent.which, job, deps, signal);
    case 'judge':
      return performJudge(intent.which, job, deps, signal);
    case 'commit':
      return performCommit(job, deps, signal);
    case 'restore':
      return performRestore(job, deps, signal);
    case 'conclude':
      return performConclude(intent.end, job, deps, signal);
    case 'clear':
    case 'label':
    case 'unlabel':
      throw new CiWarmError('state-invalid', `transition ${job.kind} does no ${intent.kind}`);
    default:
      return assertNever(intent, 'intent');
  }
}

/** By the error's code alone; a throw that is none of ours is the machine's fault, never the release's. */
function failureOf(thrown: unknown): PhaseFailure {
  const base = { message: reasonOf(thrown), lastLogs: [], noAnswer: false };
  if (!(thrown instanceof CiWarmError)) {
    return { ...base, verdict: 'inconclusive', reason: 'InternalError' };
  }
  switch (thrown.code) {
    case 'no-answer':
      return { ...base, verdict: 'inconclusive', reason: 'NoAnswer', noAnswer: true };
    case 'timed-out':
      return { ...base, verdict: 'inconclusive', reason: 'TimedOut' };
    case 'aborted':
      return { ...base, verdict: 'inconclusive', reason: 'Aborted' };
    case 'not-undeployed':
      return { ...base, verdict: 'inconclusive', reason: 'StillInUse' };
    case 'registry-unavailable':
      return { ...base, verdict: 'inconclusive', reason: 'RegistryUnavailable', noAnswer: true };
    case 'registry-denied':
      return { ...base, verdict: 'inconclusive', reason: 'RegistryDenied' };
    case 'image-missing':
      return { ...base, verdict: 'inconclusive', reason: 'ImageMissing' };
    case 'disk-full':
      return { ...base, verdict: 'inconclusive', reason: 'DiskFull' };
    case 'snapshot-invalid':
      return { ...base, verdict: 'refused', reason: 'SnapshotInvalid' };
    case 'recipe-invalid':
      return { ...base, verdict: 'unhealthy', reason: 'RecipeInvalid' };
    case 'conflict':
      return { ...base, verdict: 'refused', reason: 'Conflict' };
    case 'state-invalid':
      return { ...base, verdict: 'refused', reason: 'StateInvalid' };
    case 'busy':
      return { ...base, verdict: 'inconclusive', reason: 'Busy' };
    case 'tool-failed':
      return { ...base, verdict: 'inconclusive', reason: 'ToolFailed' };
    default:
      return assertNever(thrown.code, 'failure code');
  }
}
