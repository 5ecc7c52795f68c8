/**
 * Adoption of what was deployed before ci-warm came, by hand or by another tool: nothing of it is stopped, restarted or
 * written but labels on its services, from which Swarm makes no new task. It comes after the planner has found that
 * what runs is what the recipe would make.
 *
 * It is judged before it is labelled: an app that is ill stays as untouched as one that was never looked at.
 */
import { go, persistently, type TransitionTable } from './machine.ts';
import * as row from './rows.ts';

export type AdoptPhase = 'prepare' | 'judge' | 'label' | 'commit' | 'unlabel' | 'conclude-abandon';

export const adopt: TransitionTable<AdoptPhase> = {
  first: 'prepare',
  phases: {
    prepare: row.prepare(
      'judge',
      'conclude-abandon',
      'all images that run are present and pinned (U2), the volumes are the app’s own',
    ),
    judge: {
      ...row.judgeTarget('label', 'conclude-abandon'),
      promises: 'what runs is healthy',
    },
    label: {
      intent: { kind: 'label' },
      promises: 'the services say whose they are; their tasks are the ones that ran before',
      ok: go('commit'),
      failed: row.unlessNoAnswer('unlabel'),
    },
    commit: row.commit(),
    unlabel: {
      intent: { kind: 'unlabel' },
      promises: 'no service says that it is ours',
      ok: go('conclude-abandon'),
      failed: persistently('conclude-abandon'),
    },
    'conclude-abandon': row.conclude('abandoned'),
  },
};
