/** What one probe of a deployed app answered. */

/** `unknown`: the probe could not be made at all, which says nothing about the app (L1). */
export type ProbeResult =
  | { readonly kind: 'green'; readonly probe: string }
  | { readonly kind: 'red'; readonly probe: string; readonly detail: string }
  | { readonly kind: 'unknown'; readonly probe: string; readonly detail: string };
