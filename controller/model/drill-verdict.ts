/** What a drill says of the snapshot that it was about. */
import type { PhaseFailure, TransitionSummary } from './journal.ts';

/**
 * Whether the snapshot is at fault: it is damaged or belongs elsewhere, or its release does not become healthy on it. No
 * answer, a full disk, or a recipe that cannot run beside itself say nothing about it.
 */
export function blamesSnapshot({
  verdict,
  reason,
}: Pick<PhaseFailure, 'verdict' | 'reason'>): boolean {
  return verdict === 'unhealthy' || reason === 'SnapshotInvalid';
}

/** The newest drill of this snapshot that says something about it. */
export function lastDrill(
  history: readonly TransitionSummary[],
  snapshotId: string,
): TransitionSummary | undefined {
  return history.findLast(
    (past) =>
      past.kind === 'drill' &&
      past.snapshotId === snapshotId &&
      (past.end === 'succeeded' || (past.failure !== null && blamesSnapshot(past.failure))),
  );
}

/** What was done to the app itself: a drill never touches it. */
export function withoutDrills(history: readonly TransitionSummary[]): readonly TransitionSummary[] {
  return history.some(({ kind }) => kind === 'drill')
    ? history.filter(({ kind }) => kind !== 'drill')
    : history;
}
