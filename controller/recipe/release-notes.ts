/**
 * Where a release's notes are: `release/<tag>`, which abra shows, else `releaseNotes/<tag>.md`, each with and without
 * `.md`, and of a tag with a `v` before it also without, and the other way round: a note that is not found holds nothing.
 * `release/next` is of no release yet.
 *
 * Notes are taken as of the newest commit that is known, because maintainers add warnings to a release when it is out;
 * only where the newest commit has none, those of the tagged commit itself count.
 */
import type { ReleaseNotes } from '../model/recipe.ts';

/** Paths inside the repository, the first that exists counting. */
export function notePathsOf(tag: string): readonly string[] {
  const otherwise = tag.startsWith('v') ? tag.slice(1) : `v${tag}`;
  return [tag, otherwise].flatMap((name) => [
    `release/${name}`,
    `releaseNotes/${name}.md`,
    `release/${name}.md`,
    `releaseNotes/${name}`,
  ]);
}

/**
 * `read` answers what a file holds at the newest commit or at the tagged one, undefined where it does not exist.
 * An empty file is no notes.
 */
export function chooseNotes(
  tag: string,
  read: (at: 'newest' | 'tagged', path: string) => string | undefined,
): ReleaseNotes | undefined {
  for (const at of ['newest', 'tagged'] as const) {
    for (const file of notePathsOf(tag)) {
      const text = read(at, file);
      if (text !== undefined && text.trim() !== '') return { file, text };
    }
  }
  return undefined;
}
