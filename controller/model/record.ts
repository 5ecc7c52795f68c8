/** What the state directory says of one app: the controller's own memory, read back each pass. */
import type { Known } from './known.ts';
import type { JournalRecord, TransitionInput, TransitionSummary } from './journal.ts';
import type { Orphan } from './orphan.ts';
import type { LastGood, Quarantine } from './release.ts';
import type { AppRequest } from './request.ts';
import type { SnapshotManifest } from './snapshot.ts';

export interface AppRecord {
  readonly lastGood: LastGood | null;
  readonly quarantine: Quarantine | null;
  /** What a person asked for and no pass has begun yet. */
  readonly request: AppRequest | null;
  /** Since when nothing under `desired/` asks for it; null: something does, or no pass has seen yet that nothing does. */
  readonly orphan: Orphan | null;
  /** Records of the one transition that has no end yet, oldest first; empty when there is none. */
  readonly open: readonly JournalRecord[];
  /** Finished transitions, oldest first. */
  readonly history: readonly TransitionSummary[];
  /** Who the app was and how it was judged when its newest transition began; null: there was none. */
  readonly frozen: Pick<TransitionInput, 'app' | 'policy'> | null;
  /** The manifest of the one last-known-good snapshot; null: none was ever taken. Damage is Unknown, never null. */
  readonly snapshot: Known<SnapshotManifest | null>;
}
