/**
 * Which version an app should go to, and which newer ones are held back, with every reason.
 *
 * With `latest` it is the highest version that the gate lets through. `approved` lifts the gate for that tag and no
 * other, and never chooses the target. A version that is quarantined is not tried again, and neither is one below it:
 * going half way up to a version that has just failed is a decision for a person.
 */
import { assertNever } from '../model/assert-never.ts';
import type { Hold } from '../model/plan.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import { compareVersions, parseVersion, type RecipeVersion } from '../model/version.ts';
import { intervalOf } from '../gates/interval.ts';
import { unparsableReason } from '../gates/majors.ts';
import { holdOf, judgeCandidate, type CandidateQuestion, type Wait } from './judge-candidate.ts';

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
  /** The newest that is too young yet. */
  readonly wait: Wait | undefined;
  /** When the first of those that are too young has to be judged. */
  readonly againAtMs: number | undefined;
  /** Why nothing can be chosen: something in the way could not be read (L1). */
  readonly unknown: string | undefined;
}

export interface ChoiceQuestion extends CandidateQuestion {
  /** Tags that are quarantined as the app is configured now. */
  readonly isQuarantined: (release: ReleaseTag) => boolean;
}

type Chosen = Omit<Choice, 'latest' | 'missingTag'>;

const nothing: Chosen = {
  target: undefined,
  hold: null,
  isBlocked: false,
  wait: undefined,
  againAtMs: undefined,
  unknown: undefined,
};

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
    return release === undefined
      ? { ...nothing, latest, missingTag: tag }
      : { ...firstThatMay(question, [release]), latest, missingTag: undefined };
  }
  const chosen =
    currentTag === undefined
      ? chooseFirst(question, ordered)
      : chooseLatest(question, ordered, currentTag);
  return { ...chosen, latest, missingTag: undefined };
}

/** What is installed first: the newest that is old enough. */
function chooseFirst(question: ChoiceQuestion, ordered: readonly Ordered[]): Chosen {
  const newestFirst = ordered.map(({ release }) => release).reverse();
  const unplaced = question.releases.filter((one) => parseVersion(one.tag).kind === 'unparsable');
  if (newestFirst.length > 0 || unplaced[0] === undefined) {
    return firstThatMay(question, newestFirst);
  }
  const reasons = unplaced.map((one) => unparsableReason(one.tag));
  return { ...nothing, hold: holdOf(unplaced[0], reasons, []) };
}

/** From the newest down, until the gate lets one through. The hold names the newest that it does not. */
function chooseLatest(
  question: ChoiceQuestion,
  ordered: readonly Ordered[],
  currentTag: string,
): Chosen {
  const current = question.releases.find((one) => one.tag === currentTag);
  const newer = newerThan(ordered, currentTag, current);
  if (newer.length === 0) return { ...nothing, hold: holdOfUnplaced(question, currentTag) };
  const newestFirst = newer.map(({ release }) => release).reverse();
  const at = newestFirst.findIndex(question.isQuarantined);
  const chosen = firstThatMay(question, at < 0 ? newestFirst : newestFirst.slice(0, at));
  const isBlocked = at >= 0 && chosen.target === undefined && chosen.unknown === undefined;
  return { ...chosen, isBlocked };
}

function firstThatMay(question: ChoiceQuestion, newestFirst: readonly ReleaseTag[]): Chosen {
  let chosen = nothing;
  for (const release of newestFirst) {
    const judged = judgeCandidate(question, release);
    switch (judged.kind) {
      case 'take':
        return { ...chosen, target: judged.release };
      case 'unknown':
        return { ...nothing, unknown: judged.why };
      case 'held':
        chosen = { ...chosen, hold: chosen.hold ?? judged.hold };
        break;
      case 'too-young': {
        const { untilMs = Infinity } = judged.wait;
        const againAtMs = Math.min(chosen.againAtMs ?? Infinity, untilMs);
        chosen = { ...chosen, wait: chosen.wait ?? judged.wait, againAtMs };
        break;
      }
      default:
        return assertNever(judged, 'judgement');
    }
  }
  return chosen;
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

/** What `latest` would choose if nothing held it. */
export function newestOf(releases: readonly ReleaseTag[]): ReleaseTag | undefined {
  return orderedReleases(releases).at(-1)?.release;
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
