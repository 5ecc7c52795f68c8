/**
 * The plan: a value that leaves no choice to execution. It names every desired object once (habit: what is not acted on
 * says why), can be printed, and is the same for the same desired, observed and time (L3).
 */
import type { HoldReason } from './alert.ts';
import type { TransitionInput, TransitionKind } from './journal.ts';

export interface ObjectRef {
  readonly kind: 'WarmApp' | 'Canonical' | 'Run' | 'Sweep';
  readonly name: string;
}

/** A newer version that is not taken, and all the reasons (not only the first). */
export interface Hold {
  readonly version: string;
  readonly commit: string;
  readonly reasons: readonly HoldReason[];
  readonly notes: readonly { readonly version: string; readonly text: string }[];
}

export type Decision =
  /** Begin this transition now. */
  | {
      readonly kind: 'start';
      readonly transition: TransitionKind;
      readonly input: TransitionInput;
      readonly why: string;
      /** Of what a person asked for: the transition takes its id. */
      readonly requestId?: string;
    }
  /** One is under way, or was interrupted and goes on from the journal. */
  | {
      readonly kind: 'in-transition';
      readonly id: string;
      readonly transition: TransitionKind;
      readonly phase: string;
    }
  /** Something is to be done, and not yet: others are before it. No planner says so; the pass that cannot begin does. */
  | { readonly kind: 'waiting'; readonly message: string }
  | { readonly kind: 'in-sync'; readonly version: string }
  /** `untilMs`: then it is judged anew by itself, for `gate.minAge` is over. */
  | { readonly kind: 'held'; readonly message: string; readonly untilMs?: number }
  | { readonly kind: 'quarantined'; readonly version: string; readonly message: string }
  | {
      readonly kind: 'backing-off';
      readonly untilMs: number;
      /** Of the failed attempt, as `PhaseFailure.reason`. */
      readonly reason: string;
      readonly message: string;
    }
  | { readonly kind: 'suspended' }
  /**
   * Nothing under `desired/` asks for it any more: kept as it is, and why. `untilMs`: then it is retired by itself, for its
   * grace time is over.
   */
  | {
      readonly kind: 'orphaned';
      readonly message: string;
      readonly untilMs?: number;
      /** Nothing of it runs and nothing more is done to it: a person may have it pruned. */
      readonly isPrunable: boolean;
    }
  /** The object is invalid, or not served yet: only a change of desired state helps. */
  | { readonly kind: 'stalled'; readonly reason: string; readonly message: string }
  /** Something could not be observed: nothing is decided until it can (L1). */
  | { readonly kind: 'unknown'; readonly why: string };

export interface PlanEntry {
  readonly object: ObjectRef;
  readonly decision: Decision;
  /** What is held back, whatever the decision: an app may go to one version while a newer one is held. */
  readonly hold: Hold | null;
  /** A version in the way could not be read: what was held before may be held still (L1). */
  readonly isHoldUnknown?: true;
  /**
   * This controller stands by: the app is another one's, or nobody can tell whose. People are told nothing of it. No planner
   * says so; the pass that may not act does.
   */
  readonly isStandby?: true;
  /** Versions, for status: what is wanted, what is proved good, what is the newest known. */
  readonly current: string | null;
  readonly target: string | null;
  readonly latest: string | null;
  /** What a person asked for and cannot have; taken back by the pass that says so. */
  readonly refused?: { readonly id: string; readonly why: string };
  /** A person asked for everything of a retired app to go, and it may. */
  readonly prune?: {
    readonly id: string;
    readonly stack: string;
    /** What kept the pass from doing it; null: it is done. Left out by the planner. */
    readonly trouble?: string | null;
  };
}

/** What people should know, and what changes nothing of the plan. */
export interface PlanWarning {
  readonly object: ObjectRef;
  readonly code: 'unprobed';
  readonly message: string;
}

export interface Plan {
  readonly revision: string;
  readonly entries: readonly PlanEntry[];
}
