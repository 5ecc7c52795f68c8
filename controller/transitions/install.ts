/** First install. One that fails ends undeployed, its volumes kept, and quarantined if it was the release's fault. */
import { end, go, untilDone, type TransitionTable } from './machine.ts';

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
    prepare: {
      intent: { kind: 'prepare' },
      promises: 'all images are present (U2)',
      ok: go('deploy'),
      failed: () => go('conclude-abandon'),
    },
    deploy: {
      intent: { kind: 'deploy', which: 'to' },
      promises: 'Swarm has accepted the release',
      ok: go('judge'),
      failed: (failure) => (failure.noAnswer ? { kind: 'retry' } : go('undeploy')),
    },
    judge: {
      intent: { kind: 'judge', which: 'to' },
      promises: 'the release is healthy',
      ok: go('commit'),
      failed: () => go('undeploy'),
    },
    commit: {
      intent: { kind: 'commit' },
      promises: 'last_good is the release',
      ok: end('succeeded'),
      failed: untilDone,
    },
    undeploy: {
      intent: { kind: 'undeploy' },
      promises: 'nothing of the app runs; its volumes are kept',
      ok: go('conclude-undeployed'),
      failed: (failure) => (failure.noAnswer ? { kind: 'retry' } : go('conclude-undeployed')),
    },
    'conclude-undeployed': {
      intent: { kind: 'conclude', end: 'undeployed' },
      promises: 'the release is quarantined if it was its fault, one alert is written',
      ok: end('undeployed'),
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
