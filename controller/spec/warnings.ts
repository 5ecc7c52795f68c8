/**
 * What is written rightly, may well be meant, and is worth a second look. Warnings are no problems: they are not counted,
 * change no exit code and leave no object out. Only what the tree itself shows; what a recipe's repository would have to
 * be read for is said by the plan (gates/unprobed.ts).
 */
import type { Desired, RecipeSpec } from '../model/desired.ts';
import type { SpecProblem } from '../model/spec-problem.ts';

/** In order of the recipes' names; with places, without the line itself. */
export function warningsOf(desired: Desired): readonly SpecProblem[] {
  return [...desired.recipes.values()].flatMap((recipe) => {
    const apps = [...desired.warmApps.values()].filter((app) => app.recipe === recipe.name);
    return apps.length > 0 && asksDockerAlone(recipe)
      ? [unprobed(recipe, apps.map(({ name }) => name).join(', '))]
      : [];
  });
}

function asksDockerAlone({ health: { probes } }: RecipeSpec): boolean {
  return probes !== 'default' && probes.every(({ kind }) => kind === 'docker');
}

function unprobed({ name, source }: RecipeSpec, apps: string): SpecProblem {
  return {
    ...source,
    column: 1,
    code: 'unprobed',
    message: `recipe ${name} has no probe but Docker's own health: unless its containers have a health check, nobody is asked whether ${apps} works`,
    hint: 'add a probe of kind http, proxy, tcp or exec to spec.health.probes',
    excerpt: undefined,
  };
}
