/** What one question to one task came to, before it has the name of its probe. */
export type Answer =
  | { readonly kind: 'green'; readonly nobody?: true }
  | { readonly kind: 'red'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string };

export const green: Answer = { kind: 'green' };

/** Nothing is wrong, for there was nobody to ask. */
export const nobody: Answer = { kind: 'green', nobody: true };

export function red(detail: string): Answer {
  return { kind: 'red', detail };
}

/** Says nothing about the app (L1). */
export function unknown(detail: string): Answer {
  return { kind: 'unknown', detail };
}
