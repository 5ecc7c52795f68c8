/**
 * Upgrade of a stateful app: prepare → undeploy → snapshot → deploy → judge → commit, or back: undeploy → restore →
 * deploy the prior release → judge → conclude.
 *
 * U1: it ends on the new version, healthy; or on the prior version, healthy, with its data as before; or, if even that
 * fails, undeployed with the data safe. `last_good` moves only in `commit`.
 * P2: the prior release never starts on data that the target may have touched: from `deploy` on, every way back goes
 * through `restore`.
 */
import { go, type TransitionTable } from './machine.ts';
import * as row from './rows.ts';

export type UpgradePhase =
  | 'prepare'
  | 'undeploy'
  | 'snapshot'
  | 'deploy'
  | 'judge'
  | 'commit'
  | 'back-undeploy'
  | 'back-restore'
  | 'back-deploy'
  | 'back-judge'
  | 'conclude-back'
  | 'strand'
  | 'conclude-strand'
  | 'conclude-abandon';

export const upgrade: TransitionTable<UpgradePhase> = {
  first: 'prepare',
  phases: {
    prepare: row.prepare(
      'undeploy',
      'conclude-abandon',
      'all images of target and way back are present, there is room for the snapshot (U2)',
    ),
    undeploy: row.undeploy('snapshot', 'strand'),
    snapshot: {
      intent: { kind: 'snapshot' },
      promises: 'the snapshot of the data is complete, verified, synced and published (S2)',
      ok: go('deploy'),
      // The target has not run yet: the prior release may go back on the data as it is.
      failed: row.unlessNoAnswer('back-deploy'),
    },
    deploy: row.deployTarget('judge', 'back-undeploy'),
    judge: row.judgeTarget('commit', 'back-undeploy'),
    commit: row.commit(),
    'back-undeploy': row.undeploy('back-restore', 'strand'),
    'back-restore': row.restoreData('back-deploy', 'strand'),
    'back-deploy': row.deployPrior('back-judge', 'strand'),
    'back-judge': row.judgePrior('conclude-back', 'strand'),
    'conclude-back': row.conclude('rolled-back'),
    strand: row.leaveUndeployed('conclude-strand'),
    'conclude-strand': row.conclude('stranded'),
    'conclude-abandon': row.conclude('abandoned'),
  },
};
