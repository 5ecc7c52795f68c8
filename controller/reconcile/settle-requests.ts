/**
 * Takes back what a person asked for once it is begun, refused, or of no use any more. Each step may be lost in a crash:
 * the next pass finds the request again and does what is left of it (L2).
 */
import { reasonOf } from '../model/failure.ts';
import type { AppRequest } from '../model/request.ts';
import type { PlanEntry } from '../model/plan.ts';
import type { AppRecord } from '../model/record.ts';
import { isLiftedBy, pendingRequest } from '../plan/requests.ts';
import type { Log } from '../ports/log.ts';
import type { StateStore } from '../ports/state-store.ts';

interface Deps {
  readonly store: Pick<StateStore, 'writeRequest' | 'writeQuarantine'>;
  readonly log: Log;
}

/**
 * Before anything of this entry is begun. R1: the caller makes sure that no transition of the app is under way. The
 * quarantine goes first: a crash in between lifts it twice, and never loses that it was to be lifted.
 */
export async function settleRequest(
  app: string,
  entry: Pick<PlanEntry, 'decision' | 'refused'>,
  record: AppRecord,
  deps: Deps,
): Promise<void> {
  if (record.request === null) return;
  const pending = pendingRequest(record);
  if (pending === null) {
    await takeBack(app, deps);
    return;
  }
  if (entry.refused !== undefined) {
    deps.log.warn('a request is refused', { app, request: pending.kind, why: entry.refused.why });
    await takeBack(app, deps);
    return;
  }
  if (pending.kind !== 'retry' || isUndecided(entry.decision.kind)) return;
  if (isLiftedBy(pending, record)) {
    await liftQuarantine(app, pending, deps);
  } else {
    deps.log.info('what is quarantined failed after the retry was asked for, and stays so', {
      app,
    });
    await takeBack(app, deps);
  }
}

/** The request is in the journal's first record by now. A removal that fails is made good by the next pass. */
export async function takeBack(app: string, { store, log }: Deps): Promise<void> {
  try {
    await store.writeRequest(app, null);
  } catch (thrown) {
    log.warn('a request could not be removed', { app, why: reasonOf(thrown) });
  }
}

async function liftQuarantine(app: string, request: AppRequest, deps: Deps): Promise<void> {
  try {
    await deps.store.writeQuarantine(app, null);
  } catch (thrown) {
    deps.log.error('a quarantine could not be lifted', { app, why: reasonOf(thrown) });
    return;
  }
  deps.log.info('the quarantine is lifted', { app, request: request.id });
  await takeBack(app, deps);
}

function isUndecided(kind: PlanEntry['decision']['kind']): boolean {
  return kind === 'unknown' || kind === 'in-transition' || kind === 'waiting';
}
