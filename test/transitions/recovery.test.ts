import { describe, expect, test } from 'vitest';
import type {
  JournalRecord,
  PhaseFailure,
  PhaseResult,
  TransitionKind,
} from '../../controller/model/journal.ts';
import { progressOf } from '../../controller/transitions/progress.ts';
import { transitionsPage } from '../support/transitions-page.ts';
import { warmApp } from '../build/desired.ts';
import { transitionInput } from '../build/record.ts';

const failures: readonly PhaseFailure[] = [
  { verdict: 'unhealthy', reason: 'CrashLoop', message: 'x', lastLogs: [], noAnswer: false },
  { verdict: 'inconclusive', reason: 'DiskFull', message: 'x', lastLogs: [], noAnswer: false },
  { verdict: 'inconclusive', reason: 'NoAnswer', message: 'x', lastLogs: [], noAnswer: true },
  { verdict: 'refused', reason: 'SnapshotInvalid', message: 'x', lastLogs: [], noAnswer: false },
];
const results: readonly PhaseResult[] = [
  { kind: 'ok', data: {} },
  ...failures.map((failure): PhaseResult => ({ kind: 'failed', failure })),
];

const cases: readonly { kind: TransitionKind; data: 'Stateful' | 'Stateless' }[] = [
  { kind: 'install', data: 'Stateful' },
  { kind: 'upgrade', data: 'Stateful' },
  { kind: 'upgrade', data: 'Stateless' },
  { kind: 'repair', data: 'Stateful' },
  { kind: 'restore', data: 'Stateful' },
  { kind: 'drill', data: 'Stateful' },
  { kind: 'adopt', data: 'Stateful' },
  { kind: 'retire', data: 'Stateful' },
];

function begin(kind: TransitionKind, data: 'Stateful' | 'Stateless'): JournalRecord {
  const app = warmApp('book', { data });
  const input = transitionInput(
    app,
    kind === 'install' || kind === 'adopt' ? null : '1.0.0+1.0.0',
    '1.1.0+1.1.0',
  );
  return { at: '', id: 'x', app: 'book', transition: kind, phase: 'begin', event: 'intent', input };
}

/** Every journal that a transition can leave: each outcome at each phase, to its end or to a bound on retries. */
function* journals(
  records: readonly JournalRecord[],
  depthMax: number,
): Generator<readonly JournalRecord[]> {
  yield records;
  const progress = progressOf(records);
  if (progress === undefined || records.length > depthMax) return;
  const base = { at: '', id: 'x', app: 'book', transition: progress.kind };
  if (progress.step.kind === 'end') {
    yield [
      ...records,
      { ...base, phase: 'end', event: 'outcome', result: { kind: progress.step.end } },
    ];
    return;
  }
  if (progress.step.kind === 'ended') return;
  const { phase } = progress.step;
  const intended: readonly JournalRecord[] = [...records, { ...base, phase, event: 'intent' }];
  yield intended;
  for (const result of results) {
    yield* journals([...intended, { ...base, phase, event: 'outcome', result }], depthMax);
  }
}

