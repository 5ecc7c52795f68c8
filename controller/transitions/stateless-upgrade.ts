/**
 * Upgrade of a stateless app (Traefik): no undeploy, no snapshot, no restore; it rolls back by version alone, so the
 * service is away only for as long as Swarm replaces its tasks.
 */
import type { TransitionTable } from './machine.ts';
import * as row from './rows.ts';

export type StatelessUpgradePhase =
  | 'prepare'
  | 'deploy'
  | 'judge'
  | 'commit'
  | 'back-deploy'
  | 'back-judge'
  | 'conclude-back'
  | 'conclude-strand'
  | 'conclude-abandon';

export const statelessUpgrade: TransitionTable<StatelessUpgradePhase> = {
  first: 'prepare',
  phases: {
    prepare: row.prepare(
      'deploy',
      'conclude-abandon',
      'all images of target and way back are present (U2)',
    ),
    deploy: row.deployTarget('judge', 'back-deploy'),
    judge: row.judgeTarget('commit', 'back-deploy'),
    commit: row.commit(),
    'back-deploy': row.deployPrior('back-judge', 'conclude-strand'),
    'back-judge': row.judgePrior('conclude-back', 'conclude-strand'),
    'conclude-back': row.conclude('rolled-back'),
    // The prior release stays deployed: it has no data to protect.
    'conclude-strand': row.conclude('stranded'),
    'conclude-abandon': row.conclude('abandoned'),
  },
};
