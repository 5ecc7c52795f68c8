/**
 * What a pass does about one warm app. Pure: the same desired, observed and time give the same decision (L3), and what
 * could not be observed decides nothing (L1).
 */
import { assertNever } from '../model/assert-never.ts';
import type { Desired, RecipeSpec, WarmAppSpec } from '../model/desired.ts';
import { withoutDrills } from '../model/drill-verdict.ts';
import type { Decision, PlanEntry } from '../model/plan.ts';
import type { AppRecord } from '../model/record.ts';
import type { World } from '../model/world.ts';
import { planAdoption, type Adoption } from './adoption.ts';
import { holdOfIdentity, holdOfIllness, holdOfMovedTag, holdOfTouchedData } from './app-holds.ts';
import { chooseTarget } from './candidates.ts';
import type { Context } from './context.ts';
import { judgeDrift } from './drift.ts';
import { held, stalled } from './held-or-stalled.ts';
import { identityOf } from './identity.ts';
import { openTransition } from './open-transition.ts';
import { planRepair } from './repair.ts';
import { afterRetry, planRequest, type Asked } from './requests.ts';
import { heldByTenant, keepsStack } from './stack-tenant.ts';
import { startOrWait, type Start } from './start-or-wait.ts';
import { structuresOf } from './structures-known.ts';
import { isQuarantined, planInstall, planUpgrade } from './take-release.ts';

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

/**
 * While the Swarm is unknown nothing is begun, and what was asked for waits; so it does while nobody can say whether the
 * app's stack is another one's by now.
 */
function askedFor(
  desired: Desired,
  app: WarmAppSpec,
  recipe: RecipeSpec,
  record: AppRecord,
  world: World,
): Asked | undefined {
  const { swarm, nowMs } = world;
  if (!swarm.known) return undefined;
  const identity = identityOf(desired, app, recipe);
  const asked = planRequest({ desired, app, recipe, identity, nowMs, swarm: swarm.value, record });
  if (asked?.kind !== 'start' || keepsStack(record)) return asked;
  const current = record.lastGood?.version ?? null;
  const begun = { ...entry(app, asked.decision), current };
  const { decision } = heldByTenant(begun, app, desired, world);
  if (decision.kind === 'start') return asked;
  const { id = '' } = record.request ?? {};
  return decision.kind === 'held' ? { kind: 'refused', id, why: decision.message } : undefined;
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
  return keepsStack(record) ? planned : heldByTenant(planned, app, desired, world);
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
    return { ...base, hold: identityHold, decision: held(identityHold) };
  }
  if (lastGood === null) {
    const touched = holdOfTouchedData(context, choice);
    return touched === null
      ? { ...base, decision: planInstall(context, choice) }
      : { ...base, hold: touched, decision: held(touched) };
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
    return { ...base, hold: moved, decision: held(moved) };
  }
  const decision = planUpgrade(context, choice, lastGood);
  const illness = decision.kind === 'start' ? holdOfIllness(context, choice, lastGood) : null;
  if (illness === null) return { ...base, decision };
  return { ...base, hold: illness, decision: held(illness) };
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
      const decision: Decision = { ...held(hold), ...again };
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
