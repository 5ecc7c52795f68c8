/** Builders of what a recipe repository holds. */
import type { ReleaseTag } from '../../controller/model/recipe.ts';
import { parseCommitSha, type CommitSha } from '../../controller/model/names.ts';
import { createHash } from 'node:crypto';

/** A commit id made from a text: the same text gives the same commit. */
export function commitOf(text: string): CommitSha {
  const commit = parseCommitSha(createHash('sha1').update(text).digest('hex'));
  if (commit === undefined) throw new Error('a digest that is no commit');
  return commit;
}

export function release(
  tag: string,
  options: { readonly notes?: string; readonly taggedAtMs?: number | undefined } = {},
): ReleaseTag {
  return {
    tag,
    commit: commitOf(tag),
    taggedAtMs: options.taggedAtMs,
    notes:
      options.notes === undefined ? undefined : { file: `release/${tag}`, text: options.notes },
  };
}
