/**
 * Back to the snapshot and the release that it belongs to: what a person asks for, or lets go on after an upgrade whose
 * way back had failed. Undeploy → restore → deploy → judge → commit; it ends healthy, or undeployed with the data safe
 * (S2). What could refuse it (S3, a damaged archive, no room) is found out in `prepare`, while the app still runs.
 */
import type { TransitionTable } from './machine.ts';
import * as row from './rows.ts';

export type RestorePhase =
  | 'prepare'
  | 'undeploy'
  | 'restore'
  | 'deploy'
  | 'judge'
  | 'commit'
  | 'strand'
  | 'conclude-strand'
  | 'conclude-abandon';

export const restore: TransitionTable<RestorePhase> = {
  first: 'prepare',
  phases: {
    prepare: row.prepare(
      'undeploy',
      'conclude-abandon',
      'all images of the release are present (U2), the snapshot is whole and belongs to the app (S3)',
    ),
    undeploy: row.undeploy('restore', 'strand'),
    restore: row.restoreData('deploy', 'strand'),
    deploy: row.deployPrior('judge', 'strand'),
    judge: row.judgePrior('commit', 'strand'),
    commit: {
      ...row.commit(),
      promises:
        'last_good is the release of the snapshot, what a person left is quarantined, what the restore displaced is dropped',
    },
    strand: row.leaveUndeployed('conclude-strand'),
    'conclude-strand': row.conclude('stranded'),
    'conclude-abandon': row.conclude('abandoned'),
  },
};
