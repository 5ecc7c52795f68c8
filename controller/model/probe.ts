/** What one probe of a deployed app answered. */

/**
 * `nobody`: nothing was wrong, for there was nobody to ask, such as where no container has a health check: no sign of
 * life. `unknown`: the probe could not be made at all, which says nothing about the app (L1).
 */
export type ProbeResult =
  | { readonly kind: 'green'; readonly probe: string; readonly nobody?: true }
  | { readonly kind: 'red'; readonly probe: string; readonly detail: string }
  | { readonly kind: 'unknown'; readonly probe: string; readonly detail: string };
