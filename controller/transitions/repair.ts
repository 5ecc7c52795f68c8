/**
 * Repair of drift: a service that was removed or overwritten by hand is put back as `last_good` has it, and not as the
 * newest version is. The data is left alone: nobody has run another version on it.
 */
import { end, go, type TransitionTable } from './machine.ts';
import * as row from './rows.ts';

export type RepairPhase = 'prepare' | 'deploy' | 'judge' | 'conclude-abandon';

export const repair: TransitionTable<RepairPhase> = {
  first: 'prepare',
  phases: {
    prepare: row.prepare('deploy', 'conclude-abandon', 'all images of last_good are present (U2)'),
    deploy: {
      ...row.deployPrior('judge', 'conclude-abandon'),
      failed: row.unlessNoAnswer('conclude-abandon'),
    },
    judge: {
      ...row.judgePrior('conclude-abandon', 'conclude-abandon'),
      ok: end('succeeded'),
      failed: () => go('conclude-abandon'),
    },
    'conclude-abandon': row.conclude('abandoned'),
  },
};
