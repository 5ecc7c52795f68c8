import { describe, expect, test } from 'vitest';
import type { Delivery, SinkDelivery } from '../../controller/model/delivery.ts';
import type { AlertPolicy } from '../../controller/model/desired.ts';
import {
  afterTry,
  dueFor,
  nextTryMs,
  planOutbox,
  type FiledAlert,
  type OutboxLook,
} from '../../controller/report/delivery.ts';
import { verdictOn, type Standing } from '../../controller/report/standing.ts';

const at = '2026-11-21T09:30:00Z';
const nowMs = Date.parse(at);
const hourMs = 3_600_000;
const told = { app: 'book', kind: 'held-major', fingerprint: 'f1', at } as const;

const policyOf = (...names: readonly string[]): AlertPolicy => ({
  remindAfterMs: 24 * hourMs,
  sinks: names.map((name) => ({ kind: 'command', name, command: ['/bin/true'] })),
});
const standing: Standing = {
  fingerprints: new Set(['f1']),
  isTreeRead: true,
  isFollowed: true,
  isDiskKnown: true,
  heldJudged: new Set(['book']),
  healthJudged: new Set(['book']),
};
const over: Standing = { ...standing, fingerprints: new Set() };
const nobodyLooked: Standing = { ...over, heldJudged: new Set(), healthJudged: new Set() };

const waiting: FiledAlert = { id: 'a1', seen: false, acknowledged: false, told };
const seen: FiledAlert = { ...waiting, seen: true };

function sink(name: string, over_: Partial<SinkDelivery> = {}): SinkDelivery {
  return { sink: name, delivered: null, attempts: 0, nextTryAt: null, lastFailure: null, ...over_ };
}

function delivery(over_: Partial<Delivery> = {}): Delivery {
  const { app, kind, fingerprint } = told;
  const own = { id: 'a1', app, kind, fingerprint, round: 0, roundAt: at, isOut: false };
  return { ...own, sinks: [sink('ops')], ...over_ };
}
const out = delivery({ isOut: true, sinks: [sink('ops', { delivered: 0 })] });

function plan(look: Partial<OutboxLook>): ReturnType<typeof planOutbox> {
  const usual = { deliveries: [], files: [waiting], policy: policyOf('ops'), standing, nowMs };
  return planOutbox({ ...usual, ...look });
}

describe('planOutbox', () => {
  test('an alert that has a file waits for every sink', () => {
    const { deliveries, putAway } = plan({ policy: policyOf('ops', 'page') });

    expect(deliveries).toEqual([delivery({ sinks: [sink('ops'), sink('page')] })]);
    expect(putAway).toEqual([]);
  });

  test.each([
    { name: 'one sink of two has it', policy: policyOf('ops', 'page'), isOut: false },
    { name: 'every sink has it', policy: policyOf('ops'), isOut: true },
    {
      name: 'the only sink that had not is no longer in Settings',
      policy: policyOf('ops'),
      isOut: true,
    },
    { name: 'there is no sink: it stays for a person', policy: policyOf(), isOut: false },
  ])('put away only when all have it: $name', ({ policy, isOut }) => {
    const before = delivery({ sinks: [sink('ops', { delivered: 0 }), sink('page')] });

    const planned = plan({ deliveries: [before], policy });

    expect(planned.putAway).toEqual(isOut ? ['a1'] : []);
    expect(planned.deliveries[0]?.isOut).toBe(isOut);
  });

  test('killed before its file was moved: it is moved by the next look', () => {
    expect(plan({ deliveries: [out], files: [waiting] }).putAway).toEqual(['a1']);
  });

  test.each([
    { name: 'a person has read it', files: [{ ...seen, acknowledged: true }] },
    { name: 'a person moved it to seen/ before it was out', files: [seen] },
    { name: 'its file is gone', files: [] },
  ])('nobody is told any more when $name', ({ files }) => {
    expect(plan({ deliveries: [delivery()], files }).deliveries).toEqual([]);
  });

  test.each([
    { name: 'after it was out: no reminder', before: out, file: { ...seen, acknowledged: true } },
    {
      name: 'and the mark is there before the move',
      before: delivery(),
      file: { ...waiting, acknowledged: true },
    },
  ])('nobody is told any more when a person has read it $name', ({ before, file }) => {
    expect(plan({ deliveries: [before], files: [file] }).deliveries).toEqual([]);
  });

  test('an alert that was out before the outbox was lost is not sent again', () => {
    expect(plan({ files: [seen] }).deliveries).toEqual([]);
  });

  test('a file that cannot be read waits until it can', () => {
    expect(plan({ files: [{ ...waiting, told: undefined }] }).deliveries).toEqual([]);
  });

  test.each([
    { name: 'its cause holds', kind: 'held-major' as const, standing, kept: 1 },
    { name: 'L1: nobody could look', kind: 'held-major' as const, standing: nobodyLooked, kept: 1 },
    { name: 'no pass has looked yet', kind: 'held-major' as const, standing: undefined, kept: 1 },
    { name: 'its cause is over', kind: 'held-major' as const, standing: over, kept: 0 },
    { name: 'it happened once', kind: 'rollback' as const, standing: over, kept: 0 },
  ])('of what is out is remembered: $name ($kept)', ({ kind, kept, standing: seenNow }) => {
    const planned = plan({ deliveries: [{ ...out, kind }], files: [seen], standing: seenNow });

    expect(planned.deliveries).toHaveLength(kept);
  });

  test('what is over but not out yet is sent all the same', () => {
    expect(plan({ deliveries: [delivery()], standing: over }).deliveries).toEqual([delivery()]);
  });

  test('a sink that came later gets what is not out yet, and of what is out only reminders', () => {
    const policy = policyOf('ops', 'new');

    const waits = plan({ deliveries: [delivery()], policy }).deliveries;
    const isOut = plan({ deliveries: [out], files: [seen], policy }).deliveries;

    expect(dueFor('new', waits, nowMs)?.id).toBe('a1');
    expect(dueFor('new', isOut, nowMs)).toBeUndefined();
  });

  test('a second look at once changes nothing', () => {
    const first = plan({});

    expect(plan({ deliveries: first.deliveries })).toEqual(first);
  });
});

