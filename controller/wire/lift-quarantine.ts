/** The composition of `ci-warm reconcile NAME --retry` where no controller runs. */
import { acquireLock } from '../adapters/files/lock.ts';
import { createStateStore } from '../adapters/files/state-store.ts';
import { createClock } from '../adapters/system/clock.ts';
import { createStateCheck } from '../spec/state-validators.ts';
import { sayingLog } from './saying-log.ts';

/** Lifts the quarantine of an app while no controller runs. Errors: `busy` (one does), `state-invalid`. */
export async function liftQuarantine(stateDir: string, app: string): Promise<void> {
  const clock = createClock();
  const startedAt = new Date(clock.now()).toISOString();
  const lock = await acquireLock({ stateDir, pid: process.pid, startedAt });
  try {
    const log = sayingLog(() => undefined);
    const options = { stateDir, check: createStateCheck(), clock, log, revision: () => '' };
    await createStateStore({ ...options, holdsLock: true }).writeQuarantine(app, null);
  } finally {
    await lock.release();
  }
}
