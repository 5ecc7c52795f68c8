/** Step: the sample recipes' git repositories, `.ground/recipes/<recipe>.git`, made again when their sources have changed. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFiles, listFiles } from './content-hash.ts';
import { paths } from './paths.ts';
import { buildRecipeRepository } from './recipe-repository.ts';
import { listRecipes, readRecipeTags } from './recipe-sources.ts';

/** Kept inside the repository, so that it goes when the repository goes. */
const stampName = 'made-from';

/** Says how many there are and how many were made. */
export async function ensureRecipes(): Promise<string> {
  await mkdir(paths.recipes, { recursive: true });
  const made: string[] = [];
  const recipes = await listRecipes();
  for (const recipe of recipes) {
    const into = join(paths.recipes, `${recipe}.git`);
    const folder = join(paths.recipeSources, recipe);
    const inputs = await hashFiles(folder, await listFiles(folder));
    const stamp = join(into, stampName);
    if ((await readFile(stamp, 'utf8').catch(() => '')) === inputs) continue;
    await buildRecipeRepository(recipe, { tags: await readRecipeTags(recipe), into });
    await writeFile(stamp, inputs);
    made.push(recipe);
  }
  return made.length === 0
    ? `the repositories of ${recipes.join(', ')} are there`
    : `made the repositories of ${made.join(', ')}`;
}
