/**
 * Whether the cause of an alert still holds: what was seen of causes in a pass, and what follows for an alert that was
 * told before. L1: where nobody could look, the answer is neither yes nor no.
 */
import type { ToldAlert } from '../model/alert.ts';

/** What a pass saw. */
export interface Standing {
  /** Fingerprints of the alerts that would be raised now. */
  readonly fingerprints: ReadonlySet<string>;
  /** Desired state could be read, so that whatever is wrong in it is among them. */
  readonly isTreeRead: boolean;
  /** What people want now is followed. */
  readonly isFollowed: boolean;
  /** It could be seen how much room the disk has. */
  readonly isDiskKnown: boolean;
  /** Apps whose holds are all among them. */
  readonly heldJudged: ReadonlySet<string>;
  /** Apps whose illness, or install or way back that failed, is among them if there is one. */
  readonly healthJudged: ReadonlySet<string>;
}

/** `over` also for what happened once and holds for no time at all, such as a rollback: the app is well. */
export type Verdict = 'holds' | 'over' | 'unknown';

/** Whether the cause of an alert that was told holds now. */
export function verdictOn(
  { app, kind, fingerprint }: Omit<ToldAlert, 'id'>,
  standing: Standing,
): Verdict {
  if (standing.fingerprints.has(fingerprint)) return 'holds';
  if (kind === 'desired-invalid') return standing.isTreeRead ? 'over' : 'unknown';
  // Not followed for another reason is not over.
  if (kind === 'desired-stale') return standing.isFollowed ? 'over' : 'unknown';
  if (kind === 'disk-low') return standing.isDiskKnown ? 'over' : 'unknown';
  if (kind.startsWith('held-')) return standing.heldJudged.has(app) ? 'over' : 'unknown';
  // A first install that failed is told as a rollback, and leaves the app undeployed.
  if (kind === 'unhealthy' || kind === 'rollback-failed' || kind === 'rollback') {
    return standing.healthJudged.has(app) ? 'over' : 'unknown';
  }
  return 'over';
}
