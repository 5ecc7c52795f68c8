/**
 * What a pass does about one warm app. Pure: the same desired, observed and time give the same decision (L3), and what
 * could not be observed decides nothing (L1).
 */
import { assertNever } from '../model/assert-never.ts';
import type { Desired, RecipeSpec, WarmAppSpec } from '../model/desired.ts';
import type { TransitionInput, TransitionKind } from '../model/journal.ts';
import type { Decision, Hold, PlanEntry } from '../model/plan.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import type { AppRecord } from '../model/record.ts';
import { RESTORED_BY_HAND, type LastGood, type ReleaseSpec } from '../model/release.ts';
import type { SnapshotManifest } from '../model/snapshot.ts';
import type { World } from '../model/world.ts';
import { withoutDrills } from '../model/drill-verdict.ts';
import { planAdoption, type Adoption } from './adoption.ts';
import { holdOfIdentity, holdOfIllness, holdOfMovedTag, holdOfTouchedData } from './app-holds.ts';
import { retryNotBeforeMs } from './back-off.ts';
import { chooseTarget, type Choice } from './candidates.ts';
import type { Context } from './context.ts';
import { judgeDrift } from './drift.ts';
import { goneSecrets } from './gone-secrets.ts';
import { identityOf, policyOf, releaseSpecOf } from './identity.ts';
import { notesInTheWay } from './judge-candidate.ts';
import { openTransition } from './open-transition.ts';
import { structuresOf } from './structures-known.ts';
import { afterRetry, planRequest, waitsForNoBackOff, type Asked } from './requests.ts';
import { whyNotBack } from './retired.ts';
import { releaseOfSnapshot, specOfRelease } from './snapshot-release.ts';
import { heldByTenant } from './stack-tenant.ts';

export function planWarmApp(desired: Desired, app: WarmAppSpec, world: World): PlanEntry {
  const recipe = desired.recipes.get(app.recipe);
  const record = world.records.get(app.name);
  if (recipe === undefined)
    return entry(
      app,
      stalled('UnknownRecipe', `there is no recipe ${app.recipe}; add it under recipes/`),
    );
  if (record === undefined) return entry(app, { kind: 'unknown', why: 'its state was not read' });
  if (!record.known) return entry(app, { kind: 'unknown', why: record.why });
  const current = record.value.lastGood?.version ?? null;
  const open = openTransition(record.value);
  if (open !== undefined) return { ...entry(app, open), current };
  const asked = askedFor(desired, app, recipe, record.value, world);
  if (asked?.kind === 'start') {
    return { ...entry(app, asked.decision), current, target: asked.target };
  }
  const { id, why } = asked ?? {};
  const refused = id === undefined || why === undefined ? {} : { refused: { id, why } };
  return { ...planUnasked(desired, app, recipe, record.value, world), ...refused };
}

/** While the Swarm is unknown nothing is begun, and what was asked for waits. */
function askedFor(
  desired: Desired,
  app: WarmAppSpec,
  recipe: RecipeSpec,
  record: AppRecord,
  { swarm, nowMs }: World,
): Asked | undefined {
  const identity = identityOf(desired, app, recipe);
  return swarm.known
    ? planRequest({ desired, app, recipe, identity, nowMs, swarm: swarm.value, record })
    : undefined;
}

function planUnasked(
  desired: Desired,
  app: WarmAppSpec,
  recipe: RecipeSpec,
  record: AppRecord,
  world: World,
): PlanEntry {
  const current = record.lastGood?.version ?? null;
  const view = world.recipes.get(app.recipe);
  if (app.suspend) return { ...entry(app, { kind: 'suspended' }), current };
  if (recipe.driver === 'Abra') {
    return {
      ...entry(app, stalled('NotYetServed', 'driver Abra is not served yet; use driver Stack')),
      current,
    };
  }
  if (!world.swarm.known)
    return { ...entry(app, { kind: 'unknown', why: world.swarm.why }), current };
  if (view === undefined || !view.known) {
    const why = view?.known === false ? view.why : 'its recipe was not read';
    return { ...entry(app, { kind: 'unknown', why }), current };
  }
  const planned = planKnown({
    desired,
    app,
    recipe,
    identity: identityOf(desired, app, recipe),
    nowMs: world.nowMs,
    swarm: world.swarm.value,
    view: view.value,
    record: { ...afterRetry(record), history: withoutDrills(record.history) },
    structures: world.structures,
  });
  return record.lastGood === null ? heldByTenant(planned, app, world) : planned;
}

