/** One pass: load → observe → plan → execute → report. It starts transitions and waits for none of them. */
import { assertNever } from '../model/assert-never.ts';
import { reasonOf } from '../model/failure.ts';
import type { Known } from '../model/known.ts';
import { parseAppName } from '../model/names.ts';
import type { Decision, Plan, PlanEntry } from '../model/plan.ts';
import type { LoadedDesired } from '../model/spec-problem.ts';
import type { World } from '../model/world.ts';
import { checkPlan } from '../plan/check-plan.ts';
import { removedFrom } from '../plan/orphans.ts';
import { planPass } from '../plan/plan.ts';
import { progressOf } from '../transitions/progress.ts';
import type { Recipes } from '../ports/recipes.ts';
import type { PerformDeps } from './job.ts';
import type { DesiredLoader, DesiredProgress } from './load.ts';
import { observeWorld, type ObserveDeps } from './observe.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { leaseScopeOf, leaseScopesOf } from './lease-scope.ts';
import type { Standing } from './lease-tenure.ts';
import type { Reporter } from './report.ts';
import { TRANSITIONS_MAX, type Runners } from './runners.ts';
import { seeToDrills } from './see-to-drills.ts';
import { seeToForgottenDrills } from './see-to-forgotten-drills.ts';
import {
  markOrphans,
  orphanScopes,
  prune,
  recordedScope,
  type OrphanDeps,
} from './see-to-orphans.ts';
import { settleRequest, takeBack } from './settle-requests.ts';

export interface PassDeps extends PerformDeps, Pick<ObserveDeps, 'structures'>, OrphanDeps {
  readonly recipes: Recipes;
  readonly loader: DesiredLoader;
  readonly reporter: Reporter;
  readonly runners: Runners;
  readonly lease: LeaseKeeper;
  /** Where a person asked for something to be done to one app, and for nothing else; null: every app is seen to. */
  readonly onlyApp: string | null;
}

export interface Pass {
  readonly loaded: Known<LoadedDesired>;
  readonly progress: DesiredProgress;
  readonly world: World;
  readonly plan: Plan;
}

/** Looks and decides; touches nothing. What `ci-warm plan` shows is this. */
export async function lookAndPlan(
  deps: Pick<PassDeps, 'loader'> & ObserveDeps,
  signal: AbortSignal,
): Promise<Pass> {
  return await planOver(await deps.loader.load(signal), deps, signal);
}

async function planOver(
  loaded: Known<LoadedDesired>,
  deps: Pick<PassDeps, 'loader'> & ObserveDeps,
  signal: AbortSignal,
): Promise<Pass> {
  const desired = loaded.known ? loaded.value.desired : undefined;
  const world = await observeWorld(desired, deps, signal);
  const isStale = deps.loader.progress.stale !== undefined;
  const removed = loaded.known
    ? removedFrom(loaded.value, [...world.records.keys()], isStale)
    : undefined;
  const plan =
    desired === undefined ? { revision: '', entries: [] } : planPass(desired, world, removed);
  if (desired !== undefined) {
    const problems = checkPlan(plan, desired, world);
    if (problems.length > 0) throw new Error(`the plan breaks a rule: ${problems.join('; ')}`);
  }
  return { loaded, progress: deps.loader.progress, world, plan };
}

/**
 * A whole pass. Throws when the plan breaks a rule, or when the signal aborts. The plan that it returns says of what it
 * could not begin yet that it waits.
 *
 * R1: looking takes time, and a transition may end meanwhile: its journal was read as open, or the Swarm seen half way.
 * So an app that was at work when the look began is left alone in this pass; its end has woken the next one. For the
 * same reason an app is acted on only under a lease that was held before the look began.
 */
