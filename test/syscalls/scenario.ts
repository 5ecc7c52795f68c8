/** One action to be attacked, and what must hold of the state directory whatever happens to it. */
import type { Act } from './acts.ts';

/** A state directory of its own for one attack. */
export interface Ground {
  readonly stateDir: string;
  readonly act: Act;
  /** After the attack, before anything is repeated: one sentence for whatever is broken. */
  whatIsBroken(): Promise<readonly string[]>;
  /** After the action has said that it is done: the same, and what is missing. `repeated`: leftovers are gone, too. */
  whatIsMissing(repeated: boolean): Promise<readonly string[]>;
  remove(): void;
}

/** A program that the action starts. */
export interface Tool {
  readonly program: string;
  /** Stands in its arguments when it is this use of it. */
  readonly argument: string;
  /** The system calls of it that are attacked. */
  readonly kinds: readonly string[];
}

export interface Scenario {
  readonly name: string;
  readonly tools: readonly Tool[];
  /** The same each time, in another place. */
  prepare(): Ground;
}
