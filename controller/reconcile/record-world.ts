/**
 * Writes down what a pass saw, so that it can be planned against elsewhere: the world, and the files of every release of
 * its recipes, so that other versions and other configurations than today's can be planned for.
 *
 * Not here: the file (wire/recorded-world.ts), and how it is read again (adapters/recorded/).
 */
import type { Desired } from '../model/desired.ts';
import { reasonOf } from '../model/failure.ts';
import { known, unknown, type Known } from '../model/known.ts';
import type { RecipeName } from '../model/names.ts';
import type { RecordedRecipe, RecordedWorld } from '../model/recorded-world.ts';
import type { World } from '../model/world.ts';
import type { AppliedStore } from '../ports/applied-store.ts';
import type { Recipes } from '../ports/recipes.ts';
import type { StateStore } from '../ports/state-store.ts';
import { swarmToRecord, stateToRecord } from './fit-to-record.ts';

export interface RecordDeps {
  readonly recipes: Pick<Recipes, 'filesOf'>;
  readonly store: Pick<StateStore, 'apps'>;
  readonly applied: Pick<AppliedStore, 'path' | 'read'>;
  /** Of ci-warm. */
  readonly version: string;
}

/** What cannot be read is written down as Unknown, with its reason (L1). Throws only when the signal aborts. */
export async function recordWorld(
  seen: { readonly desired: Desired; readonly world: World },
  deps: RecordDeps,
  signal: AbortSignal,
): Promise<RecordedWorld> {
  const { desired, world } = seen;
  const texts = new Texts();
  const recipes: RecordedRecipe[] = [];
  for (const [name, view] of world.recipes) {
    const url = desired.recipes.get(name)?.url;
    if (url === undefined) continue;
    const files = await filesOf(
      { name, url, commits: commitsOf(name, world, desired) },
      deps,
      signal,
    );
    signal.throwIfAborted();
    recipes.push({ name, url, view, files: files.known ? known(texts.take(files.value)) : files });
  }
  const applied = await deps.applied.read();
  return {
    version: deps.version,
    observedRevision: desired.revision,
    recordedAt: new Date(world.nowMs).toISOString(),
    applied: {
      path: deps.applied.path,
      last: applied.known ? known(applied.value ?? null) : applied,
    },
    swarm: world.swarm.known ? known(swarmToRecord(world.swarm.value)) : world.swarm,
    apps: await attempt(() => deps.store.apps()),
    records: Object.fromEntries(
      [...world.records].map(([app, record]) => [
        app,
        record.known ? known(stateToRecord(record.value)) : record,
      ]),
    ),
    recipes,
    texts: texts.all,
  };
}

/** Every release, and what runs: that may be gone from the repository's releases. */
function commitsOf(name: RecipeName, world: World, desired: Desired): readonly string[] {
  const view = world.recipes.get(name);
  const releases = view?.known === true ? view.value.releases.map(({ commit }) => commit) : [];
  const running = [...desired.warmApps.values()]
    .filter((app) => app.recipe === name)
    .flatMap((app) => {
      const record = world.records.get(app.name);
      return record?.known === true ? (record.value.lastGood?.commit ?? []) : [];
    });
  return [...new Set<string>([...releases, ...running])];
}

type Files = ReadonlyMap<string, ReadonlyMap<string, string> | undefined>;

async function filesOf(
  { name, url, commits }: { name: string; url: string; commits: readonly string[] },
  { recipes }: RecordDeps,
  signal: AbortSignal,
): Promise<Known<Files>> {
  return await attempt(async () => {
    const found = await recipes.filesOf(name, url, commits, signal);
    return new Map(commits.map((commit) => [commit, found.get(commit)]));
  });
}

/** Each content once, however many releases have it. */
class Texts {
  readonly all: string[] = [];
  readonly #places = new Map<string, number>();

  take(files: Files): Readonly<Record<string, Readonly<Record<string, number>> | null>> {
    const byCommit = [...files].map(([commit, of]): [string, Record<string, number> | null] => {
      if (of === undefined) return [commit, null];
      return [commit, Object.fromEntries([...of].map(([path, text]) => [path, this.#place(text)]))];
    });
    return Object.fromEntries(byCommit);
  }

  #place(text: string): number {
    const place = this.#places.get(text) ?? this.all.push(text) - 1;
    this.#places.set(text, place);
    return place;
  }
}

async function attempt<T>(ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return known(await ask());
  } catch (thrown) {
    return unknown(reasonOf(thrown));
  }
}
