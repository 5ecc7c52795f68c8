/** Desired + observed + time → the plan. Every desired object is in it exactly once, in one stable order. */
import type { Desired } from '../model/desired.ts';
import type { Decision, ObjectRef, Plan, PlanEntry } from '../model/plan.ts';
import type { World } from '../model/world.ts';
import { planOrphan, type Removed } from './orphans.ts';
import { planWarmApp } from './warm-apps.ts';

const nothingRemoved: Removed = { names: [], doubt: undefined };

/** Never throws. The same arguments give the same plan (L3). What was removed is in it as well, after its grace time too. */
export function planPass(desired: Desired, world: World, removed = nothingRemoved): Plan {
  const entries: PlanEntry[] = [
    ...[...desired.warmApps.values()].map((app) => planWarmApp(desired, app, world)),
    ...removed.names.map((name) => planOrphan(desired, name, removed.doubt, world)),
    ...[...desired.canonicals.keys()].map((name) => notYetServed('Canonical', name)),
    ...[...desired.runs.keys()].map((name) => notYetServed('Run', name)),
    ...[...desired.sweeps.keys()].map((name) => notYetServed('Sweep', name)),
  ];
  entries.sort((a, b) => (orderKey(a.object) < orderKey(b.object) ? -1 : 1));
  return { revision: desired.revision, entries };
}

function notYetServed(kind: ObjectRef['kind'], name: string): PlanEntry {
  const decision: Decision = {
    kind: 'stalled',
    reason: 'NotYetServed',
    message: `this version of ci-warm reads ${kind} objects and does not act on them yet; remove its file, or keep it for a version that does`,
  };
  return {
    object: { kind, name },
    decision,
    hold: null,
    current: null,
    target: null,
    latest: null,
  };
}

function orderKey(object: ObjectRef): string {
  return `${object.kind}/${object.name}`;
}
