/** The ports Recipes and DesiredSource: repositories in which tags appear, and a tree that people edit. */
import { CiWarmError } from '../../controller/model/failure.ts';
import type { Known } from '../../controller/model/known.ts';
import type { LoadedDesired } from '../../controller/model/spec-problem.ts';
import type { DesiredSource, DesiredTree } from '../../controller/ports/desired-source.ts';
import type { Recipes } from '../../controller/ports/recipes.ts';
import { DesiredLoader } from '../../controller/reconcile/load.ts';
import { createAppliedStore } from '../../controller/adapters/files/desired-applied.ts';
import { DesiredStaleError } from '../../controller/model/desired-stale.ts';
import { stateDir } from './disk.ts';
import { checkState } from './ports-files.ts';
import { loadDesired } from '../../controller/spec/load.ts';
import { releaseAt, recipeFilesOf } from './catalogue.ts';
import type { Life } from './life.ts';

export function createRecipes({ world, door }: Life): Recipes {
  const unused = (): Promise<never> =>
    Promise.reject(new Error('only the real driver reads and writes out one commit'));
  return {
    view: (name) =>
      door.through(
        { name: 'recipes.view', of: name, mutates: false, errors: ['no-answer'] },
        () => {
          if (world.isGitDown) throw new CiWarmError('no-answer', 'the forge does not answer');
          world.rules.looked.onView(name, door.incarnation, world.time.nowMs);
          const { releases = [] } = world.recipes.get(name) ?? {};
          return {
            releases: releases
              .filter((release) => release.appearsAtMs <= world.time.nowMs)
              .map(({ tag, commit, notes, isDated, appearsAtMs }) => ({
                tag,
                commit,
                taggedAtMs: isDated ? appearsAtMs : undefined,
                notes: notes === undefined ? undefined : { file: `release/${tag}`, text: notes },
              })),
          };
        },
      ),
    files: unused,
    filesOf: (name, _url, commits) =>
      door.through(
        { name: 'recipes.filesOf', of: name, mutates: false, errors: ['no-answer'] },
        () => {
          if (world.isGitDown) throw new CiWarmError('no-answer', 'the forge does not answer');
          const recipe = world.recipes.get(name);
          return new Map(
            commits.flatMap((commit): readonly [string, ReadonlyMap<string, string>][] => {
              const release = recipe === undefined ? undefined : releaseAt(recipe, commit);
              return release === undefined ? [] : [[commit, recipeFilesOf(release)]];
            }),
          );
        },
      ),
    diff: (name, _url, { from, to }) =>
      door.through(
        { name: 'recipes.diff', of: name, mutates: false, errors: ['no-answer'] },
        () => {
          if (world.isGitDown) throw new CiWarmError('no-answer', 'the forge does not answer');
          return from === to ? '' : `diff of ${from} and ${to}\n`;
        },
      ),
    export: unused,
  };
}

/** A branch that is followed forward only; whatever it held before is still at hand. */
export function createSource({ world, door }: Life): DesiredSource {
  return {
    read: (_signal, applied) =>
      door.through({ name: 'source.read', of: '', mutates: false, errors: ['no-answer'] }, () => {
        const stale = world.branch.refusal(applied?.revision);
        if (stale !== undefined) throw new DesiredStaleError(stale);
        return world.branch.tip;
      }),
    readApplied: ({ revision }) => Promise.resolve(world.branch.at(revision)),
    watch: (onChange, signal) => {
      world.onEdit = onChange;
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
    },
  };
}

const parsed = new Map<string, LoadedDesired>();
const PARSED_MAX = 2000;

/** Parses a tree that any world has seen before only once: most worlds want much the same. */
export class SimLoader extends DesiredLoader {
  readonly #world: Life['world'];

  constructor(source: DesiredSource, { world, clock, files }: Life) {
    const applied = createAppliedStore({
      ...{ stateDir, check: checkState, clock, fs: files },
      holdsLock: true,
    });
    super({ source, treeName: 'desired', applied });
    this.#world = world;
  }

  override async load(signal: AbortSignal): Promise<Known<LoadedDesired>> {
    const { branch, rules, time } = this.#world;
    const beganMs = time.nowMs;
    const loaded = await super.load(signal);
    const problem = branch.onLoaded(this.progress, beganMs);
    if (problem !== undefined) rules.fail('L1', problem);
    return loaded;
  }

  protected override parse(tree: DesiredTree): LoadedDesired {
    return loadOnce(tree);
  }
}

function loadOnce(tree: DesiredTree): LoadedDesired {
  const found = parsed.get(tree.revision);
  if (found !== undefined) return found;
  const { revision, baseDirectory } = tree;
  const loaded = loadDesired(tree.files, { revision, baseDirectory, tree: 'desired' });
  if (parsed.size >= PARSED_MAX) parsed.clear();
  parsed.set(revision, loaded);
  return loaded;
}
