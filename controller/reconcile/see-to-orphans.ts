/**
 * What a pass writes down and takes away for apps that nothing under `desired/` asks for any more: since when that is so,
 * and everything of an app that a person wants pruned. Their retirement is a transition like any other.
 *
 * L2: what was begun here and did not end is found again by the next pass: the request of a prune lies in the folder that
 * is the last to go.
 */
import { CiWarmError, reasonOf } from '../model/failure.ts';
import { known, unknown, type Known } from '../model/known.ts';
import { drillStackOf, parseAppName, parseDomain, parseStackName } from '../model/names.ts';
import type { PlanEntry } from '../model/plan.ts';
import type { AppRecord } from '../model/record.ts';
import type { LoadedDesired } from '../model/spec-problem.ts';
import { label } from '../model/swarm.ts';
import type { World } from '../model/world.ts';
import { mayBeRetired, removedFrom } from '../plan/orphans.ts';
import { pendingRequest } from '../plan/requests.ts';
import type { Drills } from '../ports/drills.ts';
import type { Engine } from '../ports/engine.ts';
import type { Log } from '../ports/log.ts';
import type { StackRemains } from '../ports/stack-remains.ts';
import type { StateStore } from '../ports/state-store.ts';
import { leaseScopeOf } from './lease-scope.ts';
import type { Standing } from './lease-tenure.ts';
import { mayBegin, type MayBeginDeps } from './may-begin.ts';
import type { Pass } from './pass.ts';
import { takeBack } from './settle-requests.ts';

export interface OrphanDeps extends MayBeginDeps {
  readonly store: StateStore;
  readonly remains: StackRemains;
  readonly drills: Drills;
  readonly engine: Engine;
  readonly log: Log;
}

/** Scopes of apps that may have to be acted on although nobody wants them. Empty where that cannot be told (L1). */
export async function orphanScopes(
  loaded: Known<LoadedDesired>,
  { store }: Pick<OrphanDeps, 'store'>,
): Promise<ReadonlySet<string>> {
  if (!loaded.known) return new Set();
  try {
    const apps = (await store.apps()).flatMap((name) => parseAppName(name) ?? []);
    const { names } = removedFrom(loaded.value, apps, false);
    if (names.length === 0) return new Set();
    const records = await store.records(names);
    return new Set([...records.values()].flatMap(scopeOf));
  } catch {
    return new Set();
  }
}

function scopeOf(record: Known<AppRecord>): readonly string[] {
  if (!record.known) return [];
  const isNeeded = mayBeRetired(record.value) || pendingRequest(record.value)?.kind === 'prune';
  return isNeeded ? [recordedScope(record.value)] : [];
}

/** The scope that an app fell under when it was last acted on; empty where nothing ever was. */
export function recordedScope({ lastGood, frozen }: AppRecord): string {
  const domain = lastGood === null ? frozen?.app.domain : parseDomain(lastGood.domain);
  return domain === undefined ? '' : leaseScopeOf(domain);
}

/**
 * Prunes what may be, and marks the others. `isFree`: nothing is at work on the app. What was pruned is in the plan that is
 * returned, and not in its world any more.
 */
export async function seeToOrphans(
  pass: Pass,
  isFree: (app: string) => boolean,
  standings: ReadonlyMap<string, Standing>,
  deps: OrphanDeps,
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

/**
 * Since when each orphan is one; gone for those that are wanted. A file that cannot be written is tried again by the next
 * pass: until then an orphan's time has not begun.
 */
export async function markOrphans(
  entries: readonly PlanEntry[],
  wanted: ReadonlySet<string>,
  world: World,
  deps: OrphanDeps,
): Promise<void> {
  const apps = entries.filter(({ object }) => object.kind === 'WarmApp');
  const planned = new Set(apps.map(({ object }) => object.name));
  for (const [app, record] of world.records) {
    if (!record.known || !planned.has(app)) continue;
    const isOrphan = !wanted.has(app);
    if (isOrphan === (record.value.orphan !== null)) continue;
    const orphan = isOrphan ? { since: new Date(world.nowMs).toISOString() } : null;
    try {
      await deps.store.writeOrphan(app, orphan);
    } catch (thrown) {
      deps.log.error('could not write down whether an app is wanted', {
        app,
        why: reasonOf(thrown),
      });
      continue;
    }
    deps.log.info(isOrphan ? 'an app is wanted no more' : 'an app is wanted again', { app });
  }
}

/**
 * Everything of the app goes, R2: from the Swarm what carries the labels of its stack and of the app, from the state
 * directory its folder, which comes last. The caller holds the lease. Unknown: something is left, and why.
 */
export async function prune(
  app: string,
  { stack }: NonNullable<PlanEntry['prune']>,
  deps: OrphanDeps,
  signal: AbortSignal,
): Promise<Known<null>> {
  try {
    if (stack !== '') {
      await deps.remains.removeConfigs(stack, signal);
      await deps.remains.remove(stack, app, signal);
      await clearDrill(app, stack, deps, signal);
    }
    await deps.store.forget(app);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    deps.log.error('an app is not wholly pruned', { app, why: reasonOf(thrown) });
    return unknown(reasonOf(thrown));
  }
  deps.log.info('pruned: nothing of the app is left', { app });
  return known(null);
}

/** Of a drill that could not clear up: the journal that says so goes with the app. Throws `conflict` while it runs still. */
async function clearDrill(
  app: string,
  stack: string,
  { drills, engine }: OrphanDeps,
  signal: AbortSignal,
): Promise<void> {
  const own = parseStackName(stack);
  const name = parseAppName(app);
  if (own === undefined || name === undefined) return;
  const ofDrill = drillStackOf(own);
  const { services, networks } = await engine.observeStack(ofDrill, signal);
  const isOwn = services.some(({ labels }) => labels[label.app] === app);
  const left = services.length === 0 || isOwn ? [...services, ...networks] : [];
  const [first] = left.filter((one) => one.stack === ofDrill);
  if (first !== undefined) {
    throw new CiWarmError(
      'conflict',
      `pruning ${app}: ${first.name} of a drill is there still; it is taken away as soon as nothing is on it, ask again then`,
    );
  }
  await drills.clear({ name, stack: own }, signal);
}
