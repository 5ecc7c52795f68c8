/**
 * Back to the snapshot and the release that it belongs to: what a person asks for, or lets go on after an upgrade whose
 * way back had failed. Undeploy → restore → deploy → judge; it ends healthy, or undeployed with the data safe (S2).
 */
import { end, go, persistently, untilDone, type TransitionTable } from './machine.ts';

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
    prepare: {
      intent: { kind: 'prepare' },
      promises: 'all images of the release are present (U2)',
      ok: go('undeploy'),
      failed: () => go('conclude-abandon'),
    },
    undeploy: {
      intent: { kind: 'undeploy' },
      promises: 'no service, task, container or process uses the volumes (S1)',
      ok: go('restore'),
      failed: persistently('strand'),
    },
    restore: {
      intent: { kind: 'restore' },
      promises: 'the data is the snapshot’s, what it displaced is kept (S2, S3)',
      ok: go('deploy'),
      failed: persistently('strand'),
    },
    deploy: {
      intent: { kind: 'deploy', which: 'from' },
      promises: 'Swarm has accepted the release',
      ok: go('judge'),
      failed: persistently('strand'),
    },
    judge: {
      intent: { kind: 'judge', which: 'from' },
      promises: 'the release is healthy',
      ok: go('conclude'),
      failed: persistently('strand'),
    },
    conclude: {
      intent: { kind: 'conclude', end: 'succeeded' },
      promises: 'what the restore displaced is dropped',
      ok: end('succeeded'),
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
