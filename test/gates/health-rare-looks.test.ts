import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HealthSample } from '../../controller/gates/health.ts';
import { unknown } from '../../controller/model/known.ts';
import type { ProbeResult } from '../../controller/model/probe.ts';
import { green, judgeAll, red, sample, task } from '../build/health.ts';

const beganMs = 1000;

/** Looks at one app whose tasks stay the same, each a while after the one before it. */
function looks(
  gapsMs: readonly number[],
  probesAt: (atMs: number, index: number) => readonly ProbeResult[] = () => green,
): readonly HealthSample[] {
  let atMs = beganMs;
  return gapsMs.map((gapMs, index) => {
    atMs += gapMs;
    return sample(atMs, [task()], probesAt(atMs, index));
  });
}

function times(count: number, gapMs: number): readonly number[] {
  return Array.from({ length: count }, () => gapMs);
}

/** It answers for 3 s, does not for 3 s, and so on. */
function flapping(atMs: number): readonly ProbeResult[] {
  return Math.floor((atMs - beganMs) / 3000) % 2 === 0 ? green : red;
}

function blindAt(atMs: number): HealthSample {
  return { atMs, view: unknown('no answer'), probes: [] };
}

describe('how long an app was healthy is what was seen of it', () => {
  const rows: readonly {
    readonly name: string;
    readonly samples: readonly HealthSample[];
    readonly stableForMs: number;
    readonly kind: string;
    readonly atMs: number;
  }[] = [
    {
      name: 'two looks that are far apart prove nothing',
      samples: looks([0, 60_000]),
      stableForMs: 5000,
      kind: 'waiting',
      atMs: 61_000,
    },
    {
      name: 'looks that are a second apart have seen all',
      samples: looks([0, ...times(20, 1000)]),
      stableForMs: 5000,
      kind: 'healthy',
      atMs: 6000,
    },
    {
      name: 'looks that are always seven seconds apart are enough when there were ten more',
      samples: looks([0, ...times(20, 7000)]),
      stableForMs: 5000,
      kind: 'healthy',
      atMs: 71_000,
    },
    {
      name: 'for a long window a tenth of it is no gap',
      samples: looks([0, ...times(40, 3000)]),
      stableForMs: 60_000,
      kind: 'healthy',
      atMs: 61_000,
    },
    {
      name: 'a gap begins the window anew',
      samples: looks([0, ...times(4, 1000), 1001, ...times(20, 1000)]),
      stableForMs: 5000,
      kind: 'healthy',
      atMs: 11_001,
    },
    {
      name: 'L1: a look that fails between two that are close is no gap',
      samples: [
        ...looks([0, ...times(4, 1000)]),
        blindAt(5500),
        ...looks([5000, ...times(4, 1000)]),
      ],
      stableForMs: 5000,
      kind: 'healthy',
      atMs: 6000,
    },
    {
      name: 'one that is not green begins the window anew, also between looks that are far apart',
      samples: looks([0, ...times(20, 7000)], (_, index) => (index === 4 ? red : green)),
      stableForMs: 5000,
      kind: 'unhealthy',
      atMs: 29_000,
    },
    {
      name: 'L1: an outage begins the window anew, and takes nothing of the time that the app has for it',
      samples: [
        ...looks([0, 1000, 1000]),
        blindAt(30_000),
        blindAt(90_000),
        ...looks([91_000, ...times(20, 1000)]),
      ],
      stableForMs: 5000,
      kind: 'healthy',
      atMs: 97_000,
    },
    {
      name: 'without a window the first green look is enough',
      samples: looks([40_000, 40_000]),
      stableForMs: 0,
      kind: 'healthy',
      atMs: 41_000,
    },
  ];

  test.each(rows)('$name', ({ samples, stableForMs, kind, atMs }) => {
    const answer = judgeAll(samples, { stableForMs, bootMs: 25_000 });

    expect({ kind: answer.verdict.kind, atMs: answer.atMs }).toEqual({ kind, atMs });
  });

  test('one that comes and goes, asked only when it answers, is not healthy for it: the next look finds it out', () => {
    const { verdict } = judgeAll(looks([0, 6000, 6000, 6000, 6000, 3000], flapping), {
      bootMs: 25_000,
    });

    expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'ProbeFailed' });
  });

  test('L1: a healthy app is never blamed for looks that take long, or fail now and then', () => {
    const look = fc.record({
      gapMs: fc.integer({ min: 1, max: 40_000 }),
      isBlind: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(look, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 60_000 }),
        (drawn, stableForMs) => {
          let atMs = beganMs;
          let blindMs = 0;
          const samples = drawn.map(({ gapMs, isBlind }) => {
            atMs += gapMs;
            // An outage that goes on for minutes has an end of its own.
            if (!isBlind || blindMs + gapMs > 300_000) return sample(atMs, [task()]);
            blindMs += gapMs;
            return blindAt(atMs);
          });

          expect(['waiting', 'healthy']).toContain(judgeAll(samples, { stableForMs }).verdict.kind);
        },
      ),
    );
  });

  test('healthy means: it had answered for the whole window, or to eleven looks far apart', () => {
    const phase = fc.integer({ min: 1001, max: 9000 });
    fc.assert(
      fc.property(
        fc.array(phase, { minLength: 1, maxLength: 20 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 1000 }), phase), { minLength: 10 }),
        fc.integer({ min: 1, max: 10_000 }),
        (phases, gaps, stableForMs) => {
          // It answers in the first phase, does not in the second, and so on.
          const ends = phases.map((_, index) =>
            phases.slice(0, index + 1).reduce((sum, ms) => sum + ms, beganMs),
          );
          const phaseAt = (atMs: number): number => ends.filter((endMs) => endMs <= atMs).length;
          const samples = looks(gaps, (atMs) => (phaseAt(atMs) % 2 === 0 ? green : red));
          const { verdict, atMs } = judgeAll(samples, { stableForMs, bootMs: 10_000_000 });
          if (verdict.kind !== 'healthy') return;

          const until = samples.filter((one) => one.atMs <= atMs);
          const since = until.slice(until.findLastIndex((one) => one.probes === red) + 1);
          const farApart = since.filter(
            (one, index) => one.atMs - (since[index - 1] ?? one).atMs > 1000,
          );
          const isTrue = phaseAt(atMs - stableForMs) === phaseAt(atMs);
          expect(isTrue || farApart.length === 10).toBe(true);
        },
      ),
    );
  });

  test('the boot limit stays one: what does not answer at a look after it has had its time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 12_000 }), { minLength: 10, maxLength: 60 }),
        (gaps) => {
          const samples = looks([0, ...gaps], flapping);
          const { verdict, atMs } = judgeAll(samples, { stableForMs: 20_000 });
          const late = samples.find(
            (one) => one.atMs > beganMs + 30_000 && one.probes === red,
          )?.atMs;

          if (late === undefined) return;
          expect(verdict.kind).not.toBe('waiting');
          expect(atMs).toBeLessThanOrEqual(late);
        },
      ),
    );
  });
});
