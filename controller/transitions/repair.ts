/**
 * Repair of drift: a service that was removed, scaled or overwritten by hand is put back as `last_good` has it, and not
 * as the newest version is. The data is left alone: nobody has run another version on it.
 *
 * What Swarm was asked for is recorded anew at the end: another Docker command line may write the same release in other
 * words, and would be taken for an edit by hand in every pass.
 */
import { go, type TransitionTable } from './machine.ts';
import * as row from './rows.ts';

export type RepairPhase = 'prepare' | 'deploy' | 'judge' | 'commit' | 'conclude-abandon';

export const repair: TransitionTable<RepairPhase> = {
  first: 'prepare',
  phases: {
    prepare: row.prepare('deploy', 'conclude-abandon', 'all images of last_good are present (U2)'),
    deploy: {
      ...row.deployPrior('judge', 'conclude-abandon'),
      failed: row.unlessNoAnswer('conclude-abandon'),
    },
    judge: {
      ...row.judgePrior('commit', 'conclude-abandon'),
      failed: () => go('conclude-abandon'),
    },
    commit: {
      ...row.commit(),
      promises: 'last_good says how its services were written this time; its release has not moved',
    },
    'conclude-abandon': row.conclude('abandoned'),
  },
};
