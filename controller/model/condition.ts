/**
 * The public vocabulary of status: conditions are observations, not a state machine. Their reasons are in reasons.ts;
 * report/status.ts alone builds them.
 */
import type { HoldReason } from './alert.ts';
import type { Kind } from './desired.ts';
import type { TransitionEnd, TransitionKind } from './journal.ts';
import type { Reason } from './reasons.ts';
import type { Quarantine } from './release.ts';

export type ConditionType =
  | 'Ready'
  | 'Succeeded'
  | 'Reconciling'
  | 'Stalled'
  | 'UpgradeHeld'
  | 'Quarantined'
  | 'RolledBack'
  | 'SnapshotValid'
  | 'Healthy'
  | 'Orphaned';

export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  /** One CamelCase word; part of the interface. */
  readonly reason: Reason;
  /** A sentence that ends with what to do, where something is to be done. */
  readonly message: string;
  /** When `status` last changed, RFC 3339. */
  readonly lastTransitionTime: string;
}

/** A newer version that is not taken, with all the evidence. Its release notes are in the alert. */
export interface HoldStatus {
  readonly version: string;
  readonly commit: string;
  readonly reasons: readonly HoldReason[];
}

/** A finished transition as status tells it: the last log lines of a failure are in its alert. */
export interface TransitionStatus {
  readonly id: string;
  readonly kind: TransitionKind;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly end: TransitionEnd;
  readonly fromVersion: string | null;
  readonly toVersion: string;
  /** Why it was turned round; null where it was not. */
  readonly failure: { readonly reason: string; readonly message: string } | null;
}

/** `status/<kind>/<name>.json`. Two passes that observe the same write the same bytes: nothing here tells the time. */
export interface ObjectStatus {
  readonly apiVersion: 'ci-warm.dev/v1';
  readonly kind: Kind;
  readonly name: string;
  readonly observedRevision: string;
  /** In one fixed order, `Ready` or `Succeeded` first. */
  readonly conditions: readonly Condition[];
  /** What is proved good, what is wanted, and the newest that is known. All null for kinds that have no version. */
  readonly versions: {
    readonly current: string | null;
    readonly target: string | null;
    readonly latest: string | null;
  };
  readonly hold: HoldStatus | null;
  readonly quarantine: Quarantine | null;
  /** The last five, newest first. */
  readonly lastTransitions: readonly TransitionStatus[];
}

/** `status/index.json`: the summary of every object in one file. */
export interface StatusIndex {
  readonly apiVersion: 'ci-warm.dev/v1';
  readonly observedRevision: string;
  /** The same as `observedRevision`. */
  readonly revision: string;
  /** One sentence. */
  readonly summary: string;
  readonly objects: readonly {
    readonly kind: Kind;
    readonly name: string;
    readonly ready: Condition['status'];
    readonly reason: string;
    readonly message: string;
  }[];
}
