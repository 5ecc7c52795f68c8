/** What is known of one warm app when it is planned: every question before it was answered. */
import type { AppIdentity } from '../model/app.ts';
import type { Desired, RecipeSpec, WarmAppSpec } from '../model/desired.ts';
import type { RecipeView } from '../model/recipe.ts';
import type { AppRecord } from '../model/record.ts';
import type { SwarmView } from '../model/swarm.ts';
import type { World } from '../model/world.ts';

export interface Context {
  readonly desired: Desired;
  readonly app: WarmAppSpec;
  readonly recipe: RecipeSpec;
  readonly identity: AppIdentity;
  readonly nowMs: number;
  readonly swarm: SwarmView;
  readonly view: RecipeView;
  readonly record: AppRecord;
  readonly structures: World['structures'];
}
