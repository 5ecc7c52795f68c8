/** Health probes against running tasks. */
import type { ProbeSpec } from '../model/desired.ts';
import type { ProbeResult } from '../model/probe.ts';
import type { SwarmView } from '../model/swarm.ts';

export type { ProbeResult };

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
