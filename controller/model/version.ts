/**
 * Recipe versions: `<recipe-semver>+<app-version>`. Their order, and what counts as a major on either half.
 *
 * The semver package ignores what follows `+`, which is where a recipe keeps the version of the app: two tags that
 * differ only there look equal to it. So the halves are split here, the first is read as semver, and the second as
 * what image tags look like (`26.6.2`, `v1.6.870-0`, `1.0.6-social-amd64`). What cannot be read or compared is said to
 * be so; the gate holds on it (G2).
 */
import semver from 'semver';

export interface RecipeVersion {
  readonly tag: string;
  readonly recipe: {
    readonly major: number;
    readonly minor: number;
    readonly patch: number;
    /** Such a release is never chosen by `latest`. */
    readonly prerelease: boolean;
    readonly text: string;
  };
  readonly app: AppVersion;
}

/** `numbers` is undefined where the text is not of the known shape: it can be shown, never compared. */
export interface AppVersion {
  readonly text: string;
  readonly numbers: readonly number[] | undefined;
  /** What follows the numbers: `-alpine`, `_rc1`. Two versions that differ only here have no order. */
  readonly suffix: string;
}

export type ParsedVersion =
  | { readonly kind: 'version'; readonly version: RecipeVersion }
  /** No `+` in the tag: not a release at all. */
  | { readonly kind: 'no-release' }
  /** A `+`, but the recipe's half is no semver: it cannot even be put in order. */
  | { readonly kind: 'unparsable'; readonly why: string };

const APP_VERSION = /^v?(?<numbers>\d{1,9}(?:\.\d{1,9})*)(?<suffix>(?:[-_.a-z].*)?)$/i;
const TAG_LENGTH_MAX = 128;

/** The tags of all recipes are read in every pass, and a tag always reads the same: a memo, not state. */
const memo = new Map<string, ParsedVersion>();
/** More than a host has of them; whoever has more pays for reading them again. */
const MEMO_MAX = 10_000;

/** Reads a tag. Never throws. */
export function parseVersion(tag: string): ParsedVersion {
  const before = memo.get(tag);
  if (before !== undefined) return before;
  const parsed = readVersion(tag);
  if (memo.size >= MEMO_MAX) memo.clear();
  memo.set(tag, parsed);
  return parsed;
}

function readVersion(tag: string): ParsedVersion {
  const plus = tag.indexOf('+');
  if (plus < 0) return { kind: 'no-release' };
  if (tag.length > TAG_LENGTH_MAX) {
    return { kind: 'unparsable', why: `it is longer than ${String(TAG_LENGTH_MAX)} characters` };
  }
  const recipeText = tag.slice(0, plus);
  const parsed = semver.parse(recipeText);
  if (parsed === null || /\s/.test(tag)) {
    return { kind: 'unparsable', why: `\`${recipeText}\` before the + is not MAJOR.MINOR.PATCH` };
  }
  return {
    kind: 'version',
    version: {
      tag,
      recipe: {
        major: parsed.major,
        minor: parsed.minor,
        patch: parsed.patch,
        prerelease: parsed.prerelease.length > 0,
        text: parsed.version,
      },
      app: parseAppVersion(tag.slice(plus + 1)),
    },
  };
}

/** Reads the half after the `+`, or the tag of an image. Never throws. */
export function parseAppVersion(text: string): AppVersion {
  const groups = APP_VERSION.exec(text)?.groups;
  const numbers = groups?.['numbers'];
  return numbers === undefined
    ? { text, numbers: undefined, suffix: '' }
    : { text, numbers: numbers.split('.').map(Number), suffix: groups?.['suffix'] ?? '' };
}

export type Order = 'older' | 'same' | 'newer' | 'incomparable';

/** How `a` stands to `b`: `older` means that `a` comes before. The recipe's half decides first, then the app's. */
export function compareVersions(a: RecipeVersion, b: RecipeVersion): Order {
  const byRecipe = compareRecipes(a.recipe, b.recipe);
  return byRecipe === 0 ? compareAppVersions(a.app, b.app) : byRecipe < 0 ? 'older' : 'newer';
}

/** By the numbers where they say it: the package parses both texts again, and each pass compares hundreds. */
function compareRecipes(a: RecipeVersion['recipe'], b: RecipeVersion['recipe']): number {
  const byNumbers = a.major - b.major || a.minor - b.minor || a.patch - b.patch;
  const isSame = byNumbers === 0 && !a.prerelease && !b.prerelease;
  return byNumbers !== 0 || isSame ? byNumbers : semver.compare(a.text, b.text);
}

/** The same for the app's half alone. Texts that are equal are `same`, whether they can be read or not. */
export function compareAppVersions(a: AppVersion, b: AppVersion): Order {
  if (a.text === b.text) return 'same';
  if (a.numbers === undefined || b.numbers === undefined) return 'incomparable';
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let place = 0; place < length; place += 1) {
    const difference = (a.numbers[place] ?? 0) - (b.numbers[place] ?? 0);
    if (difference !== 0) return difference < 0 ? 'older' : 'newer';
  }
  return a.suffix === b.suffix ? 'same' : 'incomparable';
}

/** The number that a breaking change of the app would raise; undefined where the version cannot be read. */
export function appMajor(version: AppVersion): number | undefined {
  return version.numbers?.[0];
}
