/**
 * The variables that a recipe's compose files are filled in with.
 *
 * Order, the later winning: the recipe's `.env.sample` → our own values → what `abra.sh` exports → DOMAIN, STACK_NAME
 * and TYPE. It is abra's order, so that an app means the same under either driver: `abra.sh` holds the versions of the
 * commit's own config files, which nobody else can know.
 */
import type { AppIdentity } from '../model/app.ts';
import type { RecipeProblem } from '../model/recipe.ts';
import type { ReleaseSpec } from '../model/release.ts';
import { parseAbraSh } from './abra-sh.ts';
import { parseDotenv } from './dotenv.ts';

/** Path inside the recipe → text. */
export type RecipeFiles = ReadonlyMap<string, string>;

/** Who is deployed, as far as the recipe is told. */
export type RecipeApp = Pick<AppIdentity, 'recipe' | 'domain' | 'stack' | 'proxyNetwork'>;

export interface RecipeEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** Variable → what the comment behind it in `.env.sample` says, and where. */
  readonly modifiers: ReadonlyMap<string, Modifiers>;
  readonly problems: readonly RecipeProblem[];
}

export interface Modifiers {
  readonly values: ReadonlyMap<string, string>;
  readonly line: number;
}

export const SAMPLE_FILE = '.env.sample';
export const COMPOSE_FILE = 'COMPOSE_FILE';
const ABRA_FILE = 'abra.sh';
/** A feature that is switched off in the sample, and switched on by the app. */
const COMMENTED = /^\s*#[\s#]*(?=(?:export\s+)?SECRET_[A-Za-z0-9_]{1,200}_VERSION=)/;

/** Never throws. Both files may be missing. */
export function environmentOf(
  files: RecipeFiles,
  app: RecipeApp,
  release: Pick<ReleaseSpec, 'version' | 'env'>,
): RecipeEnvironment {
  const fixed = {
    DOMAIN: app.domain,
    STACK_NAME: app.stack,
    TYPE: `${app.recipe}:${release.version}`,
  };
  const sampleText = files.get(SAMPLE_FILE) ?? '';
  const sample = parseDotenv(SAMPLE_FILE, sampleText, {
    ...release.env,
    ...fixed,
  });
  const exported = parseAbraSh(ABRA_FILE, files.get(ABRA_FILE) ?? '');
  return {
    env: {
      ...Object.fromEntries(sample.entries.map(({ name, value }) => [name, value])),
      ...release.env,
      ...Object.fromEntries(exported.values),
      ...fixed,
    },
    modifiers: new Map([
      ...commentedModifiers(sampleText),
      ...sample.entries.map(({ name, modifiers, line }): [string, Modifiers] => [
        name,
        { values: modifiers, line },
      ]),
    ]),
    problems: [...sample.problems, ...exported.problems],
  };
}

/**
 * What the sample says of secrets that are commented out there: an app that names their version has switched them on,
 * and a secret that people have to give must not be made up.
 */
function commentedModifiers(text: string): readonly (readonly [string, Modifiers])[] {
  return text.split(/\r?\n/).flatMap((written, index) => {
    if (!COMMENTED.test(written)) return [];
    const { entries } = parseDotenv(SAMPLE_FILE, written.replace(COMMENTED, ''));
    return entries.map(({ name, modifiers }): [string, Modifiers] => [
      name,
      { values: modifiers, line: index + 1 },
    ]);
  });
}

/** The compose files that `COMPOSE_FILE` names, each once, in its order; `compose.yml` without it. */
export function composeFilesOf(env: Readonly<Record<string, string>>): readonly string[] {
  const named = (env[COMPOSE_FILE] ?? '')
    .split(':')
    .map((path) => path.trim().replace(/^(?:\.\/)+/, ''))
    .filter((path) => path !== '');
  return named.length === 0 ? ['compose.yml'] : [...new Set(named)];
}
