/**
 * A fact about the outside, or the admission that there is none (L1).
 *
 * "No answer" is not "no": code that decides must look at `known` before it may look at `value`, so a failed
 * observation cannot be mistaken for an empty one.
 */
export type Known<T> = { readonly known: true; readonly value: T } | Unknown;

export interface Unknown {
  readonly known: false;
  readonly why: string;
  /** For whoever looks closer: everything that `why` puts into one sentence. Left out where that says it all. */
  readonly details?: readonly string[];
}

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

/** Why something is not known: a sentence for people, taken over into status messages. */
export function unknown(why: string | Omit<Unknown, 'known'>): Unknown {
  if (typeof why === 'string') return { known: false, why };
  const { details = [] } = why;
  return { known: false, why: why.why, ...(details.length > 0 && { details }) };
}

/** The sentence, and then its details. */
export function whyInFull({ why, details = [] }: Unknown): readonly string[] {
  return [why, ...details];
}
