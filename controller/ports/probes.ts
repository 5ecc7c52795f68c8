/** Health probes against running tasks. */
import type { ProbeSpec } from '../model/desired.ts';
import type { SwarmView } from '../model/swarm.ts';

/** `unknown`: the probe could not be made at all, which says nothing about the app (L1). */
export type ProbeResult =
  | { readonly kind: 'green'; readonly probe: string }
  | { readonly kind: 'red'; readonly probe: string; readonly detail: string }
  | { readonly kind: 'unknown'; readonly probe: string; readonly detail: string };

export interface ProbeTarget {
  readonly stack: string;
  readonly domain: string;
  readonly view: SwarmView;
}

export interface Probes {
  /** One round, in parallel, each bounded to a few seconds. Never throws for an app's sake. */
  run(
    probes: readonly ProbeSpec[],
    target: ProbeTarget,
    signal: AbortSignal,
  ): Promise<readonly ProbeResult[]>;
}
