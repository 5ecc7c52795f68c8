/** What it means for an app that it was retired: its data is in its snapshot and nowhere else. */
import { withoutDrills } from '../model/drill-verdict.ts';
import type { TransitionSummary } from '../model/journal.ts';
import type { Known } from '../model/known.ts';
import type { Decision } from '../model/plan.ts';
import type { SnapshotManifest } from '../model/snapshot.ts';

/** The newest transition that touched the app; a drill never does. */
export function lastTouch(history: readonly TransitionSummary[]): TransitionSummary | undefined {
  return withoutDrills(history).findLast((past) => past.end !== 'abandoned');
}

/** The retirement that the app has not come back from; undefined: it is not retired. */
export function retirementOf(history: readonly TransitionSummary[]): TransitionSummary | undefined {
  const last = lastTouch(history);
  return last?.kind === 'retire' && last.end === 'succeeded' ? last : undefined;
}

/**
 * Why a retired app cannot come back now; undefined: from its snapshot it can. Never on empty volumes: a snapshot that
 * cannot be read, or is not the one that its data went into, is a matter for a person (L1, S3).
 */
export function whyNotBack(
  name: string,
  retirement: TransitionSummary,
  snapshot: Known<SnapshotManifest | null>,
): Decision | undefined {
  const { snapshotId = null } = retirement;
  if (snapshotId === null) return undefined;
  if (!snapshot.known) return { kind: 'unknown', why: snapshot.why };
  if (snapshot.value?.id === snapshotId) return undefined;
  return {
    kind: 'stalled',
    reason: 'Stranded',
    message: `${name} was retired on ${retirement.endedAt}, and snapshot ${snapshotId}, which its data went into, is not there; put it back under ${name}/snapshot in the state directory, or give the app another name to begin anew`,
  };
}