describe('progressOf', () => {
  test.each(cases)(
    'L2: whatever the last record of $kind ($data) is, exactly one thing is to be done next',
    ({ kind, data }) => {
      let count = 0;
      for (const records of journals([begin(kind, data)], 11)) {
        const progress = progressOf(records);
        const last = records.at(-1);
        count += 1;

        if (progress === undefined) throw new Error(`nothing follows ${JSON.stringify(records)}`);
        if (last?.phase === 'end') expect(progress.step.kind).toBe('ended');
        else if (last?.event === 'intent' && last.phase !== 'begin') {
          expect(progress.step).toMatchObject({ kind: 'perform', phase: last.phase });
        } else expect(['perform', 'end']).toContain(progress.step.kind);
      }

      expect(count).toBeGreaterThan(20);
    },
  );

  test('an intent that was written twice, by two controllers that died, changes nothing', () => {
    const first = begin('upgrade', 'Stateful');
    const intent: JournalRecord = {
      at: '',
      id: 'x',
      app: 'book',
      transition: 'upgrade',
      phase: 'prepare',
      event: 'intent',
    };

    expect(progressOf([first, intent, intent])).toEqual(progressOf([first, intent]));
  });

  test('L4: an outcome that was written twice, for nobody knew of the first, changes nothing', () => {
    const base = { at: '', id: 'x', app: 'book', transition: 'upgrade' } as const;
    const prepared = (result: PhaseResult): readonly JournalRecord[] => [
      begin('upgrade', 'Stateful'),
      { ...base, phase: 'prepare', event: 'intent' },
      { ...base, phase: 'prepare', event: 'outcome', result },
    ];

    for (const result of results) {
      const records = prepared(result);
      expect(progressOf([...records, ...records.slice(-1)])).toEqual(progressOf(records));
    }
  });

  test('S3: what goes back to a snapshot knows from the beginning which one', () => {
    const first = begin('restore', 'Stateful');
    if (first.event !== 'intent' || first.input === undefined) throw new Error('no begin');

    const progress = progressOf([{ ...first, input: { ...first.input, snapshotId: 's' } }]);

    expect(progress?.data).toEqual({ snapshotId: 's' });
  });

  test('the first failure is the one that turned the transition round; the newest is kept beside it', () => {
    const first = begin('upgrade', 'Stateful');
    const [crash, disk] = failures;
    if (crash === undefined || disk === undefined) throw new Error('no failures');
    const record = (phase: string, result: PhaseResult): JournalRecord => ({
      at: '',
      id: 'x',
      app: 'book',
      transition: 'upgrade',
      phase,
      event: 'outcome',
      result,
    });

    const progress = progressOf([
      first,
      record('prepare', { kind: 'ok' }),
      record('undeploy', { kind: 'ok' }),
      record('snapshot', { kind: 'ok', data: { snapshotId: 's' } }),
      record('deploy', { kind: 'failed', failure: crash }),
      record('back-undeploy', { kind: 'failed', failure: disk }),
    ]);

    expect(progress).toMatchObject({
      failure: crash,
      lastFailure: disk,
      data: { snapshotId: 's' },
    });
    expect(progress?.step).toMatchObject({ phase: 'back-undeploy', attempt: 2, pause: true });
  });

  test('the target may have served from the first intent to deploy it on, whatever came of that', () => {
    const base = { id: 'x', app: 'book', transition: 'upgrade' } as const;
    const ok = (phase: string): JournalRecord => ({
      ...base,
      at: '',
      phase,
      event: 'outcome',
      result: { kind: 'ok' },
    });
    const deploy = (at: string): JournalRecord => ({
      ...base,
      at,
      phase: 'deploy',
      event: 'intent',
    });
    const [crash] = failures;
    if (crash === undefined) throw new Error('no failures');
    const failed: JournalRecord = {
      ...base,
      at: '',
      phase: 'deploy',
      event: 'outcome',
      result: { kind: 'failed', failure: crash },
    };
    const before = [begin('upgrade', 'Stateful'), ok('prepare'), ok('undeploy'), ok('snapshot')];
    const first = deploy('2026-11-21T09:30:00.000Z');
    const again = deploy('2026-11-21T10:30:00.000Z');
    const servedFromMs = Date.parse('2026-11-21T09:30:00.000Z');

    expect(progressOf(before)?.data).toEqual({});
    expect(progressOf([...before, first, again, ok('deploy')])?.data).toEqual({ servedFromMs });
    expect(progressOf([...before, first, failed])?.data).toEqual({ servedFromMs });
  });

  test('L1: an outage that was waited out uses no attempt of the way back up', () => {
    const [, disk, noAnswer] = failures;
    if (disk === undefined || noAnswer === undefined) throw new Error('no failures');
    const record = (result: PhaseResult): JournalRecord[] => {
      const base = { at: '', id: 'x', app: 'book', transition: 'restore' } as const;
      return [
        { ...base, phase: 'undeploy', event: 'intent' },
        { ...base, phase: 'undeploy', event: 'outcome', result },
      ];
    };
    const outage = Array.from({ length: 9 }, () => record({ kind: 'failed', failure: noAnswer }));
    const prepared: JournalRecord = {
      at: '',
      id: 'x',
      app: 'book',
      transition: 'restore',
      phase: 'prepare',
      event: 'outcome',
      result: { kind: 'ok' },
    };
    const after = (answers: number) =>
      progressOf([
        begin('restore', 'Stateful'),
        prepared,
        ...outage.flat(),
        ...Array.from({ length: answers }, () => record({ kind: 'failed', failure: disk })).flat(),
      ])?.step;

    expect(after(1)).toMatchObject({ phase: 'undeploy', attempt: 11, pause: true });
    expect(after(4)).toMatchObject({ phase: 'undeploy' });
    expect(after(5)).toMatchObject({ phase: 'strand' });
  });

  test.each([
    { name: 'no begin', records: [] },
    {
      name: 'a phase that the table does not know',
      records: [
        begin('install', 'Stateful'),
        {
          at: '',
          id: 'x',
          app: 'book',
          transition: 'install',
          phase: 'fly',
          event: 'outcome',
          result: { kind: 'ok' },
        },
      ],
    },
  ] as const)('G2: a journal with $name is not guessed at', ({ records }) => {
    expect(progressOf(records)).toBeUndefined();
  });
});

describe('docs/transitions.md', () => {
  test('is what the tables say', async () => {
    await expect(transitionsPage()).toMatchFileSnapshot('../../docs/transitions.md');
  });
});
