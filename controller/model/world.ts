/** Everything a plan is made from, beside the desired state: the world as this pass saw it. */
import type { AppName, RecipeName } from './names.ts';
import type { Known } from './known.ts';
import type { RecipeView } from './recipe.ts';
import type { AppRecord } from './record.ts';
import type { RecipeStructure } from './structure.ts';
import type { SwarmView } from './swarm.ts';

export interface World {
  readonly nowMs: number;
  readonly swarm: Known<SwarmView>;
  readonly recipes: ReadonlyMap<RecipeName, Known<RecipeView>>;
  readonly records: ReadonlyMap<AppName, Known<AppRecord>>;
  /** By `structureKey`: of apps that a newer version waits for, what runs and every version in the way; of no others. */
  readonly structures: ReadonlyMap<string, Known<RecipeStructure>>;
}
