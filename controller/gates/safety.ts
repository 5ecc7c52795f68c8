/**
 * The safety gate: may this upgrade be tried without a person? Judged before anything is touched (G1); it sees every
 * version in the way (G3), and holds on what it cannot read (G2). All reasons are listed, not only the first.
 */
import type { HoldReason } from '../model/alert.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import {
  compareAppVersions,
  compareVersions,
  parseVersion,
  type RecipeVersion,
} from '../model/version.ts';
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
  const majors = judgeMajors(
    current,
    inTheWay.map(({ version }) => version),
  );
  return [
    ...majors,
    ...(majors.length === 0 ? withoutOrder(current, target) : []),
    ...appDowngrade(current, target),
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

/** Two tags that differ in nothing that has an order: each would look like the other's upgrade, for ever (L3). */
function withoutOrder(current: RecipeVersion, target: RecipeVersion): readonly HoldReason[] {
  if (compareVersions(target, current) !== 'incomparable') return [];
  return [
    {
      kind: 'held-unparsable',
      reason: 'VersionIncomparable',
      message: `nobody can say which of ${current.tag} and ${target.tag} is the newer one`,
      file: null,
      line: null,
      from: current.tag,
      to: target.tag,
    },
  ];
}

/** A recipe may go up while the app in it goes back: its data knows nothing of the recipe's own version. */
function appDowngrade(current: RecipeVersion, target: RecipeVersion): readonly HoldReason[] {
  if (compareAppVersions(target.app, current.app) !== 'older') return [];
  return [
    {
      kind: 'held-downgrade',
      reason: 'AppDowngrade',
      message: `${target.tag} brings an older version of the app than ${current.tag}, and data that a newer version has touched may not suit it`,
      file: null,
      line: null,
      from: current.app.text,
      to: target.app.text,
    },
  ];
}
