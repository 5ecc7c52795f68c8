/**
 * Leases in a store that every controller of one Swarm shares: who may act on the apps of a scope, so that two never do.
 *
 * A store of facts and no more: it compares and sets, and knows no time. When a lease counts as free is decided by
 * reconcile/lease-tenure.ts. Errors of every call: `no-answer`, and `tool-failed` where the store refuses.
 */

/** What a controller writes when it takes, renews or gives up a lease. */
export interface Claim {
  /** Who: the same after a restart on the same host and state directory. For people too. */
  readonly holder: string;
  /** One run of one process. */
  readonly session: string;
  /** Counts the writes of a session: with it, every claim is different from every other. */
  readonly beat: number;
  /** RFC 3339, by the holder's clock. For people only: nothing compares the clocks of two hosts. */
  readonly renewedAt: string;
  /** How long the others leave it alone after they saw it change. */
  readonly ttlMs: number;
  /** Nobody holds it. It is never written again, only replaced by a new one. */
  readonly isGivenUp: boolean;
}

/** A lease as it is in the store. */
export interface LeaseView extends Claim {
  readonly id: string;
  /** Another one after each write. */
  readonly version: number;
}

export interface Leases {
  /** The lease of a scope as it is now; undefined where there is none. May be repeated. */
  look(scope: string, signal: AbortSignal): Promise<LeaseView | undefined>;
  /**
   * Writes the claim if the lease is still as it was `seen` (undefined: there was none; given up: it is replaced), and
   * says whether it did: false when somebody else was faster. An error is looked into first, for it may have been done
   * all the same (L4); what is thrown then is not known to have been done, and may still be.
   */
  write(
    scope: string,
    seen: LeaseView | undefined,
    claim: Claim,
    signal: AbortSignal,
  ): Promise<boolean>;
  /** Removes a lease that was given up; already gone is fine. One that somebody made since stays. */
  remove(seen: LeaseView, signal: AbortSignal): Promise<void>;
}
