/**
 * Reads recipes for the safety gate, from git objects. A commit never changes, so what was read once is kept in memory:
 * an app whose upgrade is held costs nothing in the passes that follow.
 *
 * A repository that does not answer is Unknown (L1). A commit that it says it does not have, or that is no recipe, is an
 * answer: the structure then holds nothing but that problem, and the gate holds on it (G2).
 */
import { CiWarmError, reasonOf } from '../model/failure.ts';
import { known, unknown, type Known } from '../model/known.ts';
import { structureKey, type RecipeStructure } from '../model/structure.ts';
import type { StructureRequest } from '../plan/structures-needed.ts';
import type { Recipes } from '../ports/recipes.ts';
import { readStructure } from '../recipe/read-structure.ts';

/** Of what no pass asked for lately; what one asks for is kept, however much it is. */
const KEPT_MAX = 512;

export class StructureReader {
  readonly #recipes: Pick<Recipes, 'files'>;
  readonly #kept = new Map<string, RecipeStructure>();

  constructor(recipes: Pick<Recipes, 'files'>) {
    this.#recipes = recipes;
  }

  /** By `structureKey`, each of what was asked for. Never throws. */
  async read(
    requests: readonly StructureRequest[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Known<RecipeStructure>>> {
    const wanted = new Map(requests.map((request) => [structureKey(request.release), request]));
    const found = new Map<string, Known<RecipeStructure>>();
    for (const [key, request] of wanted) found.set(key, await this.#readOne(key, request, signal));
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_MAX) break;
      if (!wanted.has(key)) this.#kept.delete(key);
    }
    return found;
  }

  async #readOne(
    key: string,
    { app, release }: StructureRequest,
    signal: AbortSignal,
  ): Promise<Known<RecipeStructure>> {
    const before = this.#kept.get(key);
    if (before !== undefined) return known(before);
    try {
      const { recipe, recipeUrl } = app;
      const files = await this.#recipes.files(recipe, recipeUrl, release.commit, signal);
      const structure = readStructure(files, app, release);
      this.#kept.set(key, structure);
      return known(structure);
    } catch (thrown) {
      if (thrown instanceof CiWarmError && thrown.code === 'recipe-invalid') {
        const problem = { file: '', line: undefined, message: thrown.message };
        return known({ ...readStructure(new Map(), app, release), problems: [problem] });
      }
      return unknown(reasonOf(thrown));
    }
  }
}
