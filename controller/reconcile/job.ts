/** What a phase is performed with: the transition as its journal tells it, and the ports. */
import { CiWarmError } from '../model/failure.ts';
import type { Release } from '../model/release.ts';
import type { AlertStore } from '../ports/alert-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Driver } from '../ports/driver.ts';
import type { Drills } from '../ports/drills.ts';
import type { Engine } from '../ports/engine.ts';
import type { Images } from '../ports/images.ts';
import type { Log } from '../ports/log.ts';
import type { Probes } from '../ports/probes.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Snapshots } from '../ports/snapshots.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { Progress } from '../transitions/progress.ts';

export interface PerformDeps {
  readonly engine: Engine;
  readonly images: Images;
  readonly driver: Driver;
  readonly drills: Drills;
  readonly snapshots: Snapshots;
  readonly secrets: Secrets;
  readonly probes: Probes;
  readonly store: StateStore;
  readonly alerts: AlertStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** The transition as its journal tells it, but for what is to be done next. */
export type Job = Omit<Progress, 'step'>;

/** The release of one way, with its images pinned. Throws `state-invalid` where an earlier phase should have left it. */
export function releaseOf(job: Job, which: 'to' | 'from'): Release {
  const release = which === 'from' ? job.input.from : job.data.release;
  if (release === null || release === undefined) {
    throw new CiWarmError(
      'state-invalid',
      `transition ${job.id} of ${job.input.app.name} has no release to go ${which === 'to' ? 'to' : 'back to'} in its journal`,
    );
  }
  return release;
}
