import { describe, expect, test } from 'vitest';
import type { ObjectStatus } from '../../controller/model/condition.ts';
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

test('strandings are told by the transition that stranded the app, for as long as it is the last', () => {
  const status = statusOfHealth('False', fell);
  const last = (end: 'stranded' | 'succeeded'): ObjectStatus => ({
    ...status,
    lastTransitions: [
      {
        id: 't1',
        kind: 'upgrade',
        startedAt: fell,
        endedAt: fell,
        end,
        fromVersion: null,
        toVersion: '1.2.0+1.2.0',
        failure: null,
      },
    ],
  });

  expect(strandings([last('stranded')])).toEqual(['rollback-failed/book/t1']);
  expect(strandings([last('succeeded')])).toEqual([]);
});