export async function runPass(deps: PassDeps, signal: AbortSignal): Promise<Pass> {
  const atWork = deps.runners.apps();
  const isFree = (app: string): boolean => !atWork.has(app) && !deps.runners.isRunning(app);
  const loaded = await deps.loader.load(signal);
  const desired = loaded.known ? loaded.value.desired : undefined;
  const scopes = new Set([...leaseScopesOf(desired), ...(await orphanScopes(loaded, deps))]);
  await deps.lease.need(scopes);
  const standings = new Map([...scopes].map((scope) => [scope, deps.lease.standing(scope)]));
  const seen = await planOver(loaded, deps, signal);
  const open = await resumeInterrupted(seen, isFree, deps);
  const entries: PlanEntry[] = [];
  for (const entry of seen.plan.entries) {
    const { name } = entry.object;
    const { decision } = entry;
    if (decision.kind === 'in-transition' && !deps.runners.isRunning(name)) {
      entries.push({ ...entry, decision: open.waiting.get(name) ?? decision });
    } else if (!isFree(name)) {
      entries.push(entry);
    } else if (decision.kind !== 'start') {
      await settle(entry, seen.world, deps);
      entries.push(entry);
    } else {
      const standing = standings.get(leaseScopeOf(decision.input.app.domain));
      const right = mayBegin(name, standing, deps);
      if (right.kind === 'may') await settle(entry, seen.world, deps);
      const begun = right.kind === 'may' ? await begin(decision, deps, right.signal) : right;
      entries.push({ ...entry, decision: begun });
    }
  }
  const pass = await seeToOrphans(
    { ...seen, plan: { ...seen.plan, entries } },
    isFree,
    standings,
    deps,
  );
  await seeToDrills(
    pass.world,
    (app, record) => {
      if (!isFree(app)) return undefined;
      const right = mayBegin(app, standings.get(recordedScope(record)), deps);
      return right.kind === 'may' ? right.signal : undefined;
    },
    deps,
  );
  const maySee = (app: string): boolean => isFree(app) && (deps.onlyApp ?? app) === app;
  await seeToForgottenDrills(pass.world, maySee, deps, signal);
  await deps.reporter.report(pass);
  // What nobody wants any more is left to others; a tree that is half written or a journal that cannot be read says no such
  // thing (L1).
  if (isWhole(loaded) && open.isKnown) {
    await deps.lease.keepOnly(new Set([...scopes, ...open.scopes]));
  }
  return pass;
}

/** What a person asked for is taken back where it is refused, done by now, or part of what is about to begin. */
async function settle(entry: PlanEntry, world: World, deps: PassDeps): Promise<void> {
  const app = parseAppName(entry.object.name);
  const record = app === undefined ? undefined : world.records.get(app);
  if (entry.object.kind !== 'WarmApp' || record?.known !== true) return;
  await settleRequest(entry.object.name, entry, record.value, deps);
}

/** What was pruned is in the plan that is returned, and not in its world any more. */
async function seeToOrphans(
  pass: Pass,
  isFree: (app: string) => boolean,
  standings: ReadonlyMap<string, Standing>,
  deps: PassDeps,
): Promise<Pass> {
  const desired = pass.loaded.known ? pass.loaded.value.desired : undefined;
  if (desired === undefined) return pass;
  const records = new Map(pass.world.records);
  const entries: PlanEntry[] = [];
  for (const entry of pass.plan.entries) {
    const { name } = entry.object;
    const app = parseAppName(name);
    const record = app === undefined ? undefined : records.get(app);
    if (entry.prune === undefined || app === undefined || record?.known !== true || !isFree(name)) {
      entries.push(entry);
      continue;
    }
    const right = mayBegin(name, standings.get(recordedScope(record.value)), deps);
    if (right.kind !== 'may') {
      entries.push({ ...entry, decision: right });
      continue;
    }
    const done = await prune(name, entry.prune, deps, right.signal);
    if (done.known) records.delete(app);
    else await takeBack(name, deps);
    entries.push({ ...entry, prune: { ...entry.prune, trouble: done.known ? null : done.why } });
  }
  const world = { ...pass.world, records };
  await markOrphans(entries, new Set(desired.warmApps.keys()), world, deps);
  return { ...pass, world, plan: { ...pass.plan, entries } };
}

/** Whether what is not in it is not wanted. */
function isWhole(loaded: Known<LoadedDesired>): boolean {
  if (!loaded.known || loaded.value.desired === undefined) return false;
  return !loaded.value.incomplete && loaded.value.invalid.length === 0;
}

