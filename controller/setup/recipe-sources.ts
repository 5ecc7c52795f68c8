/**
 * The sample recipes as they stand under `examples/recipes/<recipe>/`.
 *
 * `tags.json` lists the releases in their order; `common/` holds what all releases have; a folder named after a tag holds
 * what that release brought, and what every later one therefore has too. In texts, `@TAG@` and `@APP_VERSION@` stand for
 * the release at hand.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { listFiles } from './content-hash.ts';
import { GroundError } from './ground-error.ts';
import { paths } from './paths.ts';

/** Path in the recipe → text. */
export type RecipeFiles = ReadonlyMap<string, string>;

/** The names of the sample recipes. */
export async function listRecipes(): Promise<readonly string[]> {
  const entries = await readdir(paths.recipeSources, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** All tags of a sample recipe, oldest first. */
export async function readRecipeTags(recipe: string): Promise<readonly string[]> {
  const file = join(paths.recipeSources, recipe, 'tags.json');
  const rows = JSON.parse(await readFile(file, 'utf8')) as readonly { readonly tag: string }[];
  return rows.map((row) => row.tag);
}

/**
 * The recipe as it is at `tag` in a repository that has only the releases `published`: release notes of others are
 * left out, as nobody ever published them.
 */
export async function readRecipeAt(
  recipe: string,
  tag: string,
  published: readonly string[],
): Promise<RecipeFiles> {
  const all = await readRecipeTags(recipe);
  const at = all.indexOf(tag);
  if (at < 0) {
    throw new GroundError(
      `the sample recipe ${recipe} has no tag ${tag}: it has ${all.join(', ')}.`,
    );
  }
  const files = new Map<string, string>();
  for (const layer of ['common', ...all.slice(0, at + 1)]) {
    const folder = join(paths.recipeSources, recipe, layer);
    for (const file of await listFiles(folder)) {
      const path = relative(folder, file);
      if (isNoteOfAnother(path, published)) continue;
      files.set(path, fillIn(await readFile(file, 'utf8'), tag));
    }
  }
  return files;
}

function isNoteOfAnother(path: string, published: readonly string[]): boolean {
  return path.startsWith('release/') && !published.includes(path.slice('release/'.length));
}

function fillIn(text: string, tag: string): string {
  const appVersion = tag.slice(tag.indexOf('+') + 1);
  return text.replaceAll('@TAG@', tag).replaceAll('@APP_VERSION@', appVersion);
}
