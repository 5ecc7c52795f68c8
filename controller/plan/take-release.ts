/** A release that is to be taken, first or after another one; or why none is. */
import type { WarmAppSpec } from '../model/desired.ts';
import type { Decision } from '../model/plan.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import { RESTORED_BY_HAND, type LastGood, type ReleaseSpec } from '../model/release.ts';
import type { Choice } from './candidates.ts';
import type { Context } from './context.ts';
import { held, stalled } from './held-or-stalled.ts';
import { releaseSpecOf } from './identity.ts';
import { startOrWait } from './start-or-wait.ts';

/** Of an app that nobody has deployed yet. */
export function planInstall(context: Context, choice: Choice): Decision {
  const { target } = choice;
  if (target === undefined) return nothingToTake(context, choice);
  if (isQuarantined(context, target)) return quarantined(context);
  const why = `first install of ${target.tag}`;
  return startOrWait(context, {
    transition: 'install',
    from: null,
    to: specOf(context, target),
    target,
    why,
  });
}

/** Of an app that runs as it should: a newer release, or another configuration of the same. */
export function planUpgrade(context: Context, choice: Choice, lastGood: LastGood): Decision {
  const { app, view } = context;
  if (choice.missingTag !== undefined) return nothingToTake(context, choice);
  const current = view.releases.find((release) => release.tag === lastGood.version);
  const target = choice.target ?? current;
  if (target === undefined) {
    return stalled(
      'VersionGone',
      `tag ${lastGood.version} is gone from recipe ${app.recipe}; ${app.name} stays as it is`,
    );
  }
  // Nothing else is tried below what failed, or was left by hand: nor is a new configuration of what runs.
  if (choice.isBlocked) return quarantined(context);
  const spec = specOf(context, target);
  if (spec.specHash === lastGood.specHash) {
    return heldBack(context, choice) ?? { kind: 'in-sync', version: lastGood.version };
  }
  if (isQuarantined(context, target)) return quarantined(context);
  const why =
    target.tag === lastGood.version
      ? `the configuration of ${target.tag} changed`
      : `${lastGood.version} → ${target.tag}`;
  return startOrWait(context, { transition: 'upgrade', from: lastGood, to: spec, target, why });
}

function nothingToTake(context: Context, choice: Choice): Decision {
  const { app, recipe } = context;
  if (choice.missingTag !== undefined) {
    return stalled(
      'VersionNotFound',
      `recipe ${recipe.name} has no tag ${choice.missingTag}; newest is ${choice.latest ?? 'none'}`,
    );
  }
  const held = heldBack(context, choice);
  if (held !== undefined) return held;
  return stalled(
    'NoRelease',
    `recipe ${recipe.name} has no release that ${app.name} could take; tags look like 1.0.0+2.3.4`,
  );
}

/** Something newer is not taken: it needs a person, or is too young yet. */
function heldBack({ app }: Context, choice: Choice): Decision | undefined {
  const { hold, wait, againAtMs = Infinity } = choice;
  if (hold === null && wait === undefined) return undefined;
  const again = Number.isFinite(againAtMs) ? { untilMs: againAtMs } : {};
  return hold === null
    ? { kind: 'held', message: waitMessage(app, wait), ...again }
    : { ...held(hold), ...again };
}

function waitMessage({ name, gate }: WarmAppSpec, wait: Choice['wait']): string {
  const { tag = '', untilMs } = wait ?? {};
  return untilMs === undefined
    ? `${tag} waits, for nobody can say how old it is, and gate.minAge of ${name} asks for that; approve it to take it`
    : `${tag} waits until ${new Date(untilMs).toISOString()}, when it is as old as gate.minAge of ${name} asks for (${String(Math.round(gate.minAgeMs / 1000))} s)`;
}

function specOf(context: Context, release: ReleaseTag): ReleaseSpec {
  return releaseSpecOf(context.identity, context.app, release);
}

/** A bad configuration quarantines that configuration, not the version: the spec's hash decides. */
export function isQuarantined(context: Context, release: ReleaseTag): boolean {
  const { quarantine } = context.record;
  return quarantine !== null && quarantine.specHash === specOf(context, release).specHash;
}

function quarantined(context: Context): Decision {
  const { quarantine, history } = context.record;
  const failed = history.findLast((past) => past.toSpecHash === quarantine?.specHash)?.failure;
  if (quarantine?.reason === RESTORED_BY_HAND) {
    return {
      kind: 'quarantined',
      version: quarantine.version,
      message: `a person went back from it on ${quarantine.since}`,
    };
  }
  return {
    kind: 'quarantined',
    version: quarantine?.version ?? '',
    message: failed?.message ?? quarantine?.reason ?? 'it failed its health gate',
  };
}
