/**
 * The JSON files of the state directory, by kind, and what each holds. Their form in words and its JSON Schema stand in
 * docs/on-disk-formats.md and schema/state/.
 */
import type { Alert } from './alert.ts';
import type { AppliedDesired } from './applied-desired.ts';
import type { ObjectStatus } from './condition.ts';
import type { AlertOutboxState } from './delivery.ts';
import type { JournalRecord } from './journal.ts';
import type { Orphan } from './orphan.ts';
import type { LastGood, Quarantine } from './release.ts';
import type { AppRequest } from './request.ts';
import type { SnapshotManifest } from './snapshot.ts';

/** `status/controller.json`: that a controller lives, and since when. */
export interface ControllerStatus {
  readonly pid: number;
  readonly startedAt: string;
  readonly lastPassAt: string;
  readonly version: string;
  /** What of desired state is in force; left out before any was. */
  readonly lastAppliedRevision?: string;
  /** The newest desired state that was seen; another than the last applied one where that was refused. */
  readonly lastAttemptedRevision?: string;
  /** Why newer desired state is not followed, for people; left out while it is. */
  readonly notFollowedBecause?: string;
}

/** `alerts/.ledger.json`: which events were told, also when people removed the files (A1). */
export interface AlertLedger {
  readonly alerts: readonly AlertLedgerEntry[];
}

export interface AlertLedgerEntry {
  /** Name of the alert's file without `.json`. */
  readonly id: string;
  readonly app: string;
  readonly kind: Alert['kind'];
  readonly fingerprint: string;
  /** True: what it told is over, and the same may be told again. Kept as long as the file is there. */
  readonly settled: boolean;
}

export interface StateFiles {
  readonly 'last-good': LastGood;
  readonly quarantine: Quarantine;
  readonly request: AppRequest;
  readonly orphan: Orphan;
  readonly 'journal-record': JournalRecord;
  readonly 'snapshot-manifest': SnapshotManifest;
  readonly 'object-status': ObjectStatus;
  readonly 'status-index': unknown;
  readonly controller: ControllerStatus;
  readonly alert: Alert;
  readonly 'applied-desired': AppliedDesired;
  readonly 'alert-ledger': AlertLedger;
  readonly 'alert-outbox': AlertOutboxState;
}

export type StateFileKind = keyof StateFiles;

/** What is wrong with a value as such a file, one sentence each; empty when it conforms to the schema. */
export type CheckState = (kind: StateFileKind, value: unknown) => readonly string[];
