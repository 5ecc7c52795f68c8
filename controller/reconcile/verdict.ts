/** What `controller --once` ends with: the contract's exit codes, the first that applies. */
import type { ObjectStatus } from '../model/condition.ts';
import { summaryCondition } from '../report/index-file.ts';
import type { Pass } from './pass.ts';
import type { EndedTransition } from './runners.ts';

const onceExitCode = { ready: 0, notReady: 1, invalid: 2, rolledBack: 5 } as const;

/**
 * Held, quarantined and suspended apps are as ready as they can be without a person: they do not count as not ready. An
 * app that waits for its next attempt may well run, but is not where it should be. So is a repository that does not answer:
 * nobody wrote anything wrong, and it is asked again.
 */
export function judgeOnce(
  pass: Pass,
  ended: readonly EndedTransition[],
  statuses: readonly ObjectStatus[],
): number {
  const { loaded, progress } = pass;
  const isAway = progress.stale?.code === 'fetch-failed';
  const isRefused = (!loaded.known || progress.stale !== undefined) && !isAway;
  const isInvalid = isRefused || (loaded.known && loaded.value.problems.length > 0);
  if (isInvalid) return onceExitCode.invalid;
  const isTurnedRound = ended.some(
    ({ how }) => how === 'rolled-back' || how === 'stranded' || how === 'undeployed',
  );
  if (isTurnedRound) return onceExitCode.rolledBack;
  const atRest = new Set(
    pass.plan.entries
      .filter(({ decision }) => ['held', 'quarantined', 'suspended'].includes(decision.kind))
      .map(({ object }) => `${object.kind}/${object.name}`),
  );
  const isReady = statuses.every(
    (status) =>
      atRest.has(`${status.kind}/${status.name}`) || summaryCondition(status).status === 'True',
  );
  const isWaiting = pass.plan.entries.some(({ decision }) => decision.kind === 'backing-off');
  return isReady && !isWaiting && !isAway ? onceExitCode.ready : onceExitCode.notReady;
}
