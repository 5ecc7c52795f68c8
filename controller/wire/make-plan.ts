/** The composition of `ci-warm plan`: what the next pass would do. */
import { staleError, type Stale } from '../model/desired-stale.ts';
import type { Plan, PlanWarning } from '../model/plan.ts';
import type { SpecProblem } from '../model/spec-problem.ts';
import { lookAndPlan, type Pass } from '../reconcile/pass.ts';
import { planWarnings } from '../reconcile/plan-warnings.ts';
import { lookOnly, type LookOptions } from './look-only.ts';
import type { Wired } from './wire.ts';

export interface MadePlan {
  readonly plan: Plan;
  readonly problems: readonly SpecProblem[];
  readonly warnings: readonly PlanWarning[];
  /** Why newer desired state is not followed, where older is planned for. */
  readonly stale: Stale | undefined;
}

/**
 * What the next pass would do. Touches nothing, and needs no lock. `onPass` sees what it was made from. Throws a
 * `DesiredStaleError` where there is no desired state to plan for.
 */
export async function makePlan(
  options: LookOptions,
  onPass?: (pass: Pass, deps: Pick<Wired, 'recipes' | 'store'>) => Promise<void>,
): Promise<MadePlan> {
  return await lookOnly(options, async (deps) => {
    const pass = await lookAndPlan(deps, options.signal);
    const { stale } = deps.loader.progress;
    if (!pass.loaded.known) throw staleError(stale, pass.loaded.why);
    await onPass?.(pass, deps);
    const warnings = await planWarnings(pass, deps.driver, options.signal);
    return { plan: pass.plan, problems: pass.loaded.value.problems, warnings, stale };
  });
}
