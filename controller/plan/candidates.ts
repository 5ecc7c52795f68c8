/**
 * Which version an app should go to, and which newer ones are held back, with every reason.
 *
 * With `latest` it is the highest version that the gate lets through. `approved` lifts the gate for that tag and no
 * other, and never chooses the target. A version that is quarantined is not tried again, and neither is one below it:
 * going half way up to a version that has just failed is a decision for a person.
 */
import type { WarmAppSpec } from '../model/desired.ts';
import type { Hold } from '../model/plan.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import { compareVersions, parseVersion, type RecipeVersion } from '../model/version.ts';
import { judgeSafety } from '../gates/safety.ts';
import { intervalOf } from '../gates/interval.ts';
import { unparsableReason } from '../gates/majors.ts';
import type { HoldReason } from '../model/alert.ts';

export interface Choice {
  /** Where to go; undefined: stay (or, before the first install: there is nothing that may be installed). */
  readonly target: ReleaseTag | undefined;
  readonly hold: Hold | null;
  /** The newest release there is, whether it may be taken or not. */
  readonly latest: string | null;
  /** A pinned tag that the recipe does not have. */
  readonly missingTag: string | undefined;
  /** What `latest` would go to is quarantined, so the app stays where it is. */
  readonly isBlocked: boolean;
}

export interface ChoiceQuestion {
  readonly app: WarmAppSpec;
  readonly releases: readonly ReleaseTag[];
  /** The tag that the app is proved good with; undefined before the first install. */
  readonly currentTag: string | undefined;
  /** Tags that are quarantined as the app is configured now. */
  readonly isQuarantined: (release: ReleaseTag) => boolean;
}

interface Ordered {
  readonly release: ReleaseTag;
  readonly version: RecipeVersion;
}

export function chooseTarget(question: ChoiceQuestion): Choice {
  const { app, releases, currentTag } = question;
  const ordered = orderedReleases(releases);
  const latest = ordered.at(-1)?.release.tag ?? null;
  if (app.version.kind === 'pinned') {
    const { tag } = app.version;
    const release = releases.find((one) => one.tag === tag);
    if (release === undefined) {
      return { target: undefined, hold: null, latest, missingTag: tag, isBlocked: false };
    }
    return {
      ...judgeCandidate(question, release),
      latest,
      missingTag: undefined,
      isBlocked: false,
    };
  }
  if (currentTag === undefined) {
    const newest = ordered.at(-1)?.release;
    const unplaced = releases.filter((one) => parseVersion(one.tag).kind === 'unparsable');
    if (newest === undefined && unplaced[0] !== undefined) {
      const hold = holdOf(
        unplaced[0],
        unplaced.map((one) => unparsableReason(one.tag)),
        [],
      );
      return { target: undefined, hold, latest, missingTag: undefined, isBlocked: false };
    }
    return { target: newest, hold: null, latest, missingTag: undefined, isBlocked: false };
  }
  return { ...chooseLatest(question, ordered, currentTag), latest, missingTag: undefined };
}

/** From the newest down, until the gate lets one through. The hold names the newest that it does not. */
function chooseLatest(
  question: ChoiceQuestion,
  ordered: readonly Ordered[],
  currentTag: string,
): Pick<Choice, 'target' | 'hold' | 'isBlocked'> {
  const current = question.releases.find((one) => one.tag === currentTag);
  const newer = newerThan(ordered, currentTag, current);
  let hold: Hold | null = null;
  for (const { release } of newer.toReversed()) {
    if (question.isQuarantined(release)) return { target: undefined, hold, isBlocked: true };
    const judged = judgeCandidate(question, release);
    if (judged.target !== undefined) return { target: judged.target, hold, isBlocked: false };
    hold ??= judged.hold;
  }
  if (newer.length === 0) hold = holdOfUnplaced(question, currentTag);
  return { target: undefined, hold, isBlocked: false };
}

/** A tag that cannot be put in order may be the newer version: that is said, even where no other one is. */
function holdOfUnplaced(question: ChoiceQuestion, currentTag: string): Hold | null {
  const parsed = parseVersion(currentTag);
  if (parsed.kind !== 'version') return null;
  const { unplaced } = intervalOf(parsed.version, parsed.version, question.releases);
  const made = question.releases.find((one) => one.tag === currentTag)?.taggedAtMs;
  const later = question.releases.filter(
    (one) =>
      parseVersion(one.tag).kind === 'unparsable' &&
      (unplaced.includes(one.tag) ||
        made === undefined ||
        one.taggedAtMs === undefined ||
        one.taggedAtMs > made),
  );
  const [first] = later;
  return first === undefined
    ? null
    : holdOf(
        first,
        later.map((one) => unparsableReason(one.tag)),
        [],
      );
}

function newerThan(
  ordered: readonly Ordered[],
  currentTag: string,
  current: ReleaseTag | undefined,
): readonly Ordered[] {
  const parsed = parseVersion(currentTag);
  if (parsed.kind !== 'version') return ordered.filter(({ release }) => release !== current);
  return ordered.filter(({ version, release }) => {
    const order = compareVersions(version, parsed.version);
    return order === 'newer' || (order === 'incomparable' && release.tag !== currentTag);
  });
}

function judgeCandidate(
  question: ChoiceQuestion,
  release: ReleaseTag,
): Pick<Choice, 'target' | 'hold'> {
  const { app, currentTag, releases } = question;
  const reasons = reasonsAgainst(currentTag, release, releases);
  if (reasons.length === 0 || app.approved === release.tag) return { target: release, hold: null };
  return {
    target: undefined,
    hold: holdOf(release, reasons, notesInTheWay(currentTag, release, releases)),
  };
}

function reasonsAgainst(
  currentTag: string | undefined,
  release: ReleaseTag,
  releases: readonly ReleaseTag[],
): readonly HoldReason[] {
  if (currentTag === release.tag) return [];
  if (currentTag === undefined) {
    return parseVersion(release.tag).kind === 'version' ? [] : [unparsableReason(release.tag)];
  }
  return judgeSafety({ currentTag, targetTag: release.tag, releases });
}

function holdOf(release: ReleaseTag, reasons: readonly HoldReason[], notes: Hold['notes']): Hold {
  return { version: release.tag, commit: release.commit, reasons, notes };
}

/** Notes of the versions in (current, target]; of the target alone where there is no order. */
export function notesInTheWay(
  currentTag: string | undefined,
  target: ReleaseTag,
  releases: readonly ReleaseTag[],
): Hold['notes'] {
  const from = currentTag === undefined ? undefined : parseVersion(currentTag);
  const to = parseVersion(target.tag);
  const inTheWay =
    from?.kind === 'version' && to.kind === 'version'
      ? intervalOf(from.version, to.version, releases).inTheWay.map(({ release }) => release)
      : [target];
  return inTheWay.flatMap((release) =>
    release.notes === undefined ? [] : [{ version: release.tag, text: release.notes.text }],
  );
}

/** Releases that `latest` may choose from, oldest first. */
function orderedReleases(releases: readonly ReleaseTag[]): readonly Ordered[] {
  return releases
    .flatMap((release): readonly Ordered[] => {
      const parsed = parseVersion(release.tag);
      const isChoosable = parsed.kind === 'version' && !parsed.version.recipe.prerelease;
      return isChoosable ? [{ release, version: parsed.version }] : [];
    })
    .sort((a, b) => {
      const order = compareVersions(a.version, b.version);
      if (order === 'older') return -1;
      return order === 'newer' ? 1 : a.release.tag < b.release.tag ? -1 : 1;
    });
}
