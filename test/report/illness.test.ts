import { describe, expect, test } from 'vitest';
import type { ObjectStatus } from '../../controller/model/condition.ts';
import type { Decision } from '../../controller/model/plan.ts';
import { illnessAlerts } from '../../controller/report/illness.ts';
import { entryOf } from '../build/plan.ts';

const fell = '2026-11-21T09:00:00Z';
const rose = '2026-11-21T10:00:00Z';
const inSync: Decision = { kind: 'in-sync', version: '1.1.0+1.1.0' };

function status(healthy: 'True' | 'False', since: string): ObjectStatus {
  return {
    apiVersion: 'ci-warm.dev/v1',
    kind: 'WarmApp',
    name: 'book',
    observedRevision: 'r',
    conditions: [
      {
        type: 'Healthy',
        status: healthy,
        reason: 'TasksNotRunning',
        message: 'x',
        lastTransitionTime: since,
      },
    ],
    versions: { current: '1.1.0+1.1.0', target: null, latest: null },
    hold: null,
    quarantine: null,
    lastTransitions: [],
  };
}

function judge(before: ObjectStatus, now: ObjectStatus, at: string, decision = inSync): string[] {
  const { fallen, recovered } = illnessAlerts({
    entries: [entryOf('book', decision)],
    before: [before],
    now: [now],
    nowMs: Date.parse(at),
  });
  return [...fallen, ...recovered.map(({ alert }) => alert)].map((alert) => alert.kind);
}

describe('illnessAlerts', () => {
  test.each([
    { name: 'a short illness is not told', at: '2026-11-21T09:00:29Z', told: [] },
    { name: 'one that lasts is', at: '2026-11-21T09:00:30Z', told: ['unhealthy'] },
  ])('$name', ({ at, told }) => {
    expect(judge(status('False', fell), status('False', fell), at)).toEqual(told);
  });

  test('A1: an illness has one fingerprint for as long as it lasts, and its recovery names it', () => {
    const ill = { entries: [entryOf('book', inSync)], before: [], now: [status('False', fell)] };
    const [first] = illnessAlerts({ ...ill, nowMs: Date.parse(fell) + 60_000 }).fallen;
    const [later] = illnessAlerts({ ...ill, nowMs: Date.parse(fell) + 600_000 }).fallen;
    const [well] = illnessAlerts({
      ...ill,
      before: ill.now,
      now: [status('True', rose)],
      nowMs: Date.parse(rose),
    }).recovered;

    expect(first?.fingerprint).toBeDefined();
    expect(later?.fingerprint).toBe(first?.fingerprint);
    expect(well?.of).toBe(first?.fingerprint);
  });

  test('who is well says nothing', () => {
    expect(judge(status('True', fell), status('True', fell), rose)).toEqual([]);
  });

  test('while a transition stops and starts the app, nothing is told of its health', () => {
    const decision: Decision = {
      kind: 'in-transition',
      id: 'x',
      transition: 'upgrade',
      phase: 'snapshot',
    };

    expect(judge(status('False', fell), status('False', fell), rose, decision)).toEqual([]);
  });
});
