import { describe, expect, test } from 'vitest';

import type { Condition, ObjectStatus } from '../../controller/model/condition.ts';
import { known, unknown } from '../../controller/model/known.ts';
import { eventLine } from '../../controller/report/event-lines.ts';
import { eventsOf, type Event, type EventInputs } from '../../controller/report/events.ts';
import { entryOf, hold } from '../build/plan.ts';
import { appRecord, failure, transition, transitionInput } from '../build/record.ts';
import { app, held, inSync, inputs, nowMs, statusOf } from '../build/status.ts';

const nothing: EventInputs = { statuses: [], records: new Map(), alerts: [] };

function told(input: Partial<EventInputs>): readonly string[] {
  return eventsOf({ ...nothing, ...input }).map(
    ({ at, object, type, reason }) => `${at} ${object} ${type} ${reason}`,
  );
}

function withCondition(status: ObjectStatus, over: Partial<Condition>): ObjectStatus {
  return {
    ...status,
    conditions: status.conditions.map((one) =>
      one.type === over.type ? { ...one, ...over } : one,
    ),
  };
}

describe('transitions', () => {
  test('a finished one has a begin and an end, and a failed end is a warning that says why', () => {
    const history = [
      transition({ id: 'a' }),
      transition({
        id: 'b',
        startedAt: '2026-11-21T09:10:00Z',
        endedAt: '2026-11-21T09:11:00Z',
        end: 'rolled-back',
        failure: failure(),
      }),
    ];
    const events = eventsOf({
      ...nothing,
      records: new Map([['wiki', known(appRecord({ history }))]]),
    });

    expect(events.map(({ at, type, reason }) => `${at} ${type} ${reason}`)).toEqual([
      '2026-11-21T09:00:00Z Normal UpgradeBegan',
      '2026-11-21T09:01:10Z Normal UpgradeSucceeded',
      '2026-11-21T09:10:00Z Normal UpgradeBegan',
      '2026-11-21T09:11:00Z Warning UpgradeRolledBack',
    ]);
    expect(events.at(-1)?.message).toBe(
      'upgrade 1.0.0+1.0.0 → 1.1.0+1.1.0 ended: rolled-back: CrashLoop: service app died 3 times without ever being healthy.',
    );
  });

  test('one under way shows its phases, and what failed in them', () => {
    const base = { id: 'c', app: 'guestbook', transition: 'upgrade' } as const;
    const open = [
      {
        ...base,
        at: '2026-11-21T09:00:00.000Z',
        phase: 'begin',
        event: 'intent',
        input: transitionInput(app, '1.0.0+1.0.0', '1.1.0+1.1.0'),
      },
      { ...base, at: '2026-11-21T09:00:01.000Z', phase: 'deploy', event: 'intent' },
      {
        ...base,
        at: '2026-11-21T09:00:02.000Z',
        phase: 'deploy',
        event: 'outcome',
        result: { kind: 'failed', failure: failure() },
      },
    ] as const;

    expect(told({ records: new Map([['guestbook', known(appRecord({ open }))]]) })).toEqual([
      '2026-11-21T09:00:00.000Z warmapp/guestbook Normal UpgradeBegan',
      '2026-11-21T09:00:01.000Z warmapp/guestbook Normal PhaseBegan',
      '2026-11-21T09:00:02.000Z warmapp/guestbook Warning PhaseFailed',
    ]);
  });

  test('a begin is the same event while it is under way and when it is over', () => {
    const input = transitionInput(app, '1.0.0+1.0.0', '1.1.0+1.1.0');
    const at = '2026-11-21T09:00:00Z';
    const base = { id: 'c', app: 'guestbook', transition: 'upgrade', at } as const;
    const open = [{ ...base, phase: 'begin', event: 'intent', input }] as const;
    const history = [transition({ id: 'c' })];
    const idsOf = (record: Parameters<typeof appRecord>[0]): readonly string[] =>
      eventsOf({ ...nothing, records: new Map([['guestbook', known(appRecord(record))]]) }).map(
        ({ id }) => id,
      );

    expect(idsOf({ history })).toEqual([...idsOf({ open }), 'warmapp/guestbook/c/end']);
  });

  test('an app whose record cannot be read has none, and the others keep theirs', () => {
    const records = new Map([
      ['wiki', unknown('damaged')],
      ['guestbook', known(appRecord({ history: [transition()] }))],
    ]);

    expect(told({ records })).toHaveLength(2);
  });
});

