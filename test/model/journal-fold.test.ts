import { describe, expect, test } from 'vitest';
import {
  emptyJournal,
  foldRecord,
  idsToKeep,
  type JournalView,
} from '../../controller/model/journal-fold.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import { begin, end, failed, failure, intent, ok } from '../adapters/files/samples.ts';
import { warmApp } from '../build/desired.ts';
import { transitionInput } from '../build/record.ts';

function fold(...records: readonly JournalRecord[]): JournalView {
  return records.reduce((view, record) => {
    const step = foldRecord(view, record);
    if (step.kind !== 'ok') throw new Error(step.why);
    return step.view;
  }, emptyJournal);
}

describe('foldRecord', () => {
  test('a transition without an end is open, with all its records', () => {
    const records = [begin('t1'), intent('t1', 'prepare'), ok('t1', 'prepare')];

    expect(fold(...records)).toMatchObject({ open: records, history: [] });
  });

  test('a transition that ended is history, with versions, times and how it ended', () => {
    const view = fold(
      begin('t1'),
      intent('t1', 'judge'),
      failed('t1', 'judge'),
      end('t1', 'rolled-back'),
    );

    expect(view.open).toEqual([]);
    expect(view.history).toEqual([
      {
        id: 't1',
        kind: 'upgrade',
        startedAt: '2026-11-21T09:30:00.000Z',
        endedAt: '2026-11-21T09:30:00.000Z',
        end: 'rolled-back',
        fromVersion: '1.0.0+2.0.0',
        toVersion: '1.0.1+2.0.0',
        toCommit: '0123456789abcdef0123456789abcdef01234567',
        toSpecHash: expect.stringMatching(/^sha256:/) as string,
        domain: 'warm-guestbook.ci.example.org',
        recipe: 'guestbook',
        snapshotId: null,
        failure,
      },
    ]);
  });

  test.each([
    {
      name: 'the failure is the first, not one of the way back',
      records: [failed('t1', 'judge'), failed('t1', 'restore', { ...failure, reason: 'DiskFull' })],
      reason: 'CrashLoop',
    },
    {
      name: 'a phase that succeeded when it was tried again did not turn it round',
      records: [
        failed('t1', 'deploy', { ...failure, reason: 'NoAnswer' }),
        ok('t1', 'deploy'),
        failed('t1', 'judge'),
      ],
      reason: 'CrashLoop',
    },
  ])('$name', ({ records, reason }) => {
    const view = fold(begin('t1'), ...records, end('t1', 'rolled-back'));

    expect(view.history[0]?.failure?.reason).toBe(reason);
  });

  test('a success tells of no failure, whatever had to be tried twice', () => {
    const view = fold(begin('t1'), failed('t1', 'commit'), end('t1'));

    expect(view.history[0]?.failure).toBeNull();
  });

  test('S3: a retirement says which snapshot all of the data went into, and so does an upgrade whose way back needs it', () => {
    const saved = (kind: 'retire' | 'upgrade'): JournalRecord[] => {
      const result = { kind: 'ok', data: { snapshotId: 's' } } as const;
      const records: JournalRecord[] = [
        begin('t1'),
        ok('t1', 'undeploy'),
        { ...intent('t1', 'snapshot'), event: 'outcome', result },
        ok('t1', 'clear'),
        end('t1'),
      ];
      return records.map((record) => ({ ...record, transition: kind }));
    };

    expect(fold(...saved('retire')).history).toMatchObject([{ kind: 'retire', snapshotId: 's' }]);
    expect(fold(...saved('upgrade')).history).toMatchObject([{ snapshotId: null }]);
    const stranded = fold(...saved('upgrade').slice(0, -1), end('t1', 'stranded'));
    expect(stranded.history).toMatchObject([{ kind: 'upgrade', snapshotId: 's' }]);
  });

  test('U1: what failed before its way back did is known until a way back succeeds', () => {
    const input = transitionInput(warmApp('book'), '1.0.0+1.0.0', '1.1.0+1.1.0');
    const { to } = input;
    const start = { at: '', app: 'book', phase: 'begin', event: 'intent' } as const;
    const records: readonly JournalRecord[] = [
      { ...start, id: 't1', transition: 'upgrade', input },
      end('t1', 'stranded'),
      { ...start, id: 't2', transition: 'restore', input: { ...input, failed: to } },
    ];
    const ended = (how: 'stranded' | 'succeeded') => fold(...records, end('t2', how)).history;

    expect(ended('stranded').map((one) => one.failed)).toEqual([to, to]);
    expect(ended('succeeded').map((one) => one.failed)).toEqual([to, undefined]);
  });

  test('a record that is written twice counts once', () => {
    const view = fold(begin('t1'), begin('t1'), end('t1'), end('t1'), ok('t1', 'conclude'));

    expect(view.open).toEqual([]);
    expect(view.history).toHaveLength(1);
  });

  test.each([
    {
      name: 'a second transition while one is open',
      before: [begin('t1')],
      record: begin('t2'),
      why: 't1 has not ended',
    },
    {
      name: 'a record of a transition that never began',
      before: [],
      record: ok('t1', 'deploy'),
      why: 'never began',
    },
    {
      name: 'another transition’s record while one is open',
      before: [begin('t1')],
      record: end('t2'),
      why: 't1 has not ended',
    },
    {
      name: 'a transition that begins after its end',
      before: [begin('t1'), end('t1')],
      record: begin('t1'),
      why: 'ended already',
    },
  ])('R1: $name is a contradiction', ({ before, record, why }) => {
    const step = foldRecord(fold(...before), record);

    expect(step).toEqual({ kind: 'contradiction', why: expect.stringContaining(why) as string });
  });
});

describe('idsToKeep', () => {
  test('keeps the open transition and the newest finished ones', () => {
    const finished = ['a', 'b', 'c'].flatMap((id) => [begin(id), end(id)]);

    expect([...idsToKeep(fold(...finished, begin('d')), 2)]).toEqual(['b', 'c', 'd']);
  });

  test('P2: the last one that touched anything is kept, however many came to nothing since', () => {
    const since = ['a', 'b', 'c'].flatMap((id) => [begin(id), end(id, 'abandoned')]);
    const view = fold(begin('old'), end('old'), begin('bad'), end('bad', 'stranded'), ...since);

    expect([...idsToKeep(view, 2)].sort()).toEqual(['b', 'bad', 'c']);
  });
});
