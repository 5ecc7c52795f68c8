/**
 * The loop: wake → pass → wait, level-triggered. A wake-up carries no data; every pass reads the world again. Passes
 * never overlap, and never wait for a transition.
 */
import { CiWarmError, reasonOf } from '../model/failure.ts';
import type { Plan } from '../model/plan.ts';
import type { DesiredSource } from '../ports/desired-source.ts';
import { EngineNews } from './engine-news.ts';
import type { Rival } from './lease-keeper.ts';
import type { Pass } from './pass.ts';
import type { PassBoard } from './pass-board.ts';
import { runPass, type PassDeps } from './run-pass.ts';
import type { Wake } from './wake.ts';

export interface LoopDeps extends PassDeps {
  readonly source: DesiredSource;
  readonly wake: Wake;
  readonly board: PassBoard;
}

/** However often something happens, passes begin at least this far apart. */
const PASS_GAP_MS = 100;
const RESYNC_DEFAULT_MS = 60_000;

/** Runs until the signal aborts, then lets transitions come to a stop between two intents. */
export async function runForever(deps: LoopDeps, signal: AbortSignal): Promise<void> {
  const watches = [
    deps.source.watch(deps.wake.activate, signal),
    deps.engine.watch(deps.wake.activate, signal),
  ];
  const engine = new EngineNews(deps.log);
  while (!signal.aborted) {
    const pass = await passOrNothing(deps, engine, signal);
    await deps.clock.sleep(PASS_GAP_MS, signal);
    await deps.wake.wait(pauseMs(pass, deps), signal);
  }
  await deps.runners.drain();
  await Promise.allSettled(watches);
}

/**
 * Works until nothing is left to do, and returns the last pass: no transition under way, and a plan that starts none.
 * Undefined when the signal aborted first. Throws `busy` when another controller has a lease and is seen to renew it; one
 * that does not is waited for, until its lease has run out.
 */
export async function runOnce(deps: LoopDeps, signal: AbortSignal): Promise<Pass | undefined> {
  const engine = new EngineNews(deps.log);
  while (!signal.aborted) {
    const pass = await passOrWait(deps, engine, signal);
    if (pass !== undefined && deps.runners.count === 0) {
      const rivals = deps.lease.rivals();
      refuseLiving(rivals);
      if (rivals.length === 0 && !startsSomething(pass.plan)) return pass;
    }
    await deps.wake.wait(RESYNC_DEFAULT_MS, signal);
  }
  await deps.runners.drain();
  return undefined;
}

function refuseLiving(rivals: readonly Rival[]): void {
  const living = rivals.find(({ isAlive }) => isAlive);
  if (living === undefined) return;
  throw new CiWarmError(
    'busy',
    `another controller (${living.holder}) keeps the apps of ${living.scope} on this Swarm; stop that one first, or leave them to it`,
  );
}

function startsSomething(plan: Plan): boolean {
  return plan.entries.some(({ decision }) =>
    ['start', 'in-transition', 'waiting'].includes(decision.kind),
  );
}

/** A pass that fails ends the work only when nothing is under way: what is must not be left to run on by itself. */
async function passOrWait(
  deps: LoopDeps,
  engine: EngineNews,
  signal: AbortSignal,
): Promise<Pass | undefined> {
  try {
    return await watchedPass(deps, engine, signal);
  } catch (thrown) {
    if (signal.aborted) return undefined;
    if (deps.runners.count === 0) throw thrown;
    deps.log.error('a pass failed', { why: reasonOf(thrown) });
    return undefined;
  }
}

/** One pass that fails is said and tried again; the loop outlives it. */
async function passOrNothing(
  deps: LoopDeps,
  engine: EngineNews,
  signal: AbortSignal,
): Promise<Pass | undefined> {
  try {
    return await watchedPass(deps, engine, signal);
  } catch (thrown) {
    if (!signal.aborted) deps.log.error('a pass failed', { why: reasonOf(thrown) });
    return undefined;
  }
}

/** A pass, and whoever waits for it told; the log hears whether the Engine answered. */
async function watchedPass(deps: LoopDeps, engine: EngineNews, signal: AbortSignal): Promise<Pass> {
  const tell = deps.board.begin();
  let pass: Pass | undefined;
  try {
    pass = await runPass(deps, signal);
    engine.hear(pass.world.swarm);
    return pass;
  } finally {
    tell(pass);
  }
}

/** Until the next resync, or until the first back-off is over, or the first release old enough. */
function pauseMs(pass: Pass | undefined, deps: LoopDeps): number {
  const desired = pass?.loaded.known === true ? pass.loaded.value.desired : undefined;
  const resyncMs = desired?.settings.resyncMs ?? RESYNC_DEFAULT_MS;
  const waits = (pass?.plan.entries ?? []).flatMap(({ decision }) =>
    'untilMs' in decision ? [decision.untilMs - deps.clock.now()] : [],
  );
  return Math.max(0, Math.min(resyncMs, ...waits));
}
