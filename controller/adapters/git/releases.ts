/** The releases of a mirror: its tags with a `+`, what they point at, when they were made, and their notes. */
import { parseCommitSha, type CommitSha } from '../../model/names.ts';
import type { ReleaseTag } from '../../model/recipe.ts';
import { parseVersion } from '../../model/version.ts';
import { chooseNotes, notePathsOf } from '../../recipe/release-notes.ts';
import { readGit, type Mirror } from './git.ts';
import { readBlobs } from './objects.ts';

interface Tag {
  readonly tag: string;
  readonly commit: CommitSha;
  readonly taggedAtMs: number | undefined;
}

const FORMAT = [
  '%(refname:strip=2)',
  '%(objecttype)',
  '%(objectname)',
  '%(*objecttype)',
  '%(*objectname)',
  '%(creatordate:unix)',
].join('%00');

/**
 * In git's order of names. `newest`: the commit whose notes count first, undefined where the default branch has none.
 * Two processes, however many tags. Errors: `tool-failed`.
 */
export async function readReleases(
  mirror: Mirror,
  newest: string | undefined,
  signal: AbortSignal,
): Promise<readonly ReleaseTag[]> {
  const tags = await readTags(mirror, signal);
  const places = tags.flatMap(({ tag, commit }) =>
    [...(newest === undefined ? [] : [newest]), commit].flatMap((at) =>
      notePathsOf(tag).map((path) => `${at}:${path}`),
    ),
  );
  const blobs = await readBlobs(mirror, places, signal);
  const texts = new Map(places.map((place, index) => [place, blobs[index]?.toString('utf8')]));
  return tags.map(({ tag, commit, taggedAtMs }) => ({
    tag,
    commit,
    taggedAtMs,
    notes: chooseNotes(tag, (at, path) =>
      texts.get(`${String(at === 'newest' ? newest : commit)}:${path}`),
    ),
  }));
}

/** Annotated tags are peeled. A tag that leads to no commit is none of a release's. */
async function readTags(mirror: Mirror, signal: AbortSignal): Promise<readonly Tag[]> {
  const args = ['for-each-ref', `--format=${FORMAT}`, 'refs/tags'];
  const { stdout } = await readGit(mirror, 'listing tags', args, signal);
  const tags: Tag[] = [];
  for (const line of stdout.split('\n')) {
    const [tag = '', type, id = '', peeledType = '', peeledId = '', date = ''] = line.split('\0');
    if (parseVersion(tag).kind === 'no-release') continue;
    const direct = type === 'commit' ? id : peeledType === 'commit' ? peeledId : undefined;
    const commit = parseCommitSha(direct ?? (await peel(mirror, tag, signal)));
    if (commit === undefined) continue;
    tags.push({ tag, commit, taggedAtMs: date === '' ? undefined : Number(date) * 1000 });
  }
  return tags;
}

/** A tag of a tag, which for-each-ref follows one step only. Empty where it ends at no commit. */
async function peel(mirror: Mirror, tag: string, signal: AbortSignal): Promise<string> {
  const args = ['rev-list', '--max-count=1', '--ignore-missing', `refs/tags/${tag}`, '--'];
  const { stdout } = await readGit(mirror, `following tag ${tag}`, args, signal);
  return stdout.trim();
}
