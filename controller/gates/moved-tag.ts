/**
 * Safety gate: a tag that leads to another commit than the one that was proved is not the release that was judged. It
 * carries the same version, so nothing else of the gate would look at it (G2).
 */
import type { HoldReason } from '../model/alert.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import type { LastGood } from '../model/release.ts';

const SHORT_COMMIT_LENGTH = 10;

/** A reason where `release` is the version that runs, at another commit; none for every other version. */
export function judgeMovedTag(
  lastGood: Pick<LastGood, 'version' | 'commit'>,
  release: Pick<ReleaseTag, 'tag' | 'commit'>,
): readonly HoldReason[] {
  if (release.tag !== lastGood.version || release.commit === lastGood.commit) return [];
  const [was, is] = [lastGood.commit, release.commit].map((commit) =>
    commit.slice(0, SHORT_COMMIT_LENGTH),
  );
  return [
    {
      kind: 'held-unparsable',
      reason: 'TagMoved',
      message: `tag ${release.tag} was moved from commit ${was ?? ''} to ${is ?? ''}, and nobody can say what that changes`,
      file: null,
      line: null,
      from: lastGood.commit,
      to: release.commit,
    },
  ];
}