function mayBegin(
  app: string,
  standing: Standing | undefined,
  { runners, onlyApp }: PassDeps,
): ReturnType<typeof rightToBegin> {
  return onlyApp === null || onlyApp === app
    ? rightToBegin(standing, runners)
    : { kind: 'waiting', message: `Waits for a controller: only ${onlyApp} is seen to now` };
}

/** To be begun now, under this signal; or why not. */
function rightToBegin(
  standing: Standing | undefined,
  runners: Runners,
): { readonly kind: 'may'; readonly signal: AbortSignal } | Decision {
  switch (standing?.kind) {
    case 'held':
      if (standing.signal.aborted) return { kind: 'unknown', why: 'The lease was just lost.' };
      if (runners.hasRoom) return { kind: 'may', signal: standing.signal };
      return {
        kind: 'waiting',
        message: `Waits until one of the ${String(TRANSITIONS_MAX)} transitions under way has ended`,
      };
    case 'rival':
      return {
        kind: 'waiting',
        message: `The controller ${standing.holder} has the lease on this Swarm; this one acts when it is free`,
      };
    case 'unanswered':
      return { kind: 'unknown', why: standing.why };
    case undefined:
      return { kind: 'unknown', why: 'No lease was asked for.' };
    default:
      return assertNever(standing, 'standing');
  }
}

interface OpenJournals {
  /** Where something is to be finished. */
  readonly scopes: ReadonlySet<string>;
  /** Every journal could be read. */
  readonly isKnown: boolean;
  /** Apps that do not go on yet. */
  readonly waiting: ReadonlyMap<string, Decision>;
}

/**
 * A journal with an open transition and nobody at work on it: a controller died, or the lease was lost. It goes on
 * whatever desired state says now, or even when there is none (L2).
 */
async function resumeInterrupted(
  pass: Pass,
  isFree: (app: string) => boolean,
  deps: PassDeps,
): Promise<OpenJournals> {
  const scopes = new Set<string>();
  const waiting = new Map<string, Decision>();
  for (const [app, record] of pass.world.records) {
    if (!record.known || record.value.open.length === 0) continue;
    // Its status says that nobody can follow it; starting it again and again would not help.
    const progress = progressOf(record.value.open);
    if (progress === undefined) continue;
    const scope = leaseScopeOf(progress.input.app.domain);
    scopes.add(scope);
    if (!isFree(app) || (deps.onlyApp !== null && deps.onlyApp !== app)) continue;
    await deps.lease.need([scope]);
    const right = rightToBegin(deps.lease.standing(scope), deps.runners);
    if (right.kind !== 'may') {
      if (right.kind === 'waiting') waiting.set(app, right);
      continue;
    }
    deps.log.info('going on with an interrupted transition', { app, id: progress.id });
    deps.runners.start(record.value.open, right.signal);
  }
  const isKnown = [...pass.world.records.values()].every((record) => record.known);
  return { scopes, isKnown, waiting };
}

/**
 * The journal's first record comes before anything is done. Where it cannot be written nothing is begun, and the answer
 * says why: other apps do not wait for it.
 */
async function begin(
  start: Extract<Decision, { kind: 'start' }>,
  deps: PassDeps,
  signal: AbortSignal,
): Promise<Decision> {
  const { transition, input } = start;
  const record = {
    at: new Date(deps.clock.now()).toISOString(),
    id: start.requestId ?? deps.clock.newId(),
    app: input.app.name,
    transition,
    phase: 'begin',
    event: 'intent',
    input,
  } as const;
  try {
    await deps.store.append(record);
  } catch (thrown) {
    const why = `nothing is begun: ${reasonOf(thrown)}`;
    deps.log.error('a transition cannot begin', { app: record.app, why });
    return { kind: 'unknown', why };
  }
  if (start.requestId !== undefined) await takeBack(record.app, deps);
  deps.log.info('transition begins', {
    app: record.app,
    id: record.id,
    transition,
    from: input.from?.version ?? null,
    to: input.to.version,
  });
  deps.runners.start([record], signal);
  return start;
}
