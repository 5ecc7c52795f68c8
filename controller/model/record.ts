/** What the state directory says of one app: the controller's own memory, read back each pass. */
import type { Known } from './known.ts';
import type { JournalRecord, TransitionSummary } from './journal.ts';
import type { LastGood, Quarantine } from './release.ts';
import type { AppRequest } from './request.ts';
import type { SnapshotManifest } from './snapshot.ts';

export interface AppRecord {
  readonly lastGood: LastGood | null;
  readonly quarantine: Quarantine | null;
  /** What a person asked for and no pass has begun yet. */
  readonly request: AppRequest | null;
  /** Records of the one transition that has no end yet, oldest first; empty when there is none. */
  readonly open: readonly JournalRecord[];
  /** Finished transitions, oldest first. */
  readonly history: readonly TransitionSummary[];
  /** The manifest of the one last-known-good snapshot; null: none was ever taken. Damage is Unknown, never null. */
  readonly snapshot: Known<SnapshotManifest | null>;
}
