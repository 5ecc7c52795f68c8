/**
 * A fact about the outside, or the admission that there is none (L1).
 *
 * "No answer" is not "no": code that decides must look at `known` before it may look at `value`, so a failed
 * observation cannot be mistaken for an empty one.
 */
export type Known<T> =
  { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

/** `why`: a sentence for people, taken over into status messages. */
export function unknown(why: string): Known<never> {
  return { known: false, why };
}