describe('conditions', () => {
  const healthy = statusOf(inputs(entryOf('guestbook', inSync)));

  test('what was so from the first pass on and asks for nobody is no event', () => {
    expect(told({ statuses: [healthy] })).toEqual([
      '2026-11-21T09:30:00Z warmapp/guestbook Normal ServicesRunning',
      '2026-11-21T09:30:00Z warmapp/guestbook Normal InSync',
    ]);
  });

  test.each([
    {
      name: 'a hold is a warning, its end is not',
      over: { type: 'UpgradeHeld', status: 'False', lastTransitionTime: '2026-11-21T09:40:00Z' },
      says: '2026-11-21T09:40:00Z warmapp/guestbook Normal NothingHeld',
    },
    {
      name: 'an app that falls ill is a warning',
      over: {
        type: 'Healthy',
        status: 'False',
        reason: 'TasksNotRunning',
        lastTransitionTime: '2026-11-21T09:40:00Z',
      },
      says: '2026-11-21T09:40:00Z warmapp/guestbook Warning TasksNotRunning',
    },
  ] as const)('$name', ({ over, says }) => {
    expect(told({ statuses: [withCondition(healthy, over)] })).toContain(says);
  });

  test('a hold is told', () => {
    const entry = entryOf('guestbook', held, { hold: hold('2.0.0+2.0.0') });

    expect(told({ statuses: [statusOf(inputs(entry))] })).toContain(
      '2026-11-21T09:30:00Z warmapp/guestbook Warning HeldMajor',
    );
  });

  test('the same condition with other words is the same event', () => {
    const other = withCondition(healthy, { type: 'Ready', message: 'Other words.' });
    const ids = (status: ObjectStatus): readonly string[] =>
      eventsOf({ ...nothing, statuses: [status] }).map(({ id }) => id);

    expect(ids(other)).toEqual(ids(healthy));
  });
});

test('events of one moment stand in the order of cause: done, judged, told', () => {
  const at = new Date(nowMs).toISOString();
  const events = eventsOf({
    statuses: [statusOf(inputs(entryOf('guestbook', inSync)))],
    records: new Map([
      ['guestbook', known(appRecord({ history: [transition({ startedAt: at, endedAt: at })] }))],
    ]),
    alerts: [
      {
        id: 'x',
        seen: false,
        alert: {
          kind: 'recovered',
          app: 'guestbook',
          severity: 'info',
          title: 'guestbook is healthy again',
          message: '',
          at,
          fingerprint: 'f',
          from: null,
          to: null,
          reasons: [],
          releaseNotes: [],
          diff: null,
          lastLogs: [],
          runbook: null,
          resolve: '',
        },
      },
    ],
  });

  expect(events.map(({ source }) => source)).toEqual([
    'transition',
    'transition',
    'condition',
    'condition',
    'alert',
  ]);
});

describe('eventLine', () => {
  const event: Event = {
    id: 'x',
    at: '2026-11-21T09:00:00.123Z',
    object: 'warmapp/wiki',
    type: 'Warning',
    source: 'alert',
    reason: 'rollback',
    message: 'two\nlines',
  };

  test('is one line, with the time to the second', () => {
    expect(eventLine(event)).toBe(
      '2026-11-21T09:00:00Z   warmapp/wiki               Warning   rollback               two lines\n',
    );
  });

  test('colour does not shift its columns', () => {
    const painted = eventLine(event, (text) => `<${text}>`);

    expect(painted.replace('<', '').replace('>', '')).toBe(eventLine(event));
  });
});