describe('reminders', () => {
  test.each([
    { name: 'not before its time', afterMs: 24 * hourMs - 1000, standing, round: 0 },
    { name: 'at its time', afterMs: 24 * hourMs, standing, round: 1 },
    { name: 'not when the cause is over', afterMs: 24 * hourMs, standing: over, round: undefined },
    {
      name: 'L1: not when nobody could look',
      afterMs: 24 * hourMs,
      standing: nobodyLooked,
      round: 0,
    },
  ])('$name', ({ afterMs, standing: seenNow, round }) => {
    const planned = plan({
      deliveries: [out],
      files: [seen],
      standing: seenNow,
      nowMs: nowMs + afterMs,
    });

    expect(planned.deliveries[0]?.round).toBe(round);
    expect(planned.reminded).toHaveLength(round === 1 ? 1 : 0);
  });

  test('one goes to every sink, once, and the file stays where it is', () => {
    const later = nowMs + 24 * hourMs;
    const first = plan({ deliveries: [out], files: [seen], nowMs: later });

    expect(dueFor('ops', first.deliveries, later)?.round).toBe(1);
    const tried = { id: 'a1', sink: 'ops', round: 1, failure: null, nowMs: later };
    const has = afterTry(first.deliveries, tried);
    const second = plan({ deliveries: has, files: [seen], nowMs: later + 60_000 });

    expect(dueFor('ops', second.deliveries, later + 60_000)).toBeUndefined();
    expect(second).toMatchObject({ putAway: [], reminded: [] });
  });

  test('a sink that was down for longer than that gets one, and not each that it missed', () => {
    const down = delivery({ sinks: [sink('ops', { attempts: 100, nextTryAt: at })] });

    const [first] = plan({ deliveries: [down], nowMs: nowMs + 24 * hourMs }).deliveries;
    const [second] = plan({
      deliveries: first === undefined ? [] : [first],
      nowMs: nowMs + 48 * hourMs,
    }).deliveries;
    const tried = { id: 'a1', sink: 'ops', round: 2, failure: null, nowMs };
    const has = afterTry(second === undefined ? [] : [second], tried);

    expect(second?.round).toBe(2);
    expect(dueFor('ops', has, nowMs + 48 * hourMs)).toBeUndefined();
  });
});

