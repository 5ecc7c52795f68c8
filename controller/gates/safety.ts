/**
 * The safety gate: may this upgrade be tried without a person? Judged before anything is touched (G1); it sees every
 * version in the way (G3), and holds on what it cannot read (G2). All reasons are listed, not only the first.
 */
import type { HoldReason } from '../model/alert.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import { compareVersions, parseVersion, type RecipeVersion } from '../model/version.ts';
import { intervalOf } from './interval.ts';
import { judgeMajors, unparsableReason } from './majors.ts';
import { judgeReleaseNotes } from './manual-migration.ts';

export interface SafetyQuestion {
  /** The version that the app is proved good with. */
  readonly currentTag: string;
  readonly targetTag: string;
  readonly releases: readonly ReleaseTag[];
}

/** Every reason to hold; empty: the upgrade may be tried. `approved` is the caller's affair. */
export function judgeSafety(question: SafetyQuestion): readonly HoldReason[] {
  const current = readVersion(question.currentTag);
  const target = readVersion(question.targetTag);
  if (current === undefined) return [unparsableReason(question.currentTag)];
  if (target === undefined) return [unparsableReason(question.targetTag)];
  if (compareVersions(target, current) === 'older') return [downgrade(current, target)];
  const { inTheWay, unplaced } = intervalOf(current, target, question.releases);
  return [
    ...judgeMajors(
      current,
      inTheWay.map(({ version }) => version),
    ),
    ...judgeReleaseNotes(inTheWay.map(({ release }) => release)),
    ...unplaced.map(unparsableReason),
  ];
}

function readVersion(tag: string): RecipeVersion | undefined {
  const parsed = parseVersion(tag);
  return parsed.kind === 'version' ? parsed.version : undefined;
}

function downgrade(current: RecipeVersion, target: RecipeVersion): HoldReason {
  return {
    kind: 'held-downgrade',
    reason: 'Downgrade',
    message: `${target.tag} is older than ${current.tag}, and data that a newer version has touched may not suit it`,
    file: null,
    line: null,
    from: current.tag,
    to: target.tag,
  };
}
