/**
 * Reads recipes for the safety gate, from git objects. A commit never changes, so what was read once is kept in memory:
 * an app whose upgrade is held costs nothing in the passes that follow.
 *
 * A repository that does not answer is Unknown (L1). A commit that it does not have, or that is no recipe, is an answer:
 * the structure then holds nothing but that problem, and the gate holds on it (G2).
 */
import { CiWarmError, reasonOf } from '../model/failure.ts';
import { known, unknown, type Known } from '../model/known.ts';
import { structureKey, type RecipeStructure } from '../model/structure.ts';
import type { StructureRequest } from '../plan/structures-needed.ts';
import type { Recipes } from '../ports/recipes.ts';
import type { RecipeFiles } from '../recipe/environment.ts';
import { readStructure } from '../recipe/read-structure.ts';

/** Of what no pass asked for lately; what one asks for is kept, however much it is. */
const KEPT_MAX = 512;

type Structures = ReadonlyMap<string, Known<RecipeStructure>>;

export class StructureReader {
  readonly #recipes: Pick<Recipes, 'filesOf'>;
  readonly #kept = new Map<string, RecipeStructure>();

  constructor(recipes: Pick<Recipes, 'filesOf'>) {
    this.#recipes = recipes;
  }

  /** By `structureKey`, each of what was asked for. Never throws. */
  async read(requests: readonly StructureRequest[], signal: AbortSignal): Promise<Structures> {
    const wanted = new Map(requests.map((request) => [structureKey(request.release), request]));
    const missing = [...wanted].filter(([key]) => !this.#kept.has(key));
    const byRepository = Map.groupBy(missing, ([, { app }]) => `${app.recipe}\n${app.recipeUrl}`);
    const read = await Promise.all(
      [...byRepository.values()].map((some) => this.#readSome(new Map(some), signal)),
    );
    const found = new Map(read.flatMap((some) => [...some]));
    for (const key of wanted.keys()) {
      const kept = this.#kept.get(key);
      if (kept !== undefined) found.set(key, known(kept));
    }
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_MAX) break;
      if (!wanted.has(key)) this.#kept.delete(key);
    }
    return found;
  }

  /** What a release's files say: a function of them and the request alone. */
  protected readOne(files: RecipeFiles, { app, release }: StructureRequest): RecipeStructure {
    return readStructure(files, app, release);
  }

  /** All of one repository. */
  async #readSome(
    requests: ReadonlyMap<string, StructureRequest>,
    signal: AbortSignal,
  ): Promise<Structures> {
    const [one] = requests.values();
    if (one === undefined) return new Map();
    const { recipe, recipeUrl } = one.app;
    const commits = [...new Set([...requests.values()].map(({ release }) => release.commit))];
    try {
      const files = await this.#recipes.filesOf(recipe, recipeUrl, commits, signal);
      return new Map(
        [...requests].map(([key, { app, release }]) => {
          const of = files.get(release.commit);
          if (of === undefined) return [key, invalid({ app, release }, noCommit(release.commit))];
          const structure = this.readOne(of, { app, release });
          this.#kept.set(key, structure);
          return [key, known(structure)];
        }),
      );
    } catch (thrown) {
      const isAnswer = thrown instanceof CiWarmError && thrown.code === 'recipe-invalid';
      const why = reasonOf(thrown);
      return new Map(
        [...requests].map(([key, request]) => [
          key,
          isAnswer ? invalid(request, why) : unknown(why),
        ]),
      );
    }
  }
}

function noCommit(commit: string): string {
  return `the repository has no commit ${commit}: its history was rewritten, or it is another one now`;
}

function invalid({ app, release }: StructureRequest, message: string): Known<RecipeStructure> {
  const nothing = readStructure(new Map(), app, release);
  return known({ ...nothing, problems: [{ file: '', line: undefined, message }] });
}
