/**
 * The world as this pass sees it: every port asked, in parallel, and then the recipes' files, where something newer than
 * what runs may be gone to. An answer that does not come becomes Unknown with its reason (L1); it never becomes empty.
 */
import type { Desired } from '../model/desired.ts';
import { reasonOf } from '../model/failure.ts';
import { known, unknown, type Known } from '../model/known.ts';
import { parseAppName, type AppName, type RecipeName } from '../model/names.ts';
import type { RecipeView } from '../model/recipe.ts';
import type { AppRecord } from '../model/record.ts';
import type { World } from '../model/world.ts';
import { structuresNeeded } from '../plan/structures-needed.ts';
import type { Clock } from '../ports/clock.ts';
import type { Engine } from '../ports/engine.ts';
import type { Recipes } from '../ports/recipes.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { StructureReader } from './structure-reader.ts';

export interface ObserveDeps {
  readonly engine: Pick<Engine, 'observe'>;
  readonly recipes: Pick<Recipes, 'view'>;
  readonly store: Pick<StateStore, 'apps' | 'records'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly structures: Pick<StructureReader, 'read'>;
}

/** Throws only when the signal aborts. */
export async function observeWorld(
  desired: Desired | undefined,
  deps: ObserveDeps,
  signal: AbortSignal,
): Promise<World> {
  const [swarm, recipes, records] = await Promise.all([
    attempt(() => deps.engine.observe(signal)),
    observeRecipes(desired, deps, signal),
    readRecords(desired, deps),
  ]);
  const needed =
    desired === undefined ? [] : structuresNeeded(desired, { recipes, records, swarm });
  const structures = await deps.structures.read(needed, signal);
  signal.throwIfAborted();
  return { nowMs: deps.clock.now(), swarm, recipes, records, structures };
}

async function observeRecipes(
  desired: Desired | undefined,
  deps: ObserveDeps,
  signal: AbortSignal,
): Promise<ReadonlyMap<RecipeName, Known<RecipeView>>> {
  if (desired === undefined) return new Map();
  const used = new Set([...desired.warmApps.values()].map((app) => app.recipe));
  const views = await Promise.all(
    [...used].map(async (name): Promise<[RecipeName, Known<RecipeView>]> => {
      const recipe = desired.recipes.get(name);
      return recipe === undefined
        ? [name, unknown(`there is no recipe ${name}`)]
        : [name, await attempt(() => deps.recipes.view(recipe.name, recipe.url, signal))];
    }),
  );
  return new Map(views);
}

/**
 * Of every app that is wanted, and of every other one that the state directory knows: nothing is forgotten. While the
 * others cannot be listed, none is known: what one of them still has could be begun in (L1).
 */
async function readRecords(
  desired: Desired | undefined,
  deps: ObserveDeps,
): Promise<ReadonlyMap<AppName, Known<AppRecord>>> {
  const stored = await attempt(() => deps.store.apps());
  const others = stored.known ? stored.value.flatMap((name) => parseAppName(name) ?? []) : [];
  const apps = [...new Set([...(desired?.warmApps.keys() ?? []), ...others])];
  const records = stored.known ? await attempt(() => deps.store.records(apps)) : stored;
  return new Map(
    apps.map((app) => {
      const record = records.known ? records.value.get(app) : undefined;
      return [app, record ?? unknown(records.known ? 'its state was not read' : records.why)];
    }),
  );
}

async function attempt<T>(ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return known(await ask());
  } catch (thrown) {
    return unknown(reasonOf(thrown));
  }
}
