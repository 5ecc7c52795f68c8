import { describe, expect, test } from 'vitest';
import type { ObjectStatus, TransitionStatus } from '../../controller/model/condition.ts';
import type { Decision } from '../../controller/model/plan.ts';
import { illnesses, strandings, type Illnesses } from '../../controller/report/illness.ts';
import { entryOf } from '../build/plan.ts';
import { statusOfHealth } from '../build/health-status.ts';

const fell = '2026-11-21T09:00:00Z';
const inSync: Decision = { kind: 'in-sync', version: '1.1.0+1.1.0' };
const upgrading: Decision = {
  kind: 'in-transition',
  id: 'x',
  transition: 'upgrade',
  phase: 'snapshot',
};

function judge(status: ObjectStatus, at: string, decision = inSync): Illnesses {
  const entries = [entryOf('book', decision)];
  return illnesses({ entries, statuses: [status], nowMs: Date.parse(at) });
}

describe('illnesses', () => {
  test.each([
    { name: 'a short illness is not told', at: '2026-11-21T09:00:29Z', told: [] },
    { name: 'one that lasts is', at: '2026-11-21T09:00:30Z', told: ['unhealthy'] },
  ])('$name', ({ at, told }) => {
    expect(judge(statusOfHealth('False', fell), at).alerts.map(({ kind }) => kind)).toEqual(told);
  });

  test('A1: an illness has one fingerprint for as long as it lasts', () => {
    const ill = statusOfHealth('False', fell);

    const [first] = judge(ill, '2026-11-21T09:01:00Z').alerts;
    const [later] = judge(ill, '2026-11-21T11:01:00Z').alerts;

    expect(first?.fingerprint).toBeDefined();
    expect(later?.fingerprint).toBe(first?.fingerprint);
  });

  test.each([
    { name: 'who is well', status: statusOfHealth('True', fell), decision: inSync, judged: true },
    {
      name: 'L1: who could not be looked at',
      status: statusOfHealth('Unknown', fell),
      decision: inSync,
      judged: false,
    },
    {
      name: 'who is stopped and started by a transition',
      status: statusOfHealth('False', fell),
      decision: upgrading,
      judged: false,
    },
  ])('$name is not told, and judged: $judged', ({ status, decision, judged }) => {
    const found = judge(status, '2026-11-21T11:00:00Z', decision);

    expect(found.alerts).toEqual([]);
    expect(found.judged.has('book')).toBe(judged);
  });
});

test('L1: of an app whose record cannot be read it is not known whether it is still undeployed', () => {
  const status = statusOfHealth('False', fell);
  const [condition] = status.conditions;
  if (condition === undefined) throw new Error('it has one');
  const past = { ...condition, type: 'RolledBack', status: 'Unknown' } as const;
  const unread = { ...status, conditions: [...status.conditions, past] };

  expect(judge(unread, '2026-11-21T11:00:00Z').judged.has('book')).toBe(false);
});

describe('strandings', () => {
  const status = statusOfHealth('False', fell);
  const past = (
    id: string,
    end: TransitionStatus['end'],
    kind: TransitionStatus['kind'] = 'upgrade',
  ): TransitionStatus => ({
    id,
    kind,
    startedAt: fell,
    endedAt: fell,
    end,
    fromVersion: null,
    toVersion: '1.2.0+1.2.0',
    failure: null,
  });

  test.each([
    {
      name: 'a way back that failed',
      last: [past('t1', 'stranded')],
      told: ['rollback-failed/book/t1'],
    },
    {
      name: 'a first install that failed',
      last: [past('t1', 'undeployed', 'install')],
      told: ['rollback/book/t1'],
    },
    {
      name: 'either with a drill since',
      last: [past('t2', 'abandoned', 'drill'), past('t1', 'stranded')],
      told: ['rollback-failed/book/t1'],
    },
    {
      name: 'none that another transition followed',
      last: [past('t2', 'succeeded'), past('t1', 'stranded')],
      told: [],
    },
    { name: 'no rollback that succeeded', last: [past('t1', 'rolled-back')], told: [] },
  ])('$name: $told', ({ last, told }) => {
    expect(strandings([{ ...status, lastTransitions: last }])).toEqual(told);
  });
});
