/** One pass: load → observe → plan → execute → report. It starts transitions and waits for none of them. */
import type { Known } from '../model/known.ts';
import type { TransitionInput, TransitionKind } from '../model/journal.ts';
import type { Plan } from '../model/plan.ts';
import type { LoadedDesired } from '../model/spec-problem.ts';
import type { World } from '../model/world.ts';
import { checkPlan } from '../plan/check-plan.ts';
import { planPass } from '../plan/plan.ts';
import { progressOf } from '../transitions/progress.ts';
import type { PerformDeps } from './job.ts';
import type { DesiredLoader } from './load.ts';
import { observeWorld, type ObserveDeps } from './observe.ts';
import type { Reporter } from './report.ts';
import type { Runners } from './runners.ts';

export interface PassDeps extends PerformDeps, ObserveDeps {
  readonly loader: DesiredLoader;
  readonly reporter: Reporter;
  readonly runners: Runners;
}

export interface Pass {
  readonly loaded: Known<LoadedDesired>;
  readonly world: World;
  readonly plan: Plan;
}

/** Looks and decides; touches nothing. What `ci-warm plan` shows is this. */
export async function lookAndPlan(
  deps: Pick<PassDeps, 'loader' | keyof ObserveDeps>,
  signal: AbortSignal,
): Promise<Pass> {
  const loaded = await deps.loader.load(signal);
  const desired = loaded.known ? loaded.value.desired : undefined;
  const world = await observeWorld(desired, deps, signal);
  const plan = desired === undefined ? { revision: '', entries: [] } : planPass(desired, world);
  if (desired !== undefined) {
    const problems = checkPlan(plan, desired, world);
    if (problems.length > 0) throw new Error(`the plan breaks a rule: ${problems.join('; ')}`);
  }
  return { loaded, world, plan };
}

/**
 * A whole pass. Throws when the plan breaks a rule, or when the signal aborts.
 *
 * R1: looking takes time, and a transition may end meanwhile: its journal was read as open, or the Swarm seen half way.
 * So an app that was at work when the look began is left alone in this pass; its end has woken the next one.
 */
export async function runPass(deps: PassDeps, signal: AbortSignal): Promise<Pass> {
  const atWork = deps.runners.apps();
  const isFree = (app: string): boolean => !atWork.has(app) && !deps.runners.isRunning(app);
  const pass = await lookAndPlan(deps, signal);
  resumeInterrupted(pass, isFree, deps, signal);
  for (const { decision } of pass.plan.entries) {
    if (decision.kind !== 'start' || !isFree(decision.input.app.name)) continue;
    await begin(decision.transition, decision.input, deps, signal);
  }
  await deps.reporter.report(pass);
  return pass;
}

/**
 * A journal with an open transition and nobody at work on it: a controller died. It goes on whatever desired state says
 * now, or even when there is none (L2).
 */
function resumeInterrupted(
  pass: Pass,
  isFree: (app: string) => boolean,
  deps: PassDeps,
  signal: AbortSignal,
): void {
  for (const [app, record] of pass.world.records) {
    if (!record.known || record.value.open.length === 0 || !isFree(app)) continue;
    // Its status says that nobody can follow it; starting it again and again would not help.
    if (progressOf(record.value.open) === undefined) continue;
    deps.log.info('going on with an interrupted transition', { app, id: record.value.open[0]?.id });
    deps.runners.start(record.value.open, signal);
  }
}

/** The journal's first record comes before anything is done. */
async function begin(
  transition: TransitionKind,
  input: TransitionInput,
  deps: PassDeps,
  signal: AbortSignal,
): Promise<void> {
  const record = {
    at: new Date(deps.clock.now()).toISOString(),
    id: deps.clock.newId(),
    app: input.app.name,
    transition,
    phase: 'begin',
    event: 'intent',
    input,
  } as const;
  await deps.store.append(record);
  deps.log.info('transition begins', {
    app: record.app,
    id: record.id,
    transition,
    from: input.from?.version ?? null,
    to: input.to.version,
  });
  deps.runners.start([record], signal);
}
