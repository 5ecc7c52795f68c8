import { describe, expect, test } from 'vitest';
import type { Alert } from '../../controller/model/alert.ts';
import { CiWarmError } from '../../controller/model/failure.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import { executeTransition } from '../../controller/reconcile/execute.ts';
import type { PerformDeps } from '../../controller/reconcile/job.ts';
import { progressOf } from '../../controller/transitions/progress.ts';
import { warmApp } from '../build/desired.ts';
import { failure, lastGood, transitionInput } from '../build/record.ts';

const base = { at: '', id: 'x', app: 'book', transition: 'install' } as const;
const input = transitionInput(warmApp('book'), null, '1.0.0+1.0.0');

/** An install whose recipe cannot be read: all that is left is to say so, which needs the disk. */
const unreadable: readonly JournalRecord[] = [
  { ...base, phase: 'begin', event: 'intent', input },
  { ...base, phase: 'prepare', event: 'intent' },
  { ...base, phase: 'prepare', event: 'outcome', result: { kind: 'failed', failure: failure() } },
];

/** A disk that is full for the first `failing` tries, each with a reason of its own where it has more than one. */
function world(failing: number, reasons: readonly ('disk-full' | 'tool-failed')[]) {
  const written: JournalRecord[] = [];
  const pausesMs: number[] = [];
  let tries = 0;
  const deps: Pick<PerformDeps, 'store' | 'alerts' | 'clock' | 'log'> = {
    store: {
      append: (record: JournalRecord) => Promise.resolve(void written.push(record)),
      writeQuarantine: () => {
        const code = reasons[tries % reasons.length] ?? 'disk-full';
        tries += 1;
        return tries > failing
          ? Promise.resolve()
          : Promise.reject(new CiWarmError(code, `try ${String(tries)}`));
      },
    } as unknown as PerformDeps['store'],
    alerts: { raise: () => Promise.resolve(true) } as unknown as PerformDeps['alerts'],
    clock: {
      now: () => 0,
      sleep: (ms: number) => Promise.resolve(void pausesMs.push(ms)),
    } as unknown as PerformDeps['clock'],
    log: { info: () => 0, warn: () => 0, error: () => 0 } as unknown as PerformDeps['log'],
  };
  return { deps: deps as PerformDeps, written, pausesMs, tries: () => tries };
}

describe('executeTransition', () => {
  test('what is waited out for days stands in the journal once, and is tried all the same', async () => {
    const { deps, written, pausesMs, tries } = world(5000, ['disk-full']);

    const end = await executeTransition(unreadable, deps, new AbortController().signal);

    expect(end).toBe('abandoned');
    expect(tries()).toBe(5001);
    expect(written.map(({ phase, event }) => `${phase} ${event}`)).toEqual([
      'conclude-abandon intent',
      'conclude-abandon outcome',
      'conclude-abandon intent',
      'conclude-abandon outcome',
      'end outcome',
    ]);
    expect(pausesMs.slice(0, 3)).toEqual([500, 1000, 2000]);
    expect(pausesMs.at(-1)).toBe(30_000);
  });

  test('L2: whatever stands in the journal while something is waited out leads to the same phase', async () => {
    const { deps, written } = world(50, ['disk-full']);

    await executeTransition(unreadable, deps, new AbortController().signal);

    for (let count = 1; count <= written.length - 2; count += 1) {
      expect(progressOf([...unreadable, ...written.slice(0, count)])?.step).toMatchObject({
        kind: 'perform',
        phase: 'conclude-abandon',
      });
    }
  });

  test('another reason is another thing that happened, and is written, once as well', async () => {
    const { deps, written } = world(30, ['disk-full', 'tool-failed']);

    await executeTransition(unreadable, deps, new AbortController().signal);

    const reasons = written.flatMap((record) =>
      record.event === 'outcome' && record.result.kind === 'failed'
        ? [record.result.failure.reason]
        : [],
    );
    expect(reasons).toEqual(['DiskFull', 'ToolFailed']);
  });

  test('L2: a phase is in the journal before it is performed', async () => {
    const { deps, written } = world(0, ['disk-full']);
    const seen: string[] = [];
    const alerts = {
      raise: () => {
        seen.push(...written.map(({ phase, event }) => `${phase} ${event}`));
        return Promise.resolve(true);
      },
    } as unknown as PerformDeps['alerts'];

    await executeTransition(unreadable, { ...deps, alerts }, new AbortController().signal);

    expect(seen).toEqual(['conclude-abandon intent']);
  });

  test('L2: a journal that cannot be written is waited for, and nothing is left out of it', async () => {
    const { deps, written } = world(0, ['disk-full']);
    let tries = 0;
    const append = (record: JournalRecord): Promise<void> => {
      tries += 1;
      return tries % 3 === 0 ? deps.store.append(record) : Promise.reject(new Error('full'));
    };
    const store = { ...deps.store, append };
    const said: unknown[] = [];
    const log = { ...deps.log, error: (...line: unknown[]) => void said.push(line) };

    await executeTransition(unreadable, { ...deps, store, log }, new AbortController().signal);

    // Where the state directory cannot be written, no alert can either: the log is what tells.
    expect(said[0]).toEqual([
      'the journal cannot be written; waiting',
      { app: 'book', why: 'full' },
    ]);

    expect(written.map(({ phase, event }) => `${phase} ${event}`)).toEqual([
      'conclude-abandon intent',
      'conclude-abandon outcome',
      'end outcome',
    ]);
  });
});