function planKnown(context: Context): PlanEntry {
  const { app, record, view, swarm } = context;
  const lastGood = record.lastGood;
  const choice = chooseTarget({
    app,
    releases: view.releases,
    currentTag: lastGood?.version,
    nowMs: context.nowMs,
    structures: structuresOf(context),
    isQuarantined: (release) => isQuarantined(context, release),
  });
  const base = {
    object: { kind: 'WarmApp', name: app.name },
    current: lastGood?.version ?? null,
    target: choice.target?.tag ?? lastGood?.version ?? null,
    latest: choice.latest,
    hold: choice.hold,
  } as const;
  const adoption = lastGood === null ? planAdoption(context) : undefined;
  if (adoption !== undefined) return { ...base, ...adopted(context, adoption) };
  const identityHold = holdOfIdentity(context, choice);
  if (identityHold !== null) {
    return {
      ...base,
      hold: identityHold,
      decision: { kind: 'held', message: identityHold.reasons[0]?.message ?? 'held' },
    };
  }
  if (lastGood === null) {
    const touched = holdOfTouchedData(context, choice);
    return touched === null
      ? { ...base, decision: planInstall(context, choice) }
      : { ...base, hold: touched, decision: { kind: 'held', message: holdMessage(touched) } };
  }
  const drift = judgeDrift(swarm, app.name, app.stack, lastGood);
  // A stateless app has no data that another image could have changed.
  const isReplaced = drift.kind === 'replaced' && app.data === 'Stateless';
  if (drift.kind === 'drifted' || isReplaced) {
    return {
      ...base,
      ...(choice.unknown === undefined ? {} : { isHoldUnknown: true }),
      target: lastGood.version,
      decision: planRepair(context, lastGood, drift.what),
    };
  }
  if (choice.unknown !== undefined) {
    return { ...base, decision: { kind: 'unknown', why: choice.unknown } };
  }
  const moved = holdOfMovedTag(context, choice, lastGood);
  if (moved !== null) {
    return { ...base, hold: moved, decision: { kind: 'held', message: holdMessage(moved) } };
  }
  const decision = planUpgrade(context, choice, lastGood);
  const illness = decision.kind === 'start' ? holdOfIllness(context, choice, lastGood) : null;
  if (illness === null) return { ...base, decision };
  return { ...base, hold: illness, decision: { kind: 'held', message: holdMessage(illness) } };
}

function adopted(
  context: Context,
  adoption: Adoption,
): Pick<PlanEntry, 'decision' | 'hold' | 'target'> {
  switch (adoption.kind) {
    case 'unknown':
      return { decision: adoption, hold: null, target: null };
    case 'held': {
      const { hold, untilMs } = adoption;
      const again = untilMs === undefined ? {} : { untilMs };
      const decision: Decision = { kind: 'held', message: holdMessage(hold), ...again };
      return { decision, hold, target: hold.version };
    }
    case 'adopt': {
      const { spec, adopts } = adoption;
      const why = `${spec.version} runs already, as its recipe has it`;
      const start: Start = { transition: 'adopt', from: null, to: spec, adopts, why };
      return { decision: startOrWait(context, start), hold: null, target: spec.version };
    }
    default:
      return assertNever(adoption, 'adoption');
  }
}

