/**
 * The shape that every transition has: a table from phase to what is done in it and where each outcome leads.
 *
 * Execution writes the intent to the journal, performs it, writes the outcome and asks for the next phase, until the
 * table says how it ends. A phase can be performed twice, when the controller died between the two writes: so every
 * intent is one that may be repeated, and recovery after a crash is nothing but going on (L2).
 */
import type { PhaseFailure, TransitionEnd } from '../model/journal.ts';

/** What is to be done, as data. `to` and `from` are the transition's two releases. */
export type Intent =
  /** Images of both ways present and pinned, room reserved, the way back verified (U2). Touches nothing. */
  | { readonly kind: 'prepare' }
  /** Services → tasks and containers gone → networks; done when `undeployed` holds (S1). */
  | { readonly kind: 'undeploy' }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'deploy'; readonly which: 'to' | 'from' }
  | { readonly kind: 'judge'; readonly which: 'to' | 'from' }
  /** `last_good` moves; what is no longer needed goes. */
  | { readonly kind: 'commit' }
  | { readonly kind: 'restore' }
  /** What runs is told whose it is, on its services alone: no task is replaced. */
  | { readonly kind: 'label' }
  /** What `label` wrote is taken off again. */
  | { readonly kind: 'unlabel' }
  /** Everything that a drill made goes, or the live volumes of an app that is retired (R2). */
  | { readonly kind: 'clear' }
  /** Says what happened: quarantine when it is the release's fault, one alert (A1). */
  | { readonly kind: 'conclude'; readonly end: TransitionEnd };

/** Where an outcome leads: to another phase, to the same one again after a pause, or to the end. */
export type Next<Phase extends string> =
  | { readonly kind: 'phase'; readonly phase: Phase }
  | { readonly kind: 'retry' }
  | { readonly kind: 'end'; readonly end: TransitionEnd };

export interface PhaseRow<Phase extends string> {
  readonly intent: Intent;
  /** For the generated page: what is true when the phase is over. */
  readonly promises: string;
  readonly ok: Next<Phase>;
  /** `answered`: how many failures of this phase were answers so far, this one included. */
  readonly failed: (failure: PhaseFailure, answered: number) => Next<Phase>;
}

export type PhaseTable<Phase extends string> = Readonly<Record<Phase, PhaseRow<Phase>>>;

export interface TransitionTable<Phase extends string = string> {
  readonly first: Phase;
  readonly phases: PhaseTable<Phase>;
}

/** How often a step of the way back is tried before the app is left undeployed and a person is called. */
export const BACK_ATTEMPTS_MAX = 5;

export function go<Phase extends string>(phase: Phase): Next<Phase> {
  return { kind: 'phase', phase };
}

export function end(how: TransitionEnd): Next<never> {
  return { kind: 'end', end: how };
}

/**
 * A step of the way back. No answer is waited out for as long as it takes: giving up would leave the app down for the
 * sake of an Engine that restarts. What fails for another reason is tried a few times; what is refused, never again.
 */
export function persistently<Phase extends string>(otherwise: Phase) {
  return (failure: PhaseFailure, answered: number): Next<Phase> => {
    if (failure.noAnswer) return { kind: 'retry' };
    const isWorthAnother = failure.verdict === 'inconclusive' && answered < BACK_ATTEMPTS_MAX;
    return isWorthAnother ? { kind: 'retry' } : go(otherwise);
  };
}

/** A last step that must be done however long it takes: records and alerts. */
export function untilDone(): Next<never> {
  return { kind: 'retry' };
}
