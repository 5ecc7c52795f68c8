/**
 * One release that an app might go to, before the whole safety gate: its age, names and notes of every version in the way,
 * and the recipes' structure; in a plan, and so before anything is touched (G1). `approved` lifts all of it for that tag and
 * no other.
 *
 * A recipe that could not be read is no reason to hold, and none to go on: nothing is known (L1).
 */
import type { HoldReason } from '../model/alert.ts';
import type { WarmAppSpec } from '../model/desired.ts';
import type { Known } from '../model/known.ts';
import type { Hold } from '../model/plan.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import type { RecipeStructure, SecretStructure } from '../model/structure.ts';
import { parseVersion } from '../model/version.ts';
import { intervalOf } from '../gates/interval.ts';
import { unparsableReason } from '../gates/majors.ts';
import { judgeAge } from '../gates/min-age.ts';
import { judgeSafety } from '../gates/safety.ts';
import { judgeStructure } from '../gates/structure.ts';

/** The recipes of an app that is installed. */
export interface Structures {
  /** What runs. */
  readonly current: Known<RecipeStructure>;
  readonly of: (release: ReleaseTag, isTarget: boolean) => Known<RecipeStructure>;
  /** Whether people give it, or Swarm's store has it. */
  readonly hasSecret: (secret: SecretStructure) => boolean;
}

export interface CandidateQuestion {
  readonly app: WarmAppSpec;
  readonly releases: readonly ReleaseTag[];
  readonly nowMs: number;
  /** The tag that the app is proved good with; undefined before the first install. */
  readonly currentTag: string | undefined;
  /** Undefined before the first install: there is nothing to compare with. */
  readonly structures: Structures | undefined;
}

export type Judgement =
  | { readonly kind: 'take'; readonly release: ReleaseTag }
  | { readonly kind: 'held'; readonly hold: Hold }
  | { readonly kind: 'too-young'; readonly wait: Wait }
  | { readonly kind: 'unknown'; readonly why: string };

/** A release that is taken by itself once it is old enough; never, where nobody can say how old it is. */
export interface Wait {
  readonly tag: string;
  readonly untilMs: number | undefined;
}

export function judgeCandidate(question: CandidateQuestion, release: ReleaseTag): Judgement {
  const { app, currentTag, releases, nowMs } = question;
  if (currentTag === release.tag || app.approved === release.tag) return { kind: 'take', release };
  const age = judgeAge(release, app.gate.minAgeMs, nowMs);
  if (age.kind === 'too-young') {
    return { kind: 'too-young', wait: { tag: release.tag, untilMs: age.untilMs } };
  }
  const structure = structureReasons(question, release);
  if (!structure.known) return { kind: 'unknown', why: structure.why };
  const reasons = [...nameReasons(question, release), ...structure.value];
  return reasons.length === 0
    ? { kind: 'take', release }
    : {
        kind: 'held',
        hold: holdOf(release, reasons, notesInTheWay(currentTag, release, releases)),
      };
}

function nameReasons(
  { currentTag, releases }: CandidateQuestion,
  release: ReleaseTag,
): readonly HoldReason[] {
  if (currentTag !== undefined) {
    return judgeSafety({ currentTag, targetTag: release.tag, releases });
  }
  return parseVersion(release.tag).kind === 'version' ? [] : [unparsableReason(release.tag)];
}

function structureReasons(
  { app, currentTag, releases, structures }: CandidateQuestion,
  release: ReleaseTag,
): Known<readonly HoldReason[]> {
  if (structures === undefined) return { known: true, value: [] };
  const { current, hasSecret } = structures;
  if (!current.known) return current;
  const inTheWay: RecipeStructure[] = [];
  for (const one of releasesInTheWay(currentTag, release, releases)) {
    const structure = structures.of(one, one === release);
    if (!structure.known) return structure;
    inTheWay.push(structure.value);
  }
  const value = judgeStructure({ current: current.value, inTheWay, gate: app.gate, hasSecret });
  return { known: true, value };
}

/** (current, target], in order; the target alone where there is no order, or where it is the older one. */
function releasesInTheWay(
  currentTag: string | undefined,
  target: ReleaseTag,
  releases: readonly ReleaseTag[],
): readonly ReleaseTag[] {
  const from = currentTag === undefined ? undefined : parseVersion(currentTag);
  const to = parseVersion(target.tag);
  if (from?.kind !== 'version' || to.kind !== 'version') return [target];
  const { inTheWay } = intervalOf(from.version, to.version, releases);
  return inTheWay.length === 0 ? [target] : inTheWay.map(({ release }) => release);
}

/** Notes of the versions in (current, target]; of the target alone where there is no order. */
export function notesInTheWay(
  currentTag: string | undefined,
  target: ReleaseTag,
  releases: readonly ReleaseTag[],
): Hold['notes'] {
  return releasesInTheWay(currentTag, target, releases).flatMap(({ tag, notes }) =>
    notes === undefined ? [] : [{ version: tag, text: notes.text }],
  );
}

export function holdOf(
  release: ReleaseTag,
  reasons: readonly HoldReason[],
  notes: Hold['notes'],
): Hold {
  return { version: release.tag, commit: release.commit, reasons, notes };
}