function planInstall(context: Context, choice: Choice): Decision {
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

function planUpgrade(context: Context, choice: Choice, lastGood: LastGood): Decision {
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
  const spec = specOf(context, target);
  if (spec.specHash === lastGood.specHash) {
    if (choice.isBlocked) return quarantined(context);
    return heldBack(context, choice) ?? { kind: 'in-sync', version: lastGood.version };
  }
  if (isQuarantined(context, target)) return quarantined(context);
  const why =
    target.tag === lastGood.version
      ? `the configuration of ${target.tag} changed`
      : `${lastGood.version} → ${target.tag}`;
  return startOrWait(context, { transition: 'upgrade', from: lastGood, to: spec, target, why });
}

function planRepair(context: Context, lastGood: LastGood, what: string): Decision {
  const { history, quarantine, snapshot } = context.record;
  const { version } = lastGood;
  const spec = specOfRelease(lastGood);
  const last = history.findLast((past) => past.end !== 'abandoned');
  // A retirement runs nothing else on the data: what is there is still that of last_good.
  if (last?.end === 'stranded' && last.kind !== 'retire') {
    if (quarantine !== null) {
      return stalled(
        'Stranded',
        `${last.toVersion} failed and so did the way back; ${context.app.name} is undeployed and its data is safe. Remove the cause, then ci-warm reconcile ${context.app.name} --retry`,
      );
    }
    if (!snapshot.known) return { kind: 'unknown', why: snapshot.why };
    // The target ran on the data, so the prior version may only start on what the snapshot holds.
    if (snapshot.value?.id === last.id || last.kind === 'restore') {
      return planWayBack(context, lastGood, snapshot.value);
    }
  }
  if (last?.kind === 'retire' && last.end === 'succeeded') {
    const notBack = whyNotBack(context.app.name, last, snapshot);
    if (notBack !== undefined) return notBack;
    if (snapshot.known && last.snapshotId !== null) {
      return planWayBack(context, lastGood, snapshot.value);
    }
  }
  const gone = context.app.data === 'Stateful' ? goneSecrets(context.swarm, lastGood) : [];
  if (gone.length > 0) return withoutSecrets(context.app.name, gone);
  const why = `put ${version} back: ${what}`;
  return startOrWait(context, { transition: 'repair', from: lastGood, to: spec, why });
}

function withoutSecrets(app: string, gone: readonly string[]): Decision {
  const names = gone.join(', ');
  return stalled(
    'SecretGone',
    `${app} is not put back, for its data belongs to ${gone.length === 1 ? 'a secret that is' : 'secrets that are'} gone: ${names}. A new value would not fit; make ${gone.length === 1 ? 'it' : 'them'} again with the old one (docker secret create NAME FILE)`,
  );
}

/** To the release of the snapshot: `last_good`, or where a person wanted to go back to when that failed. */
function planWayBack(
  context: Context,
  lastGood: LastGood,
  snapshot: SnapshotManifest | null,
): Decision {
  const held = snapshot === null ? undefined : releaseOfSnapshot(snapshot, context);
  const isOther = held !== undefined && held.specHash !== lastGood.specHash;
  const from = isOther ? held : lastGood;
  return startOrWait(context, {
    transition: 'restore',
    from,
    to: specOfRelease(from),
    ...(isOther ? { leaves: lastGood } : {}),
    snapshotId: snapshot?.id ?? null,
    why: `go back to ${from.version} with the data of the snapshot`,
  });
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
  const message = hold === null ? waitMessage(app, wait) : holdMessage(hold);
  return { kind: 'held', message, ...again };
}

function waitMessage({ name, gate }: WarmAppSpec, wait: Choice['wait']): string {
  const { tag = '', untilMs } = wait ?? {};
  return untilMs === undefined
    ? `${tag} waits, for nobody can say how old it is, and gate.minAge of ${name} asks for that; approve it to take it`
    : `${tag} waits until ${new Date(untilMs).toISOString()}, when it is as old as gate.minAge of ${name} asks for (${String(Math.round(gate.minAgeMs / 1000))} s)`;
}

interface Start {
  readonly transition: TransitionKind;
  readonly from: LastGood | null;
  readonly to: ReleaseSpec;
  readonly leaves?: LastGood;
  readonly adopts?: Readonly<Record<string, number>>;
  /** Where release notes in the way are to go with an alert. */
  readonly target?: ReleaseTag;
  readonly snapshotId?: string | null;
  readonly why: string;
}

function startOrWait(context: Context, start: Start): Decision {
  const { history } = context.record;
  const untilMs = retryNotBeforeMs(history, start.to.specHash);
  if (untilMs > context.nowMs && !waitsForNoBackOff(context.record)) {
    const { reason = 'BackingOff', message = 'the last try failed' } =
      history.at(-1)?.failure ?? {};
    return { kind: 'backing-off', untilMs, reason, message };
  }
  const { target, from, leaves, adopts } = start;
  const input: TransitionInput = {
    app: context.identity,
    policy: policyOf(context.recipe),
    from,
    to: start.to,
    ...(leaves === undefined ? {} : { leaves }),
    ...(adopts === undefined ? {} : { adopts }),
    snapshotId: start.snapshotId ?? null,
    reserveBytes: context.desired.settings.disk.reserveBytes,
    revision: context.desired.revision,
    notes: target === undefined ? [] : notesInTheWay(from?.version, target, context.view.releases),
  };
  return { kind: 'start', transition: start.transition, input, why: start.why };
}

function specOf(context: Context, release: ReleaseTag): ReleaseSpec {
  return releaseSpecOf(context.identity, context.app, release);
}

/** A bad configuration quarantines that configuration, not the version: the spec's hash decides. */
function isQuarantined(context: Context, release: ReleaseTag): boolean {
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

function holdMessage(hold: Hold): string {
  return hold.reasons.map((reason) => reason.message).join('; ');
}

function stalled(reason: string, message: string): Decision {
  return { kind: 'stalled', reason, message };
}

function entry(app: WarmAppSpec, decision: Decision): PlanEntry {
  return {
    object: { kind: 'WarmApp', name: app.name },
    decision,
    hold: null,
    current: null,
    target: null,
    latest: null,
  };
}
