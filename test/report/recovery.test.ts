import { describe, expect, test } from 'vitest';
import type { ToldAlert } from '../../controller/model/alert.ts';
import type { ObjectStatus } from '../../controller/model/condition.ts';
import type { TransitionEnd, TransitionKind } from '../../controller/model/journal.ts';
import { recoveries, type RecoveryInputs } from '../../controller/report/recovery.ts';
import type { Standing } from '../../controller/report/standing.ts';
import { statusOfHealth } from '../build/health-status.ts';

const rose = '2026-11-21T10:00:00Z';
const nowMs = Date.parse('2026-11-21T10:00:10Z');
const ill: ToldAlert = {
  id: '20261121T090030Z-book-unhealthy',
  app: 'book',
  kind: 'unhealthy',
  fingerprint: 'unhealthy/book/1',
};
const stranded: ToldAlert = {
  id: '20261121T080000Z-book-rollback-failed',
  app: 'book',
  kind: 'rollback-failed',
  fingerprint: 'rollback-failed/book/t1',
};
const stale: ToldAlert = {
  id: '20261121T070000Z-host-desired-stale',
  app: 'host',
  kind: 'desired-stale',
  fingerprint: 'desired-stale/x',
};
const held: ToldAlert = { ...ill, id: 'h', kind: 'held-major', fingerprint: 'held/book/1' };

const allJudged: Standing = {
  fingerprints: new Set(),
  isTreeRead: true,
  isFollowed: true,
  isDiskKnown: true,
  heldJudged: new Set(['book']),
  healthJudged: new Set(['book']),
};

function endedBy(
  told: readonly ToldAlert[],
  standing: Partial<Standing> = {},
  healthy: 'True' | 'False' | 'Unknown' = 'True',
): readonly (readonly string[])[] {
  const found = recoveries({
    told,
    standing: { ...allJudged, ...standing },
    statuses: [statusOfHealth(healthy, rose)],
    nowMs,
  });
  return found.map(({ ends }) => ends);
}

describe('recoveries', () => {
  test.each([
    { name: 'the desired tree', told: stale, title: 'the desired tree is followed again' },
    {
      name: 'the disk',
      told: { ...stale, kind: 'disk-low' as const, fingerprint: 'disk-low' },
      title: 'there is room on the disk again',
    },
  ])('of $name, the alert says that and nothing of another matter', ({ told, title }) => {
    const found = recoveries({ told: [told], standing: allJudged, statuses: [], nowMs });

    expect(found.map(({ alert }) => alert.title)).toEqual([title]);
  });

  test('A1: what ends several alerts is named after the last of them, whatever order they come in', () => {
    for (const told of [
      [stranded, ill],
      [ill, stranded],
    ]) {
      const statuses = [statusOfHealth('True', rose)];
      const found = recoveries({ told, standing: allJudged, statuses, nowMs });

      expect(found.map(({ alert }) => alert.fingerprint)).toEqual([`recovered/${ill.id}`]);
    }
  });

  test('the alert says who is well, since when, and at which version', async () => {
    const [found] = recoveries({
      told: [ill],
      standing: allJudged,
      statuses: [statusOfHealth('True', rose)],
      nowMs,
    });

    await expect(`${JSON.stringify(found?.alert, null, 2)}\n`).toMatchFileSnapshot(
      'golden/alert-recovered.json',
    );
  });

  test.each([
    { name: 'a hold that was lifted needs none', told: [held] },
    {
      name: 'an illness that lasts',
      told: [ill],
      standing: { fingerprints: new Set([ill.fingerprint]) },
    },
    {
      name: 'L1: an illness of which nothing is known now',
      told: [ill],
      standing: { healthJudged: new Set<string>() },
    },
    { name: 'an app that is ill in another way', told: [ill, stranded], healthy: 'False' as const },
    {
      name: 'an app that nobody wants any more',
      told: [{ ...ill, app: 'gone' }],
      standing: { healthJudged: new Set(['gone']) },
    },
    {
      name: 'desired state that is not followed for another reason now',
      told: [stale],
      standing: { isFollowed: false },
    },
  ])('none of $name', ({ told, standing = {}, healthy }) => {
    expect(endedBy(told, standing, healthy)).toEqual([]);
  });

  test('one for an app, whatever it was told of, named for the last', () => {
    expect(endedBy([ill, stranded])).toEqual([[stranded.id, ill.id]]);
  });

  test('one when desired state is followed again', () => {
    expect(endedBy([stale])).toEqual([[stale.id]]);
  });

  test('A1: the same recovery has the same fingerprint, that of another illness another', () => {
    const of = (told: ToldAlert): string | undefined =>
      recoveries({
        told: [told],
        standing: allJudged,
        statuses: [statusOfHealth('True', rose)],
        nowMs,
      })[0]?.alert.fingerprint;

    expect(of(ill)).toBe(of({ ...ill }));
    expect(of(ill)).not.toBe(of({ ...ill, id: '20261122T090030Z-book-unhealthy' }));
  });
});

