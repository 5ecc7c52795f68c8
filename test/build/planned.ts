/** What is planned for a world of one app. */
import { expect } from 'vitest';
import type { WarmAppSpec } from '../../controller/model/desired.ts';
import type { PlanEntry } from '../../controller/model/plan.ts';
import type { ReleaseTag } from '../../controller/model/recipe.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import type { World } from '../../controller/model/world.ts';
import { checkPlan } from '../../controller/plan/check-plan.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { desiredOf } from './desired.ts';
import { provedWith, worldOf } from './running.ts';

/** The entry of the one app, after the plan was checked and made a second time with the same result (L3). */
export function plan(app: WarmAppSpec, seen: World): PlanEntry {
  const desired = desiredOf([app]);
  const first = planPass(desired, seen);
  expect(checkPlan(first, desired, seen)).toEqual([]);
  expect(planPass(desired, seen)).toEqual(first);
  const [entry] = first.entries;
  if (entry === undefined) throw new Error('an empty plan');
  return entry;
}

/** A world in which the app runs `tag`, proved. */
export function installed(
  app: WarmAppSpec,
  tag: string,
  tags: readonly ReleaseTag[],
  record: Partial<AppRecord> = {},
  over: Partial<World> = {},
): World {
  return worldOf(app, tags, { lastGood: provedWith(desiredOf([app]), app, tag), ...record }, over);
}
