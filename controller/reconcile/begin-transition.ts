/** Begins a transition that the plan starts. */
import { reasonOf } from '../model/failure.ts';
import type { Decision } from '../model/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { Runners } from './runners.ts';
import { takeBack } from './settle-requests.ts';

export interface BeginDeps {
  readonly store: StateStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly runners: Runners;
}

/**
 * L2: the journal's first record comes before anything is done. Where it cannot be written nothing is begun, and the
 * answer says why: other apps do not wait for it.
 */
export async function beginTransition(
  start: Extract<Decision, { kind: 'start' }>,
  deps: BeginDeps,
  signal: AbortSignal,
): Promise<Decision> {
  const { transition, input } = start;
  const record = {
    at: new Date(deps.clock.now()).toISOString(),
    id: start.requestId ?? deps.clock.newId(),
    app: input.app.name,
    transition,
    phase: 'begin',
    event: 'intent',
    input,
  } as const;
  try {
    await deps.store.append(record);
  } catch (thrown) {
    const why = `nothing is begun: ${reasonOf(thrown)}`;
    deps.log.error('a transition cannot begin', { app: record.app, why });
    return { kind: 'unknown', why };
  }
  if (start.requestId !== undefined) await takeBack(record.app, deps);
  deps.log.info('transition begins', {
    app: record.app,
    id: record.id,
    transition,
    from: input.from?.version ?? null,
    to: input.to.version,
  });
  deps.runners.start([record], signal);
  return start;
}
