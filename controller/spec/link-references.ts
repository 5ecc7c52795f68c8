/** References between objects: recipes that are named, and warm apps that provide realms. */
import type { LinkFinding } from './finding.ts';
import type { Path } from './locate.ts';
import type { Complaint } from './problem.ts';
import { fieldAt, isMapAt, itemsAt, textAt, type SoundFields } from './sound-fields.ts';
import { nearest } from './suggest.ts';
import type { ValidatedDocument } from './validate.ts';

/** What is known of a warm app that others may depend on. */
interface Provider {
  readonly realms: boolean | undefined;
  /** False when it is invalid by itself. */
  readonly isValid: boolean;
}

/** Recipes whose single sign-on is no WarmApp that provides realms. */
export function checkDependencies(
  documents: readonly ValidatedDocument[],
  incomplete: boolean,
): readonly LinkFinding[] {
  const apps = new Map(
    documents.flatMap(({ identity, object, fields }) =>
      identity?.kind === 'WarmApp'
        ? [[identity.name, { realms: providesRealms(fields), isValid: object !== undefined }]]
        : [],
    ),
  );
  return documents.flatMap((document) =>
    dependenciesOf(document.fields).flatMap(({ name, path }) => {
      const app = apps.get(name);
      // An app that cannot be read now may well provide realms once it can.
      const isUnread = app === undefined ? incomplete : app.realms === undefined;
      if (isUnread || app?.realms === true) return [];
      const found = finding(document, path, unknownSso(name, apps));
      const isNeighbour = app?.isValid === false && document.object !== undefined;
      return [isNeighbour ? { ...found, effect: 'tells' as const } : found];
    }),
  );
}

function dependenciesOf(fields: SoundFields | undefined): readonly Named[] {
  if (fields?.kind !== 'Recipe') return [];
  const paths = itemsAt(fields, ['spec', 'dependsOn']).map((path) => [...path, 'sso']);
  return paths.flatMap((path) => namedAt(fields, path));
}

/** Undefined when it cannot be told. */
function providesRealms(fields: SoundFields | undefined): boolean | undefined {
  if (fields === undefined || !isMapAt(fields, ['spec'])) return undefined;
  const { state } = fieldAt(fields, ['spec', 'provides']);
  if (state !== 'sound') return state === 'absent' ? false : undefined;
  const realms = fieldAt(fields, ['spec', 'provides', 'realms']);
  return realms.state === 'wrong' ? undefined : realms.state === 'sound';
}

function unknownSso(sso: string, apps: ReadonlyMap<string, Provider>): Complaint {
  if (apps.has(sso)) {
    return {
      code: 'unknown-sso',
      message: `the WarmApp ${sso} provides no realms`,
      hint: 'add provides: { realms: {} } to its spec',
    };
  }
  const providers = [...apps].flatMap(([name, { realms }]) => (realms === true ? [name] : []));
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
    recipesNamedBy(document.fields).flatMap(({ name, path }) => {
      const recipe = recipes.get(name);
      // A sweep goes on with the recipes that can be used.
      const isSweep = document.fields?.kind === 'Sweep';
      if (recipe === undefined && !incomplete) {
        return [finding(document, path, unknownRecipe(name, [...recipes.keys()]))];
      }
      if (isSweep || (recipe !== undefined && !broken.has(recipe))) return [];
      return [
        { ...finding(document, path, unusableRecipe(name, recipe)), effect: 'follows' as const },
      ];
    }),
  );
}

/** A name of another object, and where it stands. */
interface Named {
  readonly name: string;
  readonly path: Path;
}

function recipesNamedBy(fields: SoundFields | undefined): readonly Named[] {
  switch (fields?.kind) {
    case 'WarmApp':
    case 'Canonical':
    case 'Run':
      return namedAt(fields, ['spec', 'recipe']);
    case 'Sweep':
      return itemsAt(fields, ['spec', 'recipes'])
        .flatMap((path) => namedAt(fields, path))
        .filter(({ name }) => name !== '*');
    case 'Settings':
    case 'Recipe':
    case undefined:
      return [];
  }
}

function namedAt(fields: SoundFields, path: Path): readonly Named[] {
  const name = textAt(fields, path);
  return name === undefined ? [] : [{ name, path }];
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
  return { document, path, at: 'value', complaint, effect: 'stalls' };
}
