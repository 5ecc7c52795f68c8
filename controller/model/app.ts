/**
 * Who an app is and how it is judged: frozen into the journal when a transition begins, so that recovery after a
 * crash needs neither the desired tree nor the recipe's newest state to finish what was started (L2).
 */
import type { GivenSecret, HealthSpec } from './desired.ts';
import type { AppName, Domain, RecipeName, StackName } from './names.ts';

/** Stateful apps are undeployed, snapshotted and restored; stateless ones roll back by version alone. */
export type DataKind = 'Stateful' | 'Stateless';

export interface AppIdentity {
  readonly name: AppName;
  readonly recipe: RecipeName;
  /** Where the recipe's repository is: an absolute path or a URL. */
  readonly recipeUrl: string;
  readonly driver: 'Stack' | 'Abra';
  readonly domain: Domain;
  readonly stack: StackName;
  readonly data: DataKind;
  /** The external overlay that recipes expect. */
  readonly proxyNetwork: string;
  /** Secrets that people give, by the file that holds the value. All others are generated when missing. */
  readonly givenSecrets: readonly GivenSecret[];
}

/** What "it worked" means for an app (the health gate's inputs). */
export interface HealthPolicy {
  readonly health: HealthSpec;
  /** All wanted tasks must be running within this time after the deploy. */
  readonly convergeMs: number;
  /** Probes must be green within this time after the tasks run. */
  readonly bootMs: number;
}
