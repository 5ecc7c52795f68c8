import { describe, expect, test } from 'vitest';

import { unknown } from '../../controller/model/known.ts';
import type { ControllerStatus } from '../../controller/model/state-file.ts';
import type { DesiredProgress } from '../../controller/reconcile/load.ts';
import { Reporter } from '../../controller/reconcile/report.ts';
import { temporaryDirectory } from '../adapters/files/samples.ts';
import { world } from '../build/plan.ts';
import { postOffice } from '../build/post-office.ts';

/** What is written of the controller after a pass that could not read the tree. */
async function writtenAfter(progress: Omit<DesiredProgress, 'revision'>): Promise<unknown> {
  const written: ControllerStatus[] = [];
  const { store: alerts, outbox, log, clock } = postOffice(temporaryDirectory());
  const reporter = new Reporter(
    {
      alerts,
      outbox,
      log,
      clock,
      recipes: { diff: () => Promise.reject(new Error('there is no repository')) },
      disk: { freeBytes: () => Promise.resolve(Infinity) },
      store: {
        readStatuses: () => Promise.resolve([]),
        writeStatuses: () => Promise.resolve(),
        writeController: (controller) => {
          written.push(controller);
          return Promise.resolve();
        },
      },
    },
    { pid: 1, startedAt: '2026-11-21T09:00:00Z', version: '0.1.0' },
  );
  await reporter.report({
    loaded: unknown('it is gone'),
    progress: { revision: '', ...progress },
    world: world({ nowMs: clock.now() }),
    plan: { revision: '', entries: [] },
  });
  return written[0];
}

describe('what is written of the controller', () => {
  test('says why newer desired state is not followed', async () => {
    const stale = { code: 'empty', why: 'the tree is empty', resolve: 'put it back' } as const;

    const written = await writtenAfter({ stale, lastApplied: 'a', lastAttempted: 'b' });

    expect(written).toMatchObject({
      lastAppliedRevision: 'a',
      lastAttemptedRevision: 'b',
      notFollowedBecause: 'the tree is empty',
    });
  });

  test('says nothing of the kind while it is followed', async () => {
    const written = await writtenAfter({ stale: undefined, lastApplied: 'a', lastAttempted: 'a' });

    expect(written).not.toHaveProperty('notFollowedBecause');
  });
});
