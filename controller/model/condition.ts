/** The public vocabulary of status: conditions are observations, not a state machine. */

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
  readonly reason: string;
  /** A sentence that ends with what to do, where something is to be done. */
  readonly message: string;
  /** When `status` last changed, RFC 3339. */
  readonly lastTransitionTime: string;
}

/** `status/<kind>/<name>.json`. */
export interface ObjectStatus {
  readonly apiVersion: 'ci-warm.dev/v1';
  readonly kind: string;
  readonly name: string;
  readonly observedRevision: string;
  readonly conditions: readonly Condition[];
  readonly versions: {
    readonly current: string | null;
    readonly target: string | null;
    readonly latest: string | null;
  };
  readonly hold: unknown;
  readonly quarantine: unknown;
  readonly lastTransitions: readonly unknown[];
}
