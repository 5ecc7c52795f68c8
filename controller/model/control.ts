/** What commands ask of a running controller and what it answers: the messages of the control socket. */

export type ControlRequest =
  /** Look now. With a name the answer waits until that app is at rest; `retry` lifts its quarantine first. */
  | { readonly verb: 'reconcile'; readonly name: string | null; readonly retry: boolean }
  /** Back to the snapshot, or try whether it could be; the answer waits for the end of the transition. */
  | { readonly verb: 'restore' | 'drill'; readonly name: string }
  /** Take away everything of an app that was retired. */
  | { readonly verb: 'prune'; readonly name: string };

/**
 * - `done`: at rest as wanted, or what was asked for succeeded.
 * - `held`: a gate holds the app.
 * - `unsuccessful`: a version or a transition failed, and was turned round.
 * - `not-done`: anything else that is not as wanted, and what was not begun.
 * - `busy`: something that was asked for earlier waits to be begun.
 */
export type ControlOutcome = 'done' | 'held' | 'unsuccessful' | 'not-done' | 'busy';

export interface ControlAnswer {
  readonly outcome: ControlOutcome;
  /** A sentence; it ends with what to do, where something is to be done. */
  readonly message: string;
}
