/**
 * Whose apps a state directory has: the sample's, by the recipes that their journals name, or somebody else's.
 *
 * People run trees of their own on the directory that the tour used, so what lies in it proves nothing.
 * Invariant (R2): an app is the sample's only when all that was ever begun on it was by a recipe of this checkout.
 * Whatever cannot be read is somebody else's.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RESERVED_APP_NAMES } from '../model/names.ts';

export interface OtherApp {
  readonly name: string;
  /** Where its recipe is, or why that cannot be said; the end of a sentence. */
  readonly why: string;
  /** Stacks that its files name; they are not the sample's even if a sample app had one of them before. */
  readonly stacks: readonly string[];
  /** Repositories that its journal names. */
  readonly recipeUrls: readonly string[];
}

export interface SortedApps {
  readonly samples: readonly { readonly name: string; readonly stacks: readonly string[] }[];
  readonly others: readonly OtherApp[];
}

/** What a state directory has beside the folders of apps. */
const own: readonly string[] = [...RESERVED_APP_NAMES, 'desired.json', 'control.sock'];

/** Reads all of them; a directory that is not there has none. `recipes` is the folder of this checkout's repositories. */
export async function sortApps(stateDirectory: string, recipes: string): Promise<SortedApps> {
  const names = await readdir(stateDirectory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const samples: { name: string; stacks: readonly string[] }[] = [];
  const others: OtherApp[] = [];
  for (const name of names.filter((entry) => !entry.startsWith('.') && !own.includes(entry))) {
    const folder = join(stateDirectory, name);
    const stacks = await stacksOf(folder);
    const recipeUrls = await recipeUrlsOf(folder);
    const foreign = recipeUrls?.find((url) => !url.startsWith(`${recipes}/`));
    if (recipeUrls === undefined) {
      others.push({ name, why: 'what it is cannot be read', stacks, recipeUrls: [] });
    } else if (foreign === undefined) {
      samples.push({ name, stacks });
    } else {
      others.push({ name, why: `its recipe is at ${foreign}`, stacks, recipeUrls });
    }
  }
  return { samples, others };
}

/** Of everything that was begun; undefined where that cannot be said, whatever the reason. */
async function recipeUrlsOf(appFolder: string): Promise<readonly string[] | undefined> {
  try {
    const text = await readFile(join(appFolder, 'journal.jsonl'), 'utf8');
    // Behind the last line end stands nothing, or what a kill left of a line that never counted.
    const lines = text.split('\n').slice(0, -1);
    const urls = lines.map(recipeUrlIn).filter((url) => url !== undefined);
    return urls.length === 0 ? undefined : [...new Set(urls)];
  } catch {
    return undefined;
  }
}

/** That of a beginning; undefined of any other line. Throws on what is no record. */
function recipeUrlIn(line: string): string | undefined {
  const { input } = JSON.parse(line) as { input?: { app: { recipeUrl?: unknown } } };
  if (input === undefined) return undefined;
  const { recipeUrl } = input.app;
  if (typeof recipeUrl === 'string') return recipeUrl;
  throw new TypeError('a beginning that names no recipe');
}

/** Every stack that the app's files name: the journal does so before anything is made. */
async function stacksOf(appFolder: string): Promise<readonly string[]> {
  const stacks = new Set<string>();
  for (const name of ['journal.jsonl', 'last_good.json']) {
    const text = await readFile(join(appFolder, name), 'utf8').catch(() => '');
    for (const [, stack] of text.matchAll(/"stack":\s*"([^"]+)"/g)) {
      if (stack !== undefined) stacks.add(stack);
    }
  }
  return [...stacks];
}
