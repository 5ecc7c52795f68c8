/**
 * A drill: the snapshot is restored beside the app, booted under another name and judged, and everything of it is taken
 * away again. The app itself, its volumes and its snapshot are never touched, so a drill that fails ends `abandoned`.
 *
 * R2: the journal names the drill before anything of it is made, and after a crash it goes on to its `clear`.
 */
import type { PhaseFailure } from '../model/journal.ts';
import { BACK_ATTEMPTS_MAX, go, type Next, type TransitionTable } from './machine.ts';
import * as row from './rows.ts';

export type DrillPhase =
  | 'prepare'
  | 'restore'
  | 'deploy'
  | 'judge'
  | 'clear'
  | 'conclude'
  | 'clear-failed'
  | 'conclude-failed';

const nothingLeft = 'nothing of the drill is left: services, networks, configs, volumes, data (R2)';

/**
 * What is refused is tried again, too: a volume that a container still leaves is in use now and free a moment later. What
 * is left behind here waits for the passes that follow (reconcile/see-to-drills.ts).
 */
function severalTimes(otherwise: DrillPhase) {
  return ({ noAnswer }: PhaseFailure, answered: number): Next<DrillPhase> =>
    noAnswer || answered < BACK_ATTEMPTS_MAX ? { kind: 'retry' } : go(otherwise);
}

export const drill: TransitionTable<DrillPhase> = {
  first: 'prepare',
  phases: {
    prepare: row.prepare(
      'restore',
      'conclude-failed',
      'all images of the release are present, the snapshot is whole and belongs to the app (S3), the release can run apart from it',
    ),
    restore: {
      intent: { kind: 'restore' },
      promises: 'the snapshot’s data is in a place of the drill’s own',
      ok: go('deploy'),
      failed: row.unlessNoAnswer('clear-failed'),
    },
    deploy: {
      intent: { kind: 'deploy', which: 'from' },
      promises: 'Swarm has accepted the release in a stack of the drill’s own',
      ok: go('judge'),
      failed: row.unlessNoAnswer('clear-failed'),
    },
    judge: {
      intent: { kind: 'judge', which: 'from' },
      promises: 'the release is healthy on the snapshot’s data',
      ok: go('clear'),
      failed: row.unlessNoAnswer('clear-failed'),
    },
    clear: {
      intent: { kind: 'clear' },
      promises: nothingLeft,
      ok: go('conclude'),
      failed: severalTimes('conclude-failed'),
    },
    conclude: {
      ...row.conclude('succeeded'),
      promises: 'the condition says that the snapshot can be restored',
    },
    'clear-failed': {
      intent: { kind: 'clear' },
      promises: nothingLeft,
      ok: go('conclude-failed'),
      failed: severalTimes('conclude-failed'),
    },
    'conclude-failed': {
      ...row.conclude('abandoned'),
      promises: 'one alert is written if the snapshot is at fault',
    },
  },
};
