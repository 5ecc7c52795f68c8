/** Valid objects to the desired state as a whole. */
import type * as written from '../model/desired-types.gen.ts';
import type { Desired, RecipeSpec, SettingsSpec, Source } from '../model/desired.ts';
import { parseRecipeName, type RecipeName } from '../model/names.ts';
import {
  addressOf,
  resolveCanonical,
  resolveRecipe,
  resolveRun,
  resolveSettings,
  resolveSweep,
  resolveWarmApp,
  type Home,
} from './resolve.ts';

/** An object that nothing is wrong with, and whose references all lead to others that are given. */
export interface ValidObject {
  readonly object: written.DesiredObject;
  readonly source: Source;
}

/** The desired state of these objects; undefined without Settings. */
export function assemble(
  objects: readonly ValidObject[],
  options: { readonly revision: string; readonly baseDirectory: string },
): Desired | undefined {
  const every = <Spec>(resolve: (valid: ValidObject) => Spec | undefined): readonly Spec[] =>
    objects.map(resolve).filter((spec) => spec !== undefined);

  const [settings] = every(({ object, source }) =>
    object.kind === 'Settings' ? resolveSettings(object, source) : undefined,
  );
  if (settings === undefined) return undefined;
  const recipes = byName(
    every(({ object, source }) =>
      object.kind === 'Recipe'
        ? resolveRecipe(object, source, settings, options.baseDirectory)
        : undefined,
    ),
  );
  return {
    revision: options.revision,
    settings,
    recipes,
    warmApps: byName(
      every(({ object, source }) =>
        object.kind === 'WarmApp'
          ? resolveWarmApp(object, source, homeOf(object, settings, recipes))
          : undefined,
      ),
    ),
    canonicals: byName(
      every(({ object, source }) =>
        object.kind === 'Canonical'
          ? resolveCanonical(object, source, homeOf(object, settings, recipes))
          : undefined,
      ),
    ),
    runs: byName(
      every(({ object, source }) =>
        object.kind === 'Run' ? resolveRun(object, source) : undefined,
      ),
    ),
    sweeps: byName(
      every(({ object, source }) =>
        object.kind === 'Sweep' ? resolveSweep(object, source, [...recipes.keys()]) : undefined,
      ),
    ),
  };
}

function homeOf(
  app: written.WarmApp | written.Canonical,
  settings: SettingsSpec,
  recipes: ReadonlyMap<RecipeName, RecipeSpec>,
): Home {
  const name = parseRecipeName(app.spec.recipe);
  const recipe = name === undefined ? undefined : recipes.get(name);
  const address = addressOf(
    { name: app.metadata.name, domain: app.spec.domain },
    settings.baseDomain,
  );
  if (recipe === undefined || address?.stack === undefined) {
    throw new Error(`a valid ${app.kind} has no recipe or no stack: ${app.metadata.name}`);
  }
  return { recipe, domain: address.domain, stack: address.stack };
}

/** In order of name, so that the same tree gives the same order whatever its files are called. */
function byName<Spec extends { readonly name: string }>(
  specs: readonly Spec[],
): ReadonlyMap<Spec['name'], Spec> {
  const sorted = specs.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(sorted.map((spec) => [spec.name, spec]));
}
