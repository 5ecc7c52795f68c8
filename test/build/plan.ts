/** Builders of plans, of holds, and of the world that a plan is made from. */
import type { HoldReason } from '../../controller/model/alert.ts';
import { known } from '../../controller/model/known.ts';
import type { Decision, Hold, PlanEntry } from '../../controller/model/plan.ts';
import type { World } from '../../controller/model/world.ts';
import { commitOf } from './recipe.ts';
import { swarmView } from './swarm.ts';

export function entryOf(
  name: string,
  decision: Decision,
  over: Partial<PlanEntry> = {},
): PlanEntry {
  return {
    object: { kind: 'WarmApp', name },
    decision,
    hold: null,
    current: '1.1.0+1.1.0',
    target: '1.1.0+1.1.0',
    latest: '1.1.0+1.1.0',
    ...over,
  };
}

export function holdReason(over: Partial<HoldReason> = {}): HoldReason {
  return {
    kind: 'held-major',
    reason: 'RecipeMajor',
    message: 'the recipe moves from major 1 to major 2',
    file: null,
    line: null,
    from: '1.1.0+1.1.0',
    to: '2.0.0+2.0.0',
    ...over,
  };
}

export function hold(
  version: string,
  reasons: readonly HoldReason[] = [holdReason()],
  notes: Hold['notes'] = [],
): Hold {
  return { version, commit: commitOf(version), reasons, notes };
}

export function world(over: Partial<World> = {}): World {
  return {
    nowMs: Date.parse('2026-11-21T09:30:00Z'),
    swarm: known(swarmView()),
    recipes: new Map(),
    records: new Map(),
    structures: new Map(),
    ...over,
  };
}
