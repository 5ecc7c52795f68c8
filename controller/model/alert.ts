/** What a person is told. One alert per event, not per tick (A1): the fingerprint says which event. */

export type AlertKind =
  | 'held-major'
  | 'held-manual-migration'
  | 'held-unparsable'
  | 'held-image-major'
  | 'held-volume'
  | 'held-new-configuration'
  | 'held-downgrade'
  | 'held-domain'
  | 'held-unhealthy'
  | 'held-adoption'
  | 'rollback'
  | 'rollback-failed'
  | 'unhealthy'
  | 'desired-invalid'
  | 'desired-stale'
  | 'disk-low'
  | 'realm-leak'
  | 'sweep-red'
  | 'canonical-lost'
  | 'snapshot-invalid'
  | 'recovered';

/** One reason of a hold, with its evidence. `from` and `to` are the two values that differ. */
export interface HoldReason {
  readonly kind: Extract<AlertKind, `held-${string}`>;
  /** One CamelCase word, for conditions and JSON. */
  readonly reason: string;
  /** A sentence. */
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly from: string | null;
  readonly to: string | null;
}

export interface Alert {
  readonly kind: AlertKind;
  /** `host` for the host's own. */
  readonly app: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly title: string;
  readonly message: string;
  readonly at: string;
  readonly fingerprint: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly reasons: readonly Omit<HoldReason, 'kind' | 'message'>[];
  readonly releaseNotes: readonly { readonly version: string; readonly text: string }[];
  readonly diff: string | null;
  readonly lastLogs: readonly string[];
  readonly runbook: string | null;
  /** The command or patch that resolves it. */
  readonly resolve: string;
}

/** Which event was told by which alert. */
export interface ToldAlert {
  /** Name of the alert's file without `.json`. */
  readonly id: string;
  readonly app: string;
  readonly kind: AlertKind;
  readonly fingerprint: string;
}
