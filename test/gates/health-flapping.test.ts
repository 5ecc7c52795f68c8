import { describe, expect, test } from 'vitest';
import type { ProbeResult } from '../../controller/model/probe.ts';
import { dead, green, judgeAll, red, sample, task, unanswered } from '../build/health.ts';

describe('health that comes and goes, or comes late', () => {
  test('healthy and unhealthy in turn is named so when the time is up, and is the fault of the release', () => {
    const probes = (atMs: number): readonly ProbeResult[] => (atMs % 8000 < 4000 ? green : red);
    const samples = Array.from({ length: 80 }, (_, index) => 1000 + index * 1000).map((atMs) =>
      sample(atMs, [task()], probes(atMs)),
    );

    const { verdict } = judgeAll(samples);

    expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'Flapping' });
    expect(verdict).toMatchObject({
      message: expect.stringMatching(/healthy and then not, \d times within 30 s/) as string,
    });
  });

  test('L1: probes that cannot be made now and then are no flapping', () => {
    const probes = (atMs: number): readonly ProbeResult[] =>
      atMs % 8000 < 4000 ? green : unanswered;
    const samples = Array.from({ length: 80 }, (_, index) => 1000 + index * 1000).map((atMs) =>
      sample(atMs, [task()], probes(atMs)),
    );

    expect(judgeAll(samples).verdict.kind).toBe('inconclusive');
  });

  test('L1: nor are they taken for any when it is red at last', () => {
    const probes = (atMs: number): readonly ProbeResult[] =>
      atMs > 26_000 ? red : atMs % 8000 < 4000 ? green : unanswered;
    const samples = Array.from({ length: 80 }, (_, index) => 1000 + index * 1000).map((atMs) =>
      sample(atMs, [task()], probes(atMs)),
    );

    expect(judgeAll(samples).verdict).toMatchObject({ reason: 'ProbeFailed' });
  });

  test('L1: nor is it held against a release that came and went that it cannot be asked at last', () => {
    const probes = (atMs: number): readonly ProbeResult[] =>
      atMs > 26_000 ? unanswered : atMs % 8000 < 4000 ? green : red;
    const samples = Array.from({ length: 80 }, (_, index) => 1000 + index * 1000).map((atMs) =>
      sample(atMs, [task()], probes(atMs)),
    );

    expect(judgeAll(samples).verdict).toMatchObject({
      kind: 'inconclusive',
      reason: 'ProbeUnanswered',
    });
  });

  test('a service that died again and again is not excused by a probe that nobody could make at last', () => {
    // It lives for 9 s, and Swarm waits for 5 s before the next life.
    const bornMs = (life: number): number => 1000 + life * 14_000;
    const samples = Array.from({ length: 200 }, (_, index) => {
      const atMs = 1000 + index * 200;
      const lives = Array.from({ length: 4 }, (__, life) => {
        const born = { createdAtMs: bornMs(life), stateAtMs: bornMs(life) };
        return atMs < bornMs(life) + 9000
          ? task({ id: `t${String(life)}`, ...born })
          : dead(`t${String(life)}`, { ...born, stateAtMs: bornMs(life) + 9000 });
      });
      const begun = lives.filter((_task, life) => bornMs(life) <= atMs);
      return sample(atMs, begun, atMs > 24_000 ? unanswered : green);
    });

    const { verdict } = judgeAll(samples, { stableForMs: 10_000, bootMs: 30_000 });

    expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'Unstable' });
  });

  test('L1: deaths of a slow start are not held against an app that nobody could ask afterwards', () => {
    const early = ['a', 'b'].map((id, index) => dead(id, { stateAtMs: 2500 + index * 500 }));
    const samples = Array.from({ length: 40 }, (_, index) =>
      sample(3000 + index * 1000, [...early, task({ id: 't3' })], unanswered),
    );

    expect(judgeAll(samples).verdict).toMatchObject({
      kind: 'inconclusive',
      reason: 'ProbeUnanswered',
    });
  });

  test('L1: one look that was not answered, when the time is nearly up, makes nothing unstable', () => {
    const samples = Array.from({ length: 60 }, (_, index) => {
      const atMs = 1000 + index * 900;
      const probes = atMs < 28_000 ? red : atMs > 29_500 && atMs < 30_900 ? unanswered : green;
      return sample(atMs, [task()], probes);
    });

    expect(judgeAll(samples).verdict).toMatchObject({
      kind: 'inconclusive',
      reason: 'ProbeUnanswered',
      message: expect.stringContaining('not seen healthy for 5 s within 30 s') as string,
    });
  });

  test('L1: nor does a time in which nobody looked', () => {
    const samples = [sample(1000, [task()], red), sample(2000, [task()], red)];

    expect(judgeAll([...samples, sample(40_000, [task()], green)]).verdict).toMatchObject({
      kind: 'inconclusive',
      reason: 'ProbeUnanswered',
    });
  });

  test('a service that dies after 9 s never stays healthy for 10 s: unhealthy', () => {
    const samples = Array.from({ length: 400 }, (_, index) => {
      const atMs = 1000 + index * 200;
      const life = Math.floor((atMs - 1000) / 9000);
      const before = Array.from({ length: life }, (__, past) =>
        dead(`t${String(past)}`, {
          createdAtMs: 1000 + past * 9000,
          stateAtMs: 1000 + (past + 1) * 9000,
        }),
      );
      const now = task({ id: `t${String(life)}`, createdAtMs: 1000 + life * 9000 });
      return sample(atMs, [...before, now], green);
    });

    const { verdict } = judgeAll(samples, { stableForMs: 10_000, bootMs: 40_000 });

    expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'Flapping' });
  });

  test('a slow starter is waited for until the boot limit, and then has its whole window', () => {
    const starting: readonly ProbeResult[] = [
      { kind: 'red', probe: "Docker's health of every service", detail: 'book_app is starting' },
    ];
    const samples = Array.from({ length: 40 }, (_, index) => {
      const atMs = 1000 + index * 1000;
      return sample(atMs, [task()], atMs < 30_000 ? starting : green);
    });

    expect(judgeAll(samples)).toMatchObject({ verdict: { kind: 'healthy' }, atMs: 35_000 });
  });

  test('where there is nobody to ask, three deaths are a crash loop all the same', () => {
    const nobody: readonly ProbeResult[] = [
      { kind: 'green', probe: "Docker's health of every service", nobody: true },
    ];
    const before = ['a', 'b', 'c'].map((id) => dead(id, { stateAtMs: 4000 }));

    const { verdict } = judgeAll([
      sample(1000, [task()], nobody),
      sample(2000, [task()], nobody),
      sample(5000, [...before, task({ id: 't4' })], nobody),
    ]);

    expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'CrashLoop' });
  });
});