describe('a retirement whose volumes cannot be taken away', () => {
  const retired = { ...base, transition: 'retire' } as const;
  const v1 = '1.0.0+1.0.0';
  const records: readonly JournalRecord[] = [
    {
      ...retired,
      phase: 'begin',
      event: 'intent',
      input: transitionInput(warmApp('book'), v1, v1),
    },
    ...['prepare', 'undeploy', 'snapshot'].flatMap((phase): readonly JournalRecord[] => [
      { ...retired, phase, event: 'intent' },
      { ...retired, phase, event: 'outcome', result: { kind: 'ok', data: {} } },
    ]),
  ];

  /** Docker refuses `failing` times to let go of the volumes. */
  async function run(failing: number, code: 'conflict' | 'no-answer', isAlertLost = false) {
    const { deps, written } = world(0, ['disk-full']);
    const raised: Alert[] = [];
    let tries = 0;
    let lost = isAlertLost;
    const parts = {
      driver: {
        volumes: () => {
          tries += 1;
          return tries > failing
            ? Promise.resolve([])
            : Promise.reject(new CiWarmError(code, `try ${String(tries)}`));
        },
      },
      alerts: {
        raise: (alert: Alert) => {
          if (lost) {
            lost = false;
            return Promise.reject(new CiWarmError('disk-full', 'no room'));
          }
          raised.push(alert);
          return Promise.resolve(true);
        },
      },
    };
    const all = { ...deps, ...parts } as unknown as PerformDeps;
    const end = await executeTransition(records, all, new AbortController().signal);
    return { end, raised, written };
  }

  test('is told after it failed again and again, as one event with the way out, and goes on by itself (A1)', async () => {
    const { end, raised } = await run(20, 'conflict');

    expect(end).toBe('succeeded');
    expect(new Set(raised.map(({ fingerprint }) => fingerprint))).toEqual(
      new Set(['rollback-failed/book/x']),
    );
    expect(raised[0]).toMatchObject({ kind: 'rollback-failed', severity: 'critical', app: 'book' });
    expect(raised[0]?.message).toContain('try 6');
    expect(raised[0]?.resolve).toContain('remove what uses the volumes');
  });

  test.each([
    { name: 'a few failures that it gets over', failing: 5, code: 'conflict' },
    { name: 'an Engine that does not answer for long (L1)', failing: 50, code: 'no-answer' },
  ] as const)('is not told for $name', async ({ failing, code }) => {
    expect((await run(failing, code)).raised).toEqual([]);
  });

  test('is told with its next failure where the alert could not be written', async () => {
    const { end, raised } = await run(7, 'conflict', true);

    expect({ end, told: raised.length }).toEqual({ end: 'succeeded', told: 1 });
  });
});