describe('dueFor and afterTry', () => {
  const two = [delivery(), delivery({ id: 'a2', sinks: [sink('ops'), sink('page')] })];

  test('the oldest goes first, and a sink is sent what it has not', () => {
    expect(dueFor('ops', two, nowMs)?.id).toBe('a1');
    expect(dueFor('page', two, nowMs)?.id).toBe('a2');
    expect(dueFor('else', two, nowMs)).toBeUndefined();
  });

  test('one that a sink refuses does not hold up the next, nor another sink', () => {
    const failed = afterTry(two, { id: 'a1', sink: 'ops', round: 0, failure: 'status 400', nowMs });

    expect(dueFor('ops', failed, nowMs)?.id).toBe('a2');
    expect(dueFor('page', failed, nowMs)?.id).toBe('a2');
    expect(nextTryMs(failed, nowMs)).toBe(nowMs + 10_000);
  });

  test.each([
    { attempts: 0, pauseMs: 10_000 },
    { attempts: 1, pauseMs: 20_000 },
    { attempts: 6, pauseMs: 640_000 },
    { attempts: 7, pauseMs: 900_000 },
    { attempts: 5000, pauseMs: 900_000 },
  ])('after $attempts failures and one more the pause is $pauseMs ms', ({ attempts, pauseMs }) => {
    const before = [delivery({ sinks: [sink('ops', { attempts })] })];

    const [after] = afterTry(before, { id: 'a1', sink: 'ops', round: 0, failure: 'no', nowMs });

    expect(after?.sinks).toEqual([
      {
        sink: 'ops',
        delivered: null,
        attempts: attempts + 1,
        nextTryAt: new Date(nowMs + pauseMs).toISOString().replace('.000', ''),
        lastFailure: 'no',
      },
    ]);
    expect(
      dueFor('ops', after === undefined ? [] : [after], nowMs + pauseMs - 1000),
    ).toBeUndefined();
    expect(dueFor('ops', after === undefined ? [] : [after], nowMs + pauseMs)?.id).toBe('a1');
  });

  test.each([
    {
      name: 'longer than the own pause counts',
      attempts: 0,
      retryAfterMs: 60_000,
      pauseMs: 60_000,
    },
    { name: 'shorter does not', attempts: 3, retryAfterMs: 1000, pauseMs: 80_000 },
    { name: 'has an end', attempts: 0, retryAfterMs: 9e9, pauseMs: 900_000 },
  ])('the pause that a sink asks for $name', ({ attempts, retryAfterMs, pauseMs }) => {
    const before = [delivery({ sinks: [sink('ops', { attempts })] })];

    const tried = { id: 'a1', sink: 'ops', round: 0, failure: 'no', retryAfterMs, nowMs };

    expect(nextTryMs(afterTry(before, tried), nowMs)).toBe(nowMs + pauseMs);
  });

  test('a sink that asks to be left alone is sent nothing else until then; another one is', () => {
    const tried = { id: 'a1', sink: 'ops', round: 0, failure: 'status 429', nowMs };

    const after = afterTry(two, { ...tried, retryAfterMs: 60_000 });

    expect(dueFor('ops', after, nowMs + 59_000)).toBeUndefined();
    expect(dueFor('ops', after, nowMs + 60_000)?.id).toBe('a1');
    expect(dueFor('page', after, nowMs)?.id).toBe('a2');
  });

  test('a sink that answers again is sent at once what waits there', () => {
    const down = afterTry(two, { id: 'a2', sink: 'ops', round: 0, failure: 'no', nowMs });

    const up = afterTry(down, { id: 'a1', sink: 'ops', round: 0, failure: null, nowMs });

    expect(dueFor('ops', up, nowMs)?.id).toBe('a2');
    expect(up[0]?.sinks).toEqual([sink('ops', { delivered: 0 })]);
  });

  test('a clock that was set back holds up nothing', () => {
    const far = [delivery({ sinks: [sink('ops', { nextTryAt: '2030-01-01T00:00:00Z' })] })];

    expect(dueFor('ops', far, nowMs)?.id).toBe('a1');
  });
});

describe('verdictOn', () => {
  const none: Standing = {
    fingerprints: new Set(),
    isTreeRead: false,
    isFollowed: false,
    isDiskKnown: false,
    heldJudged: new Set(),
    healthJudged: new Set(),
  };

  test.each([
    { kind: 'held-major', judged: { heldJudged: new Set(['book']) } },
    { kind: 'unhealthy', judged: { healthJudged: new Set(['book']) } },
    { kind: 'rollback-failed', judged: { healthJudged: new Set(['book']) } },
    { kind: 'rollback', judged: { healthJudged: new Set(['book']) } },
    { kind: 'desired-invalid', judged: { isTreeRead: true } },
    { kind: 'desired-stale', judged: { isFollowed: true } },
    { kind: 'disk-low', judged: { isDiskKnown: true } },
  ] as const)('$kind holds, is over, or is not known (L1)', ({ kind, judged }) => {
    const alert = { app: 'book', kind, fingerprint: 'f1' };

    expect(verdictOn(alert, { ...none, fingerprints: new Set(['f1']) })).toBe('holds');
    expect(verdictOn(alert, { ...none, ...judged })).toBe('over');
    expect(verdictOn(alert, none)).toBe('unknown');
    expect(verdictOn({ ...alert, app: 'other' }, { ...none, ...judged })).toBe(
      // Those are of the host, not of an app.
      kind.startsWith('desired-') || kind === 'disk-low' ? 'over' : 'unknown',
    );
  });

  test('recovered is over when it is told', () => {
    expect(verdictOn({ app: 'book', kind: 'recovered', fingerprint: 'f1' }, none)).toBe('over');
  });
});
