/** What a pass sees and decides: load → observe → plan. Touches nothing; run-pass.ts acts on it. */
import type { Known } from '../model/known.ts';
import type { Plan } from '../model/plan.ts';
import type { LoadedDesired } from '../model/spec-problem.ts';
import type { World } from '../model/world.ts';
import { checkPlan } from '../plan/check-plan.ts';
import { removedFrom } from '../plan/orphans.ts';
import { planPass } from '../plan/plan.ts';
import type { DesiredLoader, DesiredProgress } from './load.ts';
import { observeWorld, type ObserveDeps } from './observe.ts';

export interface LookDeps extends ObserveDeps {
  readonly loader: DesiredLoader;
}

export interface Pass {
  readonly loaded: Known<LoadedDesired>;
  readonly progress: DesiredProgress;
  readonly world: World;
  readonly plan: Plan;
}

/** What `ci-warm plan` shows. Throws when the plan breaks a rule, or when the signal aborts. */
export async function lookAndPlan(deps: LookDeps, signal: AbortSignal): Promise<Pass> {
  return await planOver(await deps.loader.load(signal), deps, signal);
}

/** The same, over desired state that is loaded already. */
export async function planOver(
  loaded: Known<LoadedDesired>,
  deps: LookDeps,
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
