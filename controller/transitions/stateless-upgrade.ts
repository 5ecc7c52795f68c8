/**
 * Upgrade of a stateless app (Traefik): no undeploy, no snapshot, no restore; it rolls back by version alone, so the
 * service is away only for as long as Swarm replaces its tasks.
 */
import { end, go, persistently, untilDone, type TransitionTable } from './machine.ts';

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
    prepare: {
      intent: { kind: 'prepare' },
      promises: 'all images of target and way back are present (U2)',
      ok: go('deploy'),
      failed: () => go('conclude-abandon'),
    },
    deploy: {
      intent: { kind: 'deploy', which: 'to' },
      promises: 'Swarm has accepted the target',
      ok: go('judge'),
      failed: (failure) => (failure.noAnswer ? { kind: 'retry' } : go('back-deploy')),
    },
    judge: {
      intent: { kind: 'judge', which: 'to' },
      promises: 'the target is healthy',
      ok: go('commit'),
      failed: () => go('back-deploy'),
    },
    commit: {
      intent: { kind: 'commit' },
      promises: 'last_good is the target',
      ok: end('succeeded'),
      failed: untilDone,
    },
    'back-deploy': {
      intent: { kind: 'deploy', which: 'from' },
      promises: 'Swarm has accepted the prior release',
      ok: go('back-judge'),
      failed: persistently('conclude-strand'),
    },
    'back-judge': {
      intent: { kind: 'judge', which: 'from' },
      promises: 'the prior release is healthy',
      ok: go('conclude-back'),
      failed: persistently('conclude-strand'),
    },
    'conclude-back': {
      intent: { kind: 'conclude', end: 'rolled-back' },
      promises: 'the release is quarantined if it was its fault, one alert is written',
      ok: end('rolled-back'),
      failed: untilDone,
    },
    'conclude-strand': {
      intent: { kind: 'conclude', end: 'stranded' },
      promises:
        'one critical alert is written; the prior release stays deployed, it has no data to protect',
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
