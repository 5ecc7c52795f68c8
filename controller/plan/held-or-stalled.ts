/** Nothing is done, and a person reads why. */
import type { Decision, Hold } from '../model/plan.ts';

type Held = Extract<Decision, { kind: 'held' }>;

/** By all its reasons at once, in one line. */
export function held({ reasons }: Hold): Held {
  return { kind: 'held', message: reasons.map(({ message }) => message).join('; ') };
}

/** It cannot be done, and time alone changes nothing about that. */
export function stalled(reason: string, message: string): Decision {
  return { kind: 'stalled', reason, message };
}
