/** First install. One that fails ends undeployed, its volumes kept, and quarantined if it was the release's fault. */
import type { TransitionTable } from './machine.ts';
import * as row from './rows.ts';

export type InstallPhase =
  | 'prepare'
  | 'deploy'
  | 'judge'
  | 'commit'
  | 'undeploy'
  | 'conclude-undeployed'
  | 'conclude-abandon';

export const install: TransitionTable<InstallPhase> = {
  first: 'prepare',
  phases: {
    prepare: row.prepare('deploy', 'conclude-abandon', 'all images are present (U2)'),
    deploy: row.deployTarget('judge', 'undeploy'),
    judge: row.judgeTarget('commit', 'undeploy'),
    commit: row.commit(),
    undeploy: row.leaveUndeployed('conclude-undeployed'),
    'conclude-undeployed': row.conclude('undeployed'),
    'conclude-abandon': row.conclude('abandoned'),
  },
};
