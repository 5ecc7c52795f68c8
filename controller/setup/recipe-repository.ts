/**
 * Makes a sample recipe's bare git repository: one commit and one annotated tag for each release, as maintainers publish.
 *
 * Invariant: the same sources and tags give the same commits, whoever makes them and when.
 */
import { rename, rm } from 'node:fs/promises';
import { run } from './command.ts';
import { readRecipeAt } from './recipe-sources.ts';
import type { RecipeFiles } from './recipe-sources.ts';

const author = 'Recipe maintainer <maintainer@example.org>';
/** 1 January 2026, 12:00 UTC; every release is a day after the one before. */
const firstReleaseSeconds = 1_767_268_800;
const daySeconds = 86_400;

export interface RepositoryOptions {
  /** Which releases it has; they become commits in the order given. */
  readonly tags: readonly string[];
  /** The repository's folder. What is there is replaced when the new one is whole. */
  readonly into: string;
}

/** Builds the repository `into` with these releases only. May be repeated; throws on a tag that the recipe does not have. */
export async function buildRecipeRepository(
  recipe: string,
  options: RepositoryOptions,
): Promise<void> {
  const { tags, into } = options;
  const parts: string[] = [];
  for (const [index, tag] of tags.entries()) {
    parts.push(releaseInput(tag, index, await readRecipeAt(recipe, tag, tags)));
  }
  const unfinished = `${into}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', unfinished]);
  await run('git', ['--git-dir', unfinished, 'fast-import', '--quiet'], { input: parts.join('') });
  await rm(into, { recursive: true, force: true });
  await rename(unfinished, into);
}

/** One release in the language of `git fast-import`. */
function releaseInput(tag: string, index: number, files: RecipeFiles): string {
  const stamp = `${author} ${firstReleaseSeconds + index * daySeconds} +0000`;
  const message = data(`chore: publish ${tag} release\n`);
  const commit = [`commit refs/heads/main`, `mark :${index + 1}`, `committer ${stamp}`, message];
  const tree = [...files].flatMap(([path, text]) => [`M 100644 inline ${path}`, data(text)]);
  const annotated = [`tag ${tag}`, `from :${index + 1}`, `tagger ${stamp}`, message];
  return [...commit, 'deleteall', ...tree, ...annotated, ''].join('\n');
}

/** A counted text. */
function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}
