/**
 * Repair of drift: a service that was removed or overwritten by hand is put back as `last_good` has it, and not as the
 * newest version is. The data is left alone: nobody has run another version on it.
 */
import { end, go, untilDone, type TransitionTable } from './machine.ts';

export type RepairPhase = 'prepare' | 'deploy' | 'judge' | 'conclude-abandon';

export const repair: TransitionTable<RepairPhase> = {
  first: 'prepare',
  phases: {
    prepare: {
      intent: { kind: 'prepare' },
      promises: 'all images of last_good are present (U2)',
      ok: go('deploy'),
      failed: () => go('conclude-abandon'),
    },
    deploy: {
      intent: { kind: 'deploy', which: 'from' },
      promises: 'Swarm has accepted last_good',
      ok: go('judge'),
      failed: (failure) => (failure.noAnswer ? { kind: 'retry' } : go('conclude-abandon')),
    },
    judge: {
      intent: { kind: 'judge', which: 'from' },
      promises: 'last_good is healthy',
      ok: end('succeeded'),
      failed: () => go('conclude-abandon'),
    },
    'conclude-abandon': {
      intent: { kind: 'conclude', end: 'abandoned' },
      promises: 'the condition says why; it is tried again with back-off',
      ok: end('abandoned'),
      failed: untilDone,
    },
  },
};
