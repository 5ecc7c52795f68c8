/** One pass: load → observe → plan → execute → report. It starts transitions and waits for none of them (L2). */
import type { Desired } from '../model/desired.ts';
import type { Known } from '../model/known.ts';
import { parseAppName } from '../model/names.ts';
import type { PlanEntry } from '../model/plan.ts';
import type { LoadedDesired } from '../model/spec-problem.ts';
import type { World } from '../model/world.ts';
import type { Recipes } from '../ports/recipes.ts';
import { beginTransition } from './begin-transition.ts';
import type { PerformDeps } from './job.ts';
import { leaseScopeOf, leaseScopesOf } from './lease-scope.ts';
import type { Standing } from './lease-tenure.ts';
import { mayBegin, standbyEntry } from './may-begin.ts';
import { planOver, type LookDeps, type Pass } from './pass.ts';
import type { Reporter } from './report.ts';
import { resumeInterrupted, type OpenJournals, type ResumeDeps } from './resume-interrupted.ts';
import { seeToDrills } from './see-to-drills.ts';
import { seeToForgottenDrills } from './see-to-forgotten-drills.ts';
import { orphanScopes, recordedScope, seeToOrphans, type OrphanDeps } from './see-to-orphans.ts';
import { settleRequest } from './settle-requests.ts';

export interface PassDeps
  extends PerformDeps, Pick<LookDeps, 'loader' | 'structures'>, ResumeDeps, OrphanDeps {
  readonly recipes: Recipes;
  readonly reporter: Reporter;
}

/**
 * A whole pass. Throws when the plan breaks a rule, or when the signal aborts. The plan that it returns says of what it
 * could not begin yet that it waits.
 *
 * R1: looking takes time, and a transition may end meanwhile: its journal was read as open, or the Swarm seen half way.
 * So an app that was at work when the look began is left alone in this pass; its end has woken the next one. For the
 * same reason an app is acted on only under a lease that was held before the look began.
 *
 * A1: of an app whose lease is another's, or nobody can tell whose, the pass says that it stands by, and nothing else.
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
  const open = await resumeInterrupted(seen.world, isFree, deps);
  const entries: PlanEntry[] = [];
  for (const entry of seen.plan.entries) {
    const { name } = entry.object;
    if (entry.decision.kind !== 'in-transition' && !isFree(name)) {
      entries.push(entry);
      continue;
    }
    const scope = scopeOf(name, desired, seen.world);
    const standing = scope === undefined ? undefined : standings.get(scope);
    entries.push(await actOn(entry, standing, seen.world, { ...deps, waiting: open.waiting }));
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

type ActDeps = PassDeps & Pick<OpenJournals, 'waiting'>;

/** Does what was decided of one app, where this controller may, and says what became of it. */
async function actOn(
  entry: PlanEntry,
  standing: Standing | undefined,
  world: World,
  deps: ActDeps,
): Promise<PlanEntry> {
  const { name } = entry.object;
  const { decision } = entry;
  const standby = standbyEntry(entry, standing);
  if (decision.kind === 'in-transition') {
    if (deps.runners.isRunning(name)) return entry;
    const waits = deps.waiting.get(name) ?? decision;
    return { ...(standby ?? entry), decision: waits };
  }
  if (standby !== undefined) return standby;
  if (decision.kind !== 'start') {
    await settle(entry, world, deps);
    return entry;
  }
  const right = mayBegin(name, standing, deps);
  if (right.kind !== 'may') return { ...entry, decision: right };
  await settle(entry, world, deps);
  return { ...entry, decision: await beginTransition(decision, deps, right.signal) };
}

/** Which lease the app is under: by the domain that is wanted; of one that nobody wants, by the one that it had. */
function scopeOf(name: string, desired: Desired | undefined, world: World): string | undefined {
  const app = parseAppName(name);
  if (app === undefined) return undefined;
  const wanted = desired?.warmApps.get(app);
  if (wanted !== undefined) return leaseScopeOf(wanted.domain);
  const record = world.records.get(app);
  return record?.known === true ? recordedScope(record.value) : undefined;
}

/** What a person asked for is taken back where it is refused, done by now, or part of what is about to begin. */
async function settle(entry: PlanEntry, world: World, deps: PassDeps): Promise<void> {
  const app = parseAppName(entry.object.name);
  const record = app === undefined ? undefined : world.records.get(app);
  if (entry.object.kind !== 'WarmApp' || record?.known !== true) return;
  await settleRequest(entry.object.name, entry, record.value, deps);
}

/** Whether what is not in it is not wanted. */
function isWhole(loaded: Known<LoadedDesired>): boolean {
  if (!loaded.known || loaded.value.desired === undefined) return false;
  return !loaded.value.incomplete && loaded.value.invalid.length === 0;
}
