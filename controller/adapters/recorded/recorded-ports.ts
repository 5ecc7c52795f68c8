/**
 * A recorded world as the ports of a pass: what was answered then is answered again, and what was not asked then is not
 * known (L1). Asks nothing of Docker, of a repository or of a state directory, and the time is the record's (L3).
 */
import type { AppIdentity } from '../../model/app.ts';
import { CiWarmError } from '../../model/failure.ts';
import { known, unknown, type Known } from '../../model/known.ts';
import type { AppRecord } from '../../model/record.ts';
import type { RecordedRecipe, RecordedWorld } from '../../model/recorded-world.ts';
import type { ReleaseSpec } from '../../model/release.ts';
import type { AppliedStore } from '../../ports/applied-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Driver } from '../../ports/driver.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Recipes } from '../../ports/recipes.ts';
import type { StateStore } from '../../ports/state-store.ts';
import { readRecipe } from '../../recipe/read-recipe.ts';

export interface RecordedPorts {
  readonly engine: Pick<Engine, 'observe'>;
  readonly recipes: Pick<Recipes, 'view' | 'filesOf'>;
  readonly store: Pick<StateStore, 'apps' | 'records'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly applied: AppliedStore;
  /** What the recipes' recorded files say. */
  readonly driver: Pick<Driver, 'read'>;
}

/** `nothingYet`: what is known of an app that nothing ever happened to. */
export function createRecordedPorts(world: RecordedWorld, nothingYet: AppRecord): RecordedPorts {
  const { swarm, apps, applied } = world;
  const nowMs = Date.parse(world.recordedAt);
  const filesOf = createFilesOf(world);
  return {
    engine: { observe: () => answered(swarm) },
    recipes: {
      view: (name, url) => answered(recipeOf(world, name, url), ({ view }) => view),
      filesOf: (name, url, commits) => answered(filesOf(name, url, commits)),
    },
    store: {
      apps: () => answered(apps),
      records: (names) =>
        Promise.resolve(new Map(names.map((name) => [name, recordOf(world, name, nothingYet)]))),
    },
    clock: { now: () => nowMs },
    applied: {
      path: applied.path,
      read: () =>
        Promise.resolve(applied.last.known ? known(applied.last.value ?? undefined) : applied.last),
      write: () => Promise.resolve(),
    },
    driver: {
      read: async (app: AppIdentity, release: ReleaseSpec) => {
        const files = await answered(filesOf(app.recipe, app.recipeUrl, [release.commit]));
        return readRecipe(files.get(release.commit) ?? new Map(), app, release);
      },
    },
  };
}

/** As a port answers: what is not known is thrown. */
function answered<T>(answer: Known<T>): Promise<T>;
function answered<T, U>(answer: Known<T>, part: (value: T) => Known<U>): Promise<U>;
function answered<T>(
  answer: Known<T>,
  part: (value: T) => Known<unknown> = known,
): Promise<unknown> {
  const inner = answer.known ? part(answer.value) : answer;
  return inner.known
    ? Promise.resolve(inner.value)
    : Promise.reject(new CiWarmError('no-answer', inner.why));
}

function recordOf(
  { apps, records }: RecordedWorld,
  name: string,
  nothingYet: AppRecord,
): Known<AppRecord> {
  const record = Object.hasOwn(records, name) ? records[name] : undefined;
  if (record !== undefined) return record;
  return apps.known && !apps.value.includes(name)
    ? known(nothingYet)
    : unknown(`the recorded world does not have the state of ${name}`);
}

/** A path tells nothing of another machine: there, a recipe of the same name is taken to be the same. */
function recipeOf({ recipes }: RecordedWorld, name: string, url: string): Known<RecordedRecipe> {
  const found = recipes.find((recipe) => recipe.name === name);
  if (found === undefined) return unknown(`the recorded world does not have the recipe ${name}`);
  if (found.url === url || (isPath(found.url) && isPath(url))) return known(found);
  return unknown(
    `the recorded world does not have the recipe ${name} of ${url}: it was recorded from ${found.url}`,
  );
}

function isPath(url: string): boolean {
  return url.startsWith('/') || url.startsWith('file:');
}

type FilesOf = (
  name: string,
  url: string,
  commits: readonly string[],
) => Known<ReadonlyMap<string, ReadonlyMap<string, string>>>;

/** A commit that nobody asked for then may be there or not: that is no answer (L1). */
function createFilesOf(world: RecordedWorld): FilesOf {
  return (name, url, commits) => {
    const recipe = recipeOf(world, name, url);
    if (!recipe.known) return recipe;
    const { files } = recipe.value;
    if (!files.known) return files;
    const found = new Map<string, ReadonlyMap<string, string>>();
    for (const commit of commits) {
      const of = files.value[commit];
      if (of === undefined) {
        const why = `the recorded world does not have the files of the recipe ${name} at ${commit}`;
        return unknown(why);
      }
      if (of === null) continue;
      const texts = Object.entries(of).map(
        ([path, place]) => [path, world.texts[place] ?? ''] as const,
      );
      found.set(commit, new Map(texts));
    }
    return known(found);
  };
}