describe('a last step that must be done and is refused for ever', () => {
  const v1 = '1.0.0+1.0.0';
  const v11 = '1.1.0+1.1.0';
  const upgraded = { ...base, transition: 'upgrade' } as const;
  const begun: JournalRecord = {
    ...upgraded,
    phase: 'begin',
    event: 'intent',
    input: transitionInput(warmApp('book', { data: 'Stateless' }), v1, v11),
  };
  const done = (phase: string): readonly JournalRecord[] => [
    { ...upgraded, phase, event: 'intent' },
    { ...upgraded, phase, event: 'outcome', result: { kind: 'ok', data: {} } },
  ];
  const lost = (phase: string, over: Parameters<typeof failure>[0]): readonly JournalRecord[] => [
    { ...upgraded, phase, event: 'intent' },
    { ...upgraded, phase, event: 'outcome', result: { kind: 'failed', failure: failure(over) } },
  ];
  const release = lastGood(warmApp('book'), v11);
  const prepared: readonly JournalRecord[] = [
    begun,
    { ...upgraded, phase: 'prepare', event: 'intent' },
    {
      ...upgraded,
      phase: 'prepare',
      event: 'outcome',
      result: { kind: 'ok', data: { release } },
    },
  ];
  const proved = [...prepared, ...done('deploy'), ...done('judge')];
  const turned = [...prepared, ...done('deploy'), ...lost('judge', {})];
  const strandedOne = [...turned, ...lost('back-deploy', { verdict: 'refused' })];
  const backOne = [...turned, ...done('back-deploy'), ...done('back-judge')];

  /** Whatever is asked of the Swarm or written to the app's files fails so often; alerts can be written. */
  async function run(
    records: readonly JournalRecord[],
    failing: number,
    code: 'tool-failed' | 'no-answer' = 'tool-failed',
  ) {
    const { deps } = world(0, []);
    const raised: Alert[] = [];
    let tries = 0;
    const refuse = (): Promise<never> => {
      tries += 1;
      if (tries > failing) stop.abort();
      return Promise.reject(new CiWarmError(code, `try ${String(tries)}: the disk answers EIO`));
    };
    const stop = new AbortController();
    const parts = {
      driver: { read: refuse },
      store: { ...deps.store, writeQuarantine: refuse },
      alerts: { raise: (alert: Alert) => Promise.resolve(raised.push(alert) > 0) },
    };
    const all = { ...deps, ...parts } as unknown as PerformDeps;
    const end = await executeTransition(records, all, stop.signal);
    return { end, raised };
  }

  test.each([
    {
      name: 'the commit of a version that was proved',
      records: proved,
      told: { phase: 'commit', severity: 'warning', says: 'book runs 1.1.0+1.1.0' },
    },
    {
      name: 'the end of a rollback',
      records: backOne,
      told: { phase: 'conclude-back', severity: 'warning', says: '1.1.0+1.1.0 failed' },
    },
    {
      name: 'the end of a way back that had failed',
      records: strandedOne,
      told: { phase: 'conclude-strand', severity: 'critical', says: '1.1.0+1.1.0 failed' },
    },
  ])('is told, as one event: $name (A1)', async ({ records, told }) => {
    const { end, raised } = await run(records, 20);

    expect(end).toBe('interrupted');
    expect(new Set(raised.map(({ fingerprint }) => fingerprint))).toEqual(
      new Set([`rollback-failed/book/x/${told.phase}`]),
    );
    expect(raised[0]).toMatchObject({ kind: 'rollback-failed', severity: told.severity });
    expect(raised[0]?.message).toContain('try 6: the disk answers EIO');
    expect(raised[0]?.message).toContain(told.says);
  });

  test.each([
    { name: 'a few failures that it gets over', failing: 4, code: 'tool-failed' },
    { name: 'an Engine that does not answer for long (L1)', failing: 50, code: 'no-answer' },
  ] as const)('is not told for $name', async ({ failing, code }) => {
    expect((await run(proved, failing, code)).raised).toEqual([]);
  });

  test('a step that ends by itself however it fails is not told so', async () => {
    const { raised } = await run(prepared, 20);

    expect(new Set(raised.map(({ fingerprint }) => fingerprint))).toEqual(
      new Set(['rollback-failed/book/x/conclude-strand']),
    );
  });
});
