/** References between objects: recipes that are named, and warm apps that provide realms. */
import type * as written from '../model/desired-types.gen.ts';
import type { LinkFinding } from './finding.ts';
import type { Path } from './locate.ts';
import type { Complaint } from './problem.ts';
import { nearest } from './suggest.ts';
import type { ValidatedDocument } from './validate.ts';

/** Recipes whose single sign-on is no WarmApp that provides realms. */
export function checkDependencies(
  documents: readonly ValidatedDocument[],
  incomplete: boolean,
): readonly LinkFinding[] {
  const apps = new Map(
    documents.flatMap(({ identity, object }) =>
      identity?.kind === 'WarmApp' ? [[identity.name, object as written.WarmApp | undefined]] : [],
    ),
  );
  return documents.flatMap((document) =>
    document.object?.kind !== 'Recipe'
      ? []
      : (document.object.spec.dependsOn ?? []).flatMap(({ sso }, index) => {
          // An app that cannot be read now may well provide realms once it can.
          const unread = apps.has(sso) ? apps.get(sso) === undefined : incomplete;
          if (unread || providesRealms(apps.get(sso))) return [];
          const complaint = unknownSso(sso, apps);
          return [finding(document, ['spec', 'dependsOn', index, 'sso'], complaint)];
        }),
  );
}

function providesRealms(app: written.WarmApp | undefined): boolean {
  return app?.spec.provides?.realms !== undefined;
}

function unknownSso(
  sso: string,
  apps: ReadonlyMap<string, written.WarmApp | undefined>,
): Complaint {
  if (apps.has(sso)) {
    return {
      code: 'unknown-sso',
      message: `the WarmApp ${sso} provides no realms`,
      hint: 'add provides: { realms: {} } to its spec',
    };
  }
  const providers = [...apps].flatMap(([name, app]) => (providesRealms(app) ? [name] : []));
  return {
    code: 'unknown-sso',
    message: `there is no WarmApp ${sso} to get realms from`,
    hint: choice(sso, providers, 'add a WarmApp with provides: { realms: {} }'),
  };
}

/**
 * Apps, runs and sweeps that name a recipe that is not there; and apps and runs whose recipe is
 * there, but `broken`.
 */
export function checkRecipes(
  documents: readonly ValidatedDocument[],
  broken: ReadonlySet<ValidatedDocument>,
  incomplete: boolean,
): readonly LinkFinding[] {
  const recipes = new Map(
    documents.flatMap((document) =>
      document.identity?.kind === 'Recipe' ? [[document.identity.name, document]] : [],
    ),
  );
  return documents.flatMap((document) =>
    recipesNamedBy(document.object).flatMap(({ name, path }) => {
      const recipe = recipes.get(name);
      // A sweep goes on with the recipes that can be used.
      const isSweep = document.object?.kind === 'Sweep';
      if (recipe === undefined && !incomplete) {
        return [finding(document, path, unknownRecipe(name, [...recipes.keys()]))];
      }
      if (isSweep || (recipe !== undefined && !broken.has(recipe))) return [];
      return [{ ...finding(document, path, unusableRecipe(name, recipe)), follows: true }];
    }),
  );
}

function recipesNamedBy(
  object: written.DesiredObject | undefined,
): readonly { readonly name: string; readonly path: Path }[] {
  switch (object?.kind) {
    case 'WarmApp':
    case 'Canonical':
    case 'Run':
      return [{ name: object.spec.recipe, path: ['spec', 'recipe'] }];
    case 'Sweep':
      return (object.spec.recipes ?? []).flatMap((name, index) =>
        name === '*' ? [] : [{ name, path: ['spec', 'recipes', index] }],
      );
    case 'Settings':
    case 'Recipe':
    case undefined:
      return [];
  }
}

function unknownRecipe(name: string, known: readonly string[]): Complaint {
  return {
    code: 'unknown-recipe',
    message: `there is no Recipe ${name}`,
    hint: choice(name, known, `add recipes/${name}.yaml with kind: Recipe`),
  };
}

function unusableRecipe(name: string, recipe: ValidatedDocument | undefined): Complaint {
  const message =
    recipe === undefined
      ? `the Recipe ${name} is not among what could be read`
      : `the Recipe ${name} at ${recipe.source.file}:${String(recipe.source.line)} cannot be used`;
  return {
    code: 'depends-on-invalid',
    message,
    hint: 'mend the recipe; this object is left as it is until then',
  };
}

function choice(name: string, known: readonly string[], otherwise: string): string {
  const meant = nearest(name, known);
  return meant === undefined ? otherwise : `did you mean ${meant}?`;
}

function finding(document: ValidatedDocument, path: Path, complaint: Complaint): LinkFinding {
  return { document, path, at: 'value', complaint, follows: false };
}
