import { describe, expect, test } from 'vitest';
import { known, unknown } from '../../controller/model/known.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { installed, plan } from '../build/planned.ts';
import { release } from '../build/recipe.ts';
import { manifest, transition } from '../build/record.ts';
import { provedWith, worldOf } from '../build/running.ts';
import { swarmView } from '../build/swarm.ts';

const v1 = '1.0.0+1.0.0';
const v11 = '1.1.0+1.1.0';
const releases = [release(v1), release(v11)];

describe('an app of which a transition failed before', () => {
  test('what failed for the machine’s sake is tried again, ever later', () => {
    const app = warmApp('book');
    const target = provedWith(desiredOf([app]), app, v11);
    const failed = transition({
      end: 'rolled-back',
      toSpecHash: target.specHash,
      endedAt: '2026-11-21T09:29:55Z',
    });
    const once = installed(app, v1, releases, { history: [failed] });
    const often = installed(app, v1, releases, {
      history: [failed, failed, failed, failed, failed],
    });

    expect(plan(app, once).decision).toMatchObject({
      kind: 'backing-off',
      untilMs: Date.parse('2026-11-21T09:30:05Z'),
    });
    expect(plan(app, often).decision).toMatchObject({
      kind: 'backing-off',
      untilMs: Date.parse('2026-11-21T09:32:35Z'),
    });
    expect(plan(app, { ...once, nowMs: once.nowMs + 60_000 }).decision.kind).toBe('start');
  });

  test('a failure of a time to come, when the clock was wrong, is not waited out', () => {
    const app = warmApp('book');
    const target = provedWith(desiredOf([app]), app, v11);
    const failed = { end: 'rolled-back', toSpecHash: target.specHash } as const;
    const at = (endedAt: string) =>
      plan(app, installed(app, v1, releases, { history: [transition({ ...failed, endedAt })] }));

    expect(at('2031-01-01T00:00:00Z').decision.kind).toBe('start');
    // A clock that is set by little parts attempts still.
    expect(at('2026-11-21T09:30:01Z').decision.kind).toBe('backing-off');
  });

  test.each([
    {
      name: 'while it is quarantined, nothing is done',
      lifted: false,
      published: true,
      decision: { kind: 'stalled', reason: 'Stranded' },
    },
    {
      name: 'lifted, it goes back through the snapshot',
      lifted: true,
      published: true,
      decision: { kind: 'start', transition: 'restore', input: { snapshotId: 'up-1' } },
    },
    {
      name: 'lifted, with a target that never ran, it is put back as it was',
      lifted: true,
      published: false,
      decision: { kind: 'start', transition: 'repair' },
    },
  ])('P2: an app whose way back failed: $name', ({ lifted, published, decision }) => {
    const app = warmApp('book');
    const lastGood = provedWith(desiredOf([app]), app, v1);
    const history = [transition({ id: 'up-1', end: 'stranded' }), transition({ end: 'abandoned' })];
    const quarantine = lifted
      ? null
      : { version: v11, commit: '', specHash: 'x', reason: 'x', since: '' };
    const snapshot = known(published ? { ...manifest(app, v1), id: 'up-1' } : null);
    const record = { lastGood, history, quarantine, snapshot };

    const entry = plan(app, worldOf(app, [release(v1)], record, { swarm: known(swarmView()) }));

    expect(entry.decision).toMatchObject(decision);
  });

  test.each([
    { name: 'gone', found: null },
    { name: 'replaced by another', found: 'other' },
  ])(
    'P2: lifted, it is not put back on data that the target ran on where its snapshot is $name',
    ({ found }) => {
      const app = warmApp('book');
      const lastGood = provedWith(desiredOf([app]), app, v1);
      for (const kind of ['upgrade', 'restore'] as const) {
        const history = [transition({ id: 'up-1', kind, end: 'stranded', snapshotId: 'up-1' })];
        const snapshot = known(found === null ? null : { ...manifest(app, v1), id: found });
        const record = { lastGood, history, snapshot };

        const swarm = known(swarmView());

        const { decision } = plan(app, worldOf(app, [release(v1)], record, { swarm }));

        expect(decision).toMatchObject({
          kind: 'stalled',
          reason: 'Stranded',
          message: expect.stringContaining('snapshot up-1') as string,
        });
      }
    },
  );

  test('L1: lifted, while its snapshot cannot be read, it is not put back on data that the target ran on', () => {
    const app = warmApp('book');
    const lastGood = provedWith(desiredOf([app]), app, v1);
    const history = [transition({ id: 'up-1', end: 'stranded' })];
    const record = { lastGood, history, snapshot: unknown('damaged') };

    const entry = plan(app, worldOf(app, [release(v1)], record, { swarm: known(swarmView()) }));

    expect(entry.decision).toEqual({ kind: 'unknown', why: 'damaged' });
  });
});
