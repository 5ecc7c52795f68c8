/**
 * Upgrade of a stateful app: prepare → undeploy → snapshot → deploy → judge → commit, or back: undeploy → restore →
 * deploy the prior release → judge → conclude.
 *
 * U1: it ends on the new version, healthy; or on the prior version, healthy, with its data as before; or, if even that
 * fails, undeployed with the data safe. `last_good` moves only in `commit`.
 * P2: the prior release never starts on data that the target may have touched: from `deploy` on, every way back goes
 * through `restore`.
 */
import { end, go, persistently, untilDone, type TransitionTable } from './machine.ts';

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
    prepare: {
      intent: { kind: 'prepare' },
      promises:
        'all images of target and way back are present, there is room for the snapshot (U2)',
      ok: go('undeploy'),
      failed: () => go('conclude-abandon'),
    },
    undeploy: {
      intent: { kind: 'undeploy' },
      promises: 'no service, task, container or process uses the volumes (S1)',
      ok: go('snapshot'),
      // Nothing may be deployed beside what would not go away: two programs would write one volume.
      failed: persistently('strand'),
    },
    snapshot: {
      intent: { kind: 'snapshot' },
      promises: 'the snapshot of the data is complete, verified, synced and published (S2)',
      ok: go('deploy'),
      failed: (failure) => (failure.noAnswer ? { kind: 'retry' } : go('back-deploy')),
    },
    deploy: {
      intent: { kind: 'deploy', which: 'to' },
      promises: 'Swarm has accepted the target',
      ok: go('judge'),
      failed: (failure) => (failure.noAnswer ? { kind: 'retry' } : go('back-undeploy')),
    },
    judge: {
      intent: { kind: 'judge', which: 'to' },
      promises: 'the target is healthy',
      ok: go('commit'),
      failed: () => go('back-undeploy'),
    },
    commit: {
      intent: { kind: 'commit' },
      promises: 'last_good is the target',
      ok: end('succeeded'),
      failed: untilDone,
    },
    'back-undeploy': {
      intent: { kind: 'undeploy' },
      promises: 'no service, task, container or process uses the volumes (S1)',
      ok: go('back-restore'),
      failed: persistently('strand'),
    },
    'back-restore': {
      intent: { kind: 'restore' },
      promises: 'the data is the snapshot’s, what it displaced is kept (S2, S3)',
      ok: go('back-deploy'),
      failed: persistently('strand'),
    },
    'back-deploy': {
      intent: { kind: 'deploy', which: 'from' },
      promises: 'Swarm has accepted the prior release',
      ok: go('back-judge'),
      failed: persistently('strand'),
    },
    'back-judge': {
      intent: { kind: 'judge', which: 'from' },
      promises: 'the prior release is healthy',
      ok: go('conclude-back'),
      failed: persistently('strand'),
    },
    'conclude-back': {
      intent: { kind: 'conclude', end: 'rolled-back' },
      promises: 'the release is quarantined if it was its fault, one alert is written',
      ok: end('rolled-back'),
      failed: untilDone,
    },
    strand: {
      intent: { kind: 'undeploy' },
      promises: 'the app is undeployed, its data and the snapshot are kept',
      ok: go('conclude-strand'),
      failed: (failure) => (failure.noAnswer ? { kind: 'retry' } : go('conclude-strand')),
    },
    'conclude-strand': {
      intent: { kind: 'conclude', end: 'stranded' },
      promises: 'one critical alert says where the data is',
      ok: end('stranded'),
      failed: untilDone,
    },
    'conclude-abandon': {
      intent: { kind: 'conclude', end: 'abandoned' },
      promises: 'nothing was touched; the condition says why',
      ok: end('abandoned'),
      failed: untilDone,
    },
  },
};
