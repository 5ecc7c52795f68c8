/**
 * Back to the snapshot and the release that it belongs to: what a person asks for, or lets go on after an upgrade whose
 * way back had failed. Undeploy → restore → deploy → judge; it ends healthy, or undeployed with the data safe (S2).
 */
import type { TransitionTable } from './machine.ts';
import * as row from './rows.ts';

export type RestorePhase =
  | 'prepare'
  | 'undeploy'
  | 'restore'
  | 'deploy'
  | 'judge'
  | 'conclude'
  | 'strand'
  | 'conclude-strand'
  | 'conclude-abandon';

export const restore: TransitionTable<RestorePhase> = {
  first: 'prepare',
  phases: {
    prepare: row.prepare(
      'undeploy',
      'conclude-abandon',
      'all images of the release are present (U2)',
    ),
    undeploy: row.undeploy('restore', 'strand'),
    restore: row.restoreData('deploy', 'strand'),
    deploy: row.deployPrior('judge', 'strand'),
    judge: row.judgePrior('conclude', 'strand'),
    conclude: row.conclude('succeeded'),
    strand: row.leaveUndeployed('conclude-strand'),
    'conclude-strand': row.conclude('stranded'),
    'conclude-abandon': row.conclude('abandoned'),
  },
};
