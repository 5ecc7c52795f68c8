/**
 * A stack name that another app still has, as after a renaming: what nobody wants any more is kept for its grace time,
 * then its data is saved and its volumes are dropped, and they have the names that the new app would use. So would an
 * app that was retired and comes back: by then another one may have taken its place.
 *
 * S1: so nothing is begun in that stack before the other app is done with it, also while none of its services is there.
 * Of two apps one at most keeps it: the other one was never proved good, or is retired.
 * L1: nor while the other app's state cannot be read, unless it must have another stack.
 */
import type { Desired, WarmAppSpec } from '../model/desired.ts';
import { drillStackOf, type AppName, type StackName } from '../model/names.ts';
import type { PlanEntry } from '../model/plan.ts';
import type { AppRecord } from '../model/record.ts';
import { label } from '../model/swarm.ts';
import type { World } from '../model/world.ts';
import { retirementOf } from './retired.ts';

/** The stack that an app was deployed as last; undefined: it never was. */
export function stackOf({ lastGood, frozen }: AppRecord): string | undefined {
  return lastGood?.stack ?? frozen?.app.stack;
}

/** It was proved good, and its data has not left the volumes of its stack since: nobody else begins anything there. */
export function keepsStack({ lastGood, history }: AppRecord): boolean {
  return lastGood !== null && retirementOf(history) === undefined;
}

/**
 * The same entry where it begins nothing and finds nobody there. Held where the stack is another app's still, and this one
 * would begin something in it, or finds services of that one; unknown where that cannot be told, for the state of an app
 * that may have it cannot be read (L1).
 */
export function heldByTenant(
  entry: PlanEntry,
  app: WarmAppSpec,
  { warmApps }: Pick<Desired, 'warmApps'>,
  { records, swarm }: Pick<World, 'records' | 'swarm'>,
): PlanEntry {
  const { decision, hold } = entry;
  const isStart = decision.kind === 'start';
  // The services that are there are that other app's: so it is said whose, and when they go.
  if (!isStart && hold?.reasons[0]?.reason !== 'ForeignStack') return entry;
  const others = [...records].filter(([name]) => name !== app.name);
  const tenant = others.find(
    ([, record]) => record.known && occupies(record.value, app.stack),
  )?.[0];
  const commit = isStart ? decision.input.to.commit : (hold?.commit ?? '');
  if (tenant !== undefined) return heldBy(tenant, entry, app, commit);
  if (!isStart) return entry;
  for (const [name, record] of others) {
    if (record.known || isElsewhere(name, app.stack, warmApps, swarm)) continue;
    const why = `whether stack ${app.stack} is that of app ${name} still is not known: ${record.why}. ${app.name} begins when the state of ${name} can be read`;
    return { ...entry, decision: { kind: 'unknown', why } };
  }
  return entry;
}

function heldBy(tenant: string, entry: PlanEntry, app: WarmAppSpec, commit: string): PlanEntry {
  // One that was there before has its domain, too, which its data carries.
  const wayOut =
    entry.current === null
      ? `wait until it is, call ${app.name} ${tenant} again, or give it another domain`
      : `${app.name} comes back from its snapshot when it is, which begins when nothing under desired/ asks for ${tenant}`;
  const message = `stack ${app.stack} is that of app ${tenant}, which is not retired yet: its data is in the volumes of that stack; ${wayOut}`;
  const { file, line } = app.source;
  return {
    ...entry,
    decision: { kind: 'held', message },
    hold: {
      version: entry.target ?? entry.latest ?? '',
      commit,
      reasons: [
        {
          ...{ kind: 'held-adoption', reason: 'ForeignStack', message, file, line },
          ...{ from: tenant, to: app.stack },
        },
      ],
      notes: [],
    },
  };
}

/**
 * Of an app whose state cannot be read, the Swarm may show where it is: an app has one stack at a time, and its services
 * and volumes carry the names of both. Where it shows nothing, one that is wanted has the stack that it is wanted in, or
 * has nothing left that this stack could do harm to; of one that nobody wants any more, that could still be retired.
 */
function isElsewhere(
  name: AppName,
  stack: StackName,
  wanted: Desired['warmApps'],
  swarm: World['swarm'],
): boolean {
  if (!swarm.known) return false;
  const { services, volumes } = swarm.value;
  const stacks = [
    ...services.map((one) => ({ app: one.labels[label.app], stack: one.stack })),
    ...volumes.map(({ labels }) => ({ app: labels[label.app], stack: labels[label.stack] })),
  ].flatMap((one) => (one.app === name ? [one.stack] : []));
  if (stacks.length === 0) return wanted.has(name);
  // A drill's stack says whose it is, too.
  const possible: readonly (string | undefined)[] = [undefined, stack, drillStackOf(stack)];
  return !stacks.some((one) => possible.includes(one));
}

function occupies(record: AppRecord, stack: string): boolean {
  if (stackOf(record) !== stack) return false;
  return keepsStack(record) || record.open.length > 0;
}
