/** Holds that are about the app and not about a release: whose data it is, whether it is well, what a failure left behind. */
import type { HoldReason } from '../model/alert.ts';
import type { Hold } from '../model/plan.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import type { LastGood } from '../model/release.ts';
import { judgeIllBefore } from '../gates/ill-before.ts';
import { judgeLeftData } from '../gates/left-data.ts';
import { judgeMovedTag } from '../gates/moved-tag.ts';
import { judgeTouchedData } from '../gates/touched-data.ts';
import type { Choice } from './candidates.ts';
import type { Context } from './context.ts';
import { judgeDrift } from './drift.ts';
import { notesInTheWay } from './judge-candidate.ts';
import { lastTouch, retirementOf } from './retired.ts';

/**
 * Its data must not replace the known-good while it is ill, unless a person says so for this very target; which is what
 * runs, where its configuration alone changes. Where a newer version is held anyway, it is still that which is held:
 * approving it lifts both, and an illness that passes is no other event (A1).
 */
export function holdOfIllness(context: Context, choice: Choice, lastGood: LastGood): Hold | null {
  const { app, swarm, view } = context;
  const { hold } = choice;
  const target = choice.target ?? releaseOf(view, lastGood);
  if (target === undefined || app.data === 'Stateless' || app.approved === target.tag) return null;
  const reasons = judgeIllBefore(swarm, app.stack);
  if (reasons.length === 0) return null;
  if (hold !== null) return { ...hold, reasons: [...hold.reasons, ...reasons] };
  return {
    version: target.tag,
    commit: target.commit,
    reasons,
    notes: notesInTheWay(lastGood.version, target, view.releases),
  };
}

/** The app would stay on its version, and the tag of that is another release by now. */
export function holdOfMovedTag(context: Context, choice: Choice, lastGood: LastGood): Hold | null {
  const { app, view } = context;
  if (choice.missingTag !== undefined) return null;
  const target = choice.target ?? releaseOf(view, lastGood);
  if (target === undefined || app.approved === target.tag) return null;
  const reasons = judgeMovedTag(lastGood, target);
  if (reasons.length === 0) return null;
  if (choice.hold === null)
    return { version: target.tag, commit: target.commit, reasons, notes: [] };
  return { ...choice.hold, reasons: [...choice.hold.reasons, ...reasons] };
}

/** Where the app goes when its configuration alone changes; undefined: its tag is gone. */
function releaseOf({ releases }: Context['view'], { version }: LastGood): ReleaseTag | undefined {
  return releases.find(({ tag }) => tag === version);
}

/**
 * What a failed install left behind is not started upon without a person: by an older version (P2), at another domain or
 * by another recipe (S3). A retirement leaves nothing in the volumes.
 */
export function holdOfTouchedData(context: Context, choice: Choice): Hold | null {
  const { app, record } = context;
  const { target } = choice;
  if (target === undefined || app.data === 'Stateless' || app.approved === target.tag) return null;
  const last = retirementOf(record.history) === undefined ? lastTouch(record.history) : undefined;
  const reasons = [
    ...judgeTouchedData(target.tag, record.history),
    ...judgeLeftData(app, target.tag, last),
  ];
  if (reasons.length === 0) return null;
  return { version: target.tag, commit: target.commit, reasons, notes: [] };
}

/** Holds that no version can lift: the data's domain and recipe, and a stack that is somebody else's. */
export function holdOfIdentity(context: Context, choice: Choice): Hold | null {
  const { app, record, swarm } = context;
  const version = choice.target?.tag ?? record.lastGood?.version ?? choice.latest ?? '';
  const commit = choice.target?.commit ?? record.lastGood?.commit ?? '';
  const hold = (reason: HoldReason): Hold => ({ version, commit, reasons: [reason], notes: [] });
  const from = record.lastGood?.domain;
  if (from !== undefined && from !== app.domain) {
    return hold({
      kind: 'held-domain',
      reason: 'DomainChanged',
      message: `the data of ${app.name} belongs to ${from}, not to ${app.domain}; put the domain back`,
      file: app.source.file,
      line: app.source.line,
      from,
      to: app.domain,
    });
  }
  const recipe = record.lastGood?.recipe;
  if (recipe !== undefined && recipe !== app.recipe) {
    return hold({
      kind: 'held-domain',
      reason: 'RecipeChanged',
      message: `the data of ${app.name} was made by recipe ${recipe}, not by ${app.recipe}; put the recipe back, or give the other one an app of its own`,
      file: app.source.file,
      line: app.source.line,
      from: recipe,
      to: app.recipe,
    });
  }
  const drift = judgeDrift(swarm, app.name, app.stack, record.lastGood);
  if (drift.kind === 'replaced' && app.data === 'Stateful') {
    return hold({
      kind: 'held-adoption',
      reason: 'ImageReplaced',
      message: `somebody changed what runs: ${drift.what}, which may have changed the data; put back what ${app.name} was proved good with, or remove the service if the data is still that of ${version}`,
      file: null,
      line: null,
      from: record.lastGood?.version ?? null,
      to: app.stack,
    });
  }
  if (drift.kind !== 'foreign') return null;
  return hold({
    kind: 'held-adoption',
    reason: 'ForeignStack',
    message: `stack ${app.stack} is there already: ${drift.what}; remove it, or give ${app.name} another domain`,
    file: app.source.file,
    line: app.source.line,
    from: null,
    to: app.stack,
  });
}
