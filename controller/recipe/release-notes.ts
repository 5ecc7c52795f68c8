/**
 * Where a release's notes are: `release/<tag>`, which abra shows, else `releaseNotes/<tag>.md`.
 *
 * Notes are taken as of the newest commit that is known, because maintainers add warnings to a release when it is out;
 * only where the newest commit has none, those of the tagged commit itself count.
 */
import type { ReleaseNotes } from '../model/recipe.ts';

/** Paths inside the repository, the first that exists counting. */
export function notePathsOf(tag: string): readonly string[] {
  return [`release/${tag}`, `releaseNotes/${tag}.md`];
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
