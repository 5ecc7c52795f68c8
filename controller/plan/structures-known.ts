/** The recipes' structure that this pass has read, as the gate asks for it: of what was not read nothing is known (L1). */
import { unknown, type Known } from '../model/known.ts';
import type { ReleaseSpec } from '../model/release.ts';
import { structureKey, type RecipeStructure } from '../model/structure.ts';
import type { Context } from './context.ts';
import type { Structures } from './judge-candidate.ts';
import { currentOf, structureSpecsOf } from './structures-needed.ts';

/** Undefined before the first install. */
export function structuresOf(context: Context): Structures | undefined {
  const { app, identity, recipe, record, structures, swarm } = context;
  const { lastGood } = record;
  if (lastGood === null) return undefined;
  const read = (release: ReleaseSpec): Known<RecipeStructure> =>
    structures.get(structureKey(release)) ??
    unknown(`the recipe of ${app.name} was not read at ${release.version}`);
  const given = new Set(recipe.secrets.map(({ name }) => name));
  const stored = new Set(swarm.secrets.map(({ name }) => name));
  return {
    current: legible(structureSpecsOf(identity, app, lastGood, currentOf(lastGood)).map(read)),
    of: (release, isTarget) => {
      const found = structureSpecsOf(identity, app, lastGood, release).map(read);
      return legible(isTarget ? found.slice(0, 1) : found);
    },
    hasSecret: ({ name, fullName }) => given.has(name) || stored.has(fullName),
  };
}

/** The first that has no problem, else the first; nothing where one was not read. */
function legible(found: readonly Known<RecipeStructure>[]): Known<RecipeStructure> {
  const lost = found.find(({ known }) => !known);
  const sound = found.find((one) => one.known && one.value.problems.length === 0);
  return lost ?? sound ?? found[0] ?? unknown('no recipe was read');
}