describe('a retirement that hung', () => {
  const hung: ToldAlert = { ...stranded, fingerprint: 'rollback-failed/book/t7' };
  const ended = (kind: TransitionKind, end: TransitionEnd, id: string) => ({
    id,
    kind,
    fromVersion: '1.1.0+1.1.0',
    toVersion: '1.1.0+1.1.0',
    startedAt: rose,
    endedAt: rose,
    end,
    failure: null,
  });
  const of = (...lastTransitions: ObjectStatus['lastTransitions']): RecoveryInputs => ({
    told: [hung],
    standing: allJudged,
    statuses: [{ ...statusOfHealth('False', rose), lastTransitions }],
    nowMs,
  });

  test.each([
    { name: 'when it has come to its end', past: [ended('retire', 'succeeded', 't7')] },
    {
      name: 'also when a drill came after it',
      past: [ended('drill', 'abandoned', 't8'), ended('retire', 'succeeded', 't7')],
    },
    { name: 'or another one has', past: [ended('retire', 'succeeded', 't9')] },
  ])('is told to be over $name, and once', ({ past }) => {
    const inputs = of(...past);

    const [recovery, ...more] = recoveries(inputs);

    expect(more).toEqual([]);
    expect(recovery).toMatchObject({
      ends: [hung.id],
      alert: { kind: 'recovered', app: 'book', title: 'book is retired now' },
    });
    // A1: a kill between the alert and its note gives the same alert again, and so none.
    expect(recoveries(inputs)).toEqual([recovery]);
    expect(recoveries({ ...inputs, told: [] })).toEqual([]);
  });

  test.each([
    { name: 'while it goes on', past: [] },
    { name: 'that could not be put back either', past: [ended('retire', 'stranded', 't7')] },
    {
      name: 'before the last one, of an app that was stranded after it',
      past: [ended('install', 'stranded', 't8'), ended('retire', 'succeeded', 't7')],
    },
  ])('is not over $name', ({ past }) => {
    expect(recoveries(of(...past))).toEqual([]);
  });
});

describe('a last step that hung', () => {
  const hung: ToldAlert = { ...stranded, fingerprint: 'rollback-failed/book/t7/commit' };
  const seen = (told: readonly ToldAlert[], standing: Partial<Standing> = {}) =>
    recoveries({
      told,
      standing: { ...allJudged, ...standing },
      statuses: [statusOfHealth('True', rose)],
      nowMs,
    }).map(({ alert }) => alert.title);

  test('is told to be over when the app is at rest and well, in words of its own', () => {
    expect(seen([hung])).toEqual(['book is seen to again']);
    expect(seen([hung, stranded])).toEqual(['book is healthy again']);
  });

  test('is not over while it goes on', () => {
    expect(seen([hung], { fingerprints: new Set([hung.fingerprint]) })).toEqual([]);
    expect(seen([hung], { healthJudged: new Set() })).toEqual([]);
  });
});
