/**
 * Retirement of an app that nothing under `desired/` asks for any more, after its grace time: its data becomes its one
 * snapshot, and then its live volumes go. Its secrets, its snapshot and its record stay, so that it can come back as it
 * was.
 *
 * S2: `clear` comes only after a snapshot of the data as it is now was published and read back whole. What fails before
 * that puts the app back as it was; it runs the release that it ran before, on data that nothing else has touched.
 */
import { end, go, untilDone, type TransitionTable } from './machine.ts';
import * as row from './rows.ts';

export type RetirePhase =
  | 'prepare'
  | 'undeploy'
  | 'snapshot'
  | 'clear'
  | 'back-deploy'
  | 'strand'
  | 'conclude-strand'
  | 'conclude-abandon';

export const retire: TransitionTable<RetirePhase> = {
  first: 'prepare',
  phases: {
    prepare: row.prepare(
      'undeploy',
      'conclude-abandon',
      'all images of the way back are present (U2), there is room for the snapshot, nobody else uses the volumes',
    ),
    undeploy: row.undeploy('snapshot', 'strand'),
    snapshot: {
      intent: { kind: 'snapshot' },
      promises:
        'the snapshot of the data is complete, verified, synced, published, and was read back (S2)',
      ok: go('clear'),
      failed: row.unlessNoAnswer('back-deploy'),
    },
    clear: {
      intent: { kind: 'clear' },
      promises:
        'the live volumes that ci-warm made are gone; snapshot, secrets and record are kept (R2)',
      ok: end('succeeded'),
      failed: untilDone,
    },
    'back-deploy': row.deployPrior('conclude-abandon', 'strand'),
    strand: row.leaveUndeployed('conclude-strand'),
    'conclude-strand': {
      ...row.conclude('stranded'),
      promises:
        'one critical alert says where things stand, and where the data is; nothing is quarantined',
    },
    'conclude-abandon': row.conclude('abandoned'),
  },
};
