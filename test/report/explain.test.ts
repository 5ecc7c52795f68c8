import { describe, expect, test } from 'vitest';

import type { JournalRecord } from '../../controller/model/journal.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { Decision, PlanEntry } from '../../controller/model/plan.ts';
import type { Described } from '../../controller/report/described.ts';
import { explain, type Decided } from '../../controller/report/explain.ts';
import type { StatusInputs } from '../../controller/report/status.ts';
import { entryOf, hold } from '../build/plan.ts';
import {
  appRecord,
  failure,
  lastGood,
  quarantine,
  transition,
  transitionInput,
} from '../build/record.ts';
import {
  app,
  backingOff,
  held,
  ill,
  inputs,
  inSync,
  nowMs,
  quarantined,
  statusOf,
} from '../build/status.ts';

function described(
  entry: PlanEntry,
  over: Partial<Described> = {},
  status: Partial<StatusInputs> = {},
): Described {
  return {
    status: statusOf(inputs(entry, status)),
    written: {
      source: { file: 'desired/guestbook.yaml', line: 3 },
      fields: [['version', 'latest']],
    },
    isOtherRevision: false,
    record: known(appRecord({ lastGood: lastGood(app, '1.1.0+1.1.0') })),
    volumes: [],
    alerts: [],
    lastPassAt: '2026-11-21T09:30:00Z',
    nowMs,
    ...over,
  };
}

/** Questions that are not answered by yes, as their place and the answer. */
function notYes(one: Described): readonly string[] {
  return explain(one)
    .decisions.map(({ answer }, index) => `${String(index + 1)} ${answer}`)
    .filter((text) => !text.endsWith(' yes'));
}

function asked(one: Described, place: number): Decided {
  const decision = explain(one).decisions[place - 1];
  if (decision === undefined) throw new Error(`no decision ${String(place)}`);
  return decision;
}

const ASKED = 1;
const MAY_ACT = 2;
const VERSION = 3;
const GATE = 4;
const QUARANTINE = 5;
const ATTEMPT = 6;
const HEALTH = 7;
const WAY_BACK = 8;

describe('an app that is as it should be', () => {
  const one = described(entryOf('guestbook', inSync));

  test('has yes for every answer, waits for nothing, and has nothing to change', () => {
    expect(notYes(one)).toEqual([]);
    expect(explain(one).waitsFor).toMatch(/^Nothing\./);
    expect(explain(one).decisions.filter(({ toChange }) => toChange !== null)).toEqual([]);
  });
});

describe('what stands in the way is the answer to its own question', () => {
  const suspended: Decision = { kind: 'suspended' };
  const stalled: Decision = {
    kind: 'stalled',
    reason: 'NoRelease',
    message: 'there is no release',
  };
  const noAnswer: Decision = { kind: 'unknown', why: 'the Swarm did not answer' };
  const waiting: Decision = { kind: 'waiting', message: 'another app goes first' };
  const bad = quarantine('1.2.0+1.2.0');

  test.each([
    {
      name: 'suspended',
      one: described(entryOf('guestbook', suspended)),
      places: [`${String(MAY_ACT)} no`],
      toChange: 'suspend: false under spec of desired/guestbook.yaml',
      waitsFor: /^Left as it is/,
    },
    {
      name: 'no answer of the Swarm',
      one: described(entryOf('guestbook', noAnswer)),
      places: [`${String(MAY_ACT)} unknown`],
      toChange: 'ci-warm doctor shows what does not answer',
      waitsFor: /^the Swarm did not answer\./,
    },
    {
      name: 'others go first',
      one: described(entryOf('guestbook', waiting)),
      places: [`${String(MAY_ACT)} no`],
      toChange: undefined,
      waitsFor: /^another app goes first/,
    },
    {
      name: 'a recipe without a release',
      one: described(entryOf('guestbook', stalled)),
      places: [`${String(VERSION)} no`],
      toChange: 'change recipe or version in desired/guestbook.yaml, or the recipe',
      waitsFor: /^A person: there is no release/,
    },
    {
      name: 'a hold',
      one: described(entryOf('guestbook', held, { hold: hold('2.0.0+2.0.0') })),
      places: [`${String(GATE)} no`],
      toChange: 'approved: "2.0.0+2.0.0" under spec of desired/guestbook.yaml',
      waitsFor: /^A person, for 2\.0\.0\+2\.0\.0/,
    },
    {
      name: 'a release that is too young',
      one: described(entryOf('guestbook', { kind: 'held', message: '1.2.0+1.2.0 is 2 h old' })),
      places: [`${String(GATE)} no`],
      toChange: undefined,
      waitsFor: /^Time: 1\.2\.0\+1\.2\.0 is 2 h old/,
    },
    {
      name: 'a quarantine',
      one: described(
        entryOf('guestbook', quarantined),
        {},
        {
          world: {
            ...inputs(entryOf('guestbook', quarantined)).world,
            records: new Map([[app.name, known(appRecord({ quarantine: bad }))]]),
          },
        },
      ),
      places: [`${String(QUARANTINE)} no`],
      toChange: 'ci-warm reconcile guestbook --retry, or a newer version, or another configuration',
      waitsFor: /^A newer version/,
    },
    {
      name: 'an attempt that failed for the sake of the machine',
      one: described(entryOf('guestbook', backingOff), {
        record: known(
          appRecord({
            lastGood: lastGood(app, '1.1.0+1.1.0'),
            history: [
              transition({ end: 'abandoned', failure: failure({ verdict: 'inconclusive' }) }),
            ],
          }),
        ),
      }),
      places: [`${String(ATTEMPT)} no`],
      toChange: 'ci-warm alerts and ci-warm history guestbook -o wide say more',
      waitsFor: /Tried again after 2026-11-21T09:31:00Z\.$/,
    },
    {
      name: 'an app that fell ill',
      one: described(entryOf('guestbook', inSync), {}, { health: new Map([[app.name, ill]]) }),
      places: [`${String(HEALTH)} no`],
      toChange: 'it is never rolled back for falling ill later: look at its logs and at its host',
      waitsFor: /^Not healthy/,
    },
    {
      name: 'nothing that was ever proved good',
      one: described(entryOf('guestbook', inSync), { record: known(appRecord()) }),
      places: [`${String(WAY_BACK)} no`],
      toChange: undefined,
      waitsFor: /^Nothing\./,
    },
    {
      name: 'a record that cannot be read',
      one: described(entryOf('guestbook', inSync), { record: unknown('the journal is damaged') }),
      places: [`${String(ATTEMPT)} unknown`, `${String(WAY_BACK)} unknown`],
      toChange: undefined,
      waitsFor: /^Nothing\./,
    },
  ])('$name', ({ one, places, toChange, waitsFor }) => {
    expect(notYes(one)).toEqual(places);
    const changes = explain(one).decisions.flatMap((decision) => decision.toChange ?? []);
    expect(changes).toEqual(toChange === undefined ? [] : [toChange]);
    expect(explain(one).waitsFor).toMatch(waitsFor);
  });
});

describe('desired state', () => {
  test('of an orphan is no, and says how to have it back', () => {
    const [orphan] = [
      statusOf({ ...inputs(entryOf('guestbook', inSync)), desired: { ...withoutApps() } }),
    ];

    expect(
      asked({ ...described(entryOf('guestbook', inSync)), status: orphan }, ASKED),
    ).toMatchObject({
      answer: 'no',
      toChange: 'put its file back under desired/',
    });
  });

  test('that is another revision here than the one that was judged is said to be', () => {
    const one = described(entryOf('guestbook', inSync), { isOtherRevision: true });

    expect(asked(one, ASKED).because.at(-1)).toMatch(/another revision/);
  });
});

describe('a transition under way', () => {
  const base = { id: 'c', app: 'guestbook', transition: 'upgrade' } as const;
  const at = (time: string): string => `2026-11-21T09:${time}Z`;
  const input = transitionInput(app, '1.1.0+1.1.0', '1.2.0+1.2.0');
  const result = { kind: 'failed', failure: failure() } as const;
  const open: readonly JournalRecord[] = [
    { ...base, at: at('20:00'), phase: 'begin', event: 'intent', input },
    { ...base, at: at('20:01'), phase: 'prepare', event: 'intent' },
    { ...base, at: at('20:31'), phase: 'prepare', event: 'outcome', result: { kind: 'ok' } },
    { ...base, at: at('21:00'), phase: 'undeploy', event: 'intent' },
    { ...base, at: at('21:10'), phase: 'undeploy', event: 'outcome', result },
    { ...base, at: at('22:00'), phase: 'undeploy', event: 'intent' },
    { ...base, at: at('22:10'), phase: 'undeploy', event: 'outcome', result },
    { ...base, at: at('23:00'), phase: 'undeploy', event: 'intent' },
  ];
  const one = described(entryOf('guestbook', inSync), { record: known(appRecord({ open })) });

  test('is told phase by phase, what was tried again in one sentence', () => {
    const died =
      'failed: CrashLoop (unhealthy): service app died 3 times without ever being healthy.';
    expect(asked(one, ATTEMPT)).toMatchObject({
      answer: 'unknown',
      because: [
        'upgrade c from 1.1.0+1.1.0 to 1.2.0+1.2.0 is under way since 2026-11-21T09:20:00Z (10 min).',
        'Phase prepare took 30 s: ok.',
        `Phase undeploy was tried 2 times, last on 2026-11-21T09:22:10Z: ${died}`,
        'Phase undeploy was begun on 2026-11-21T09:23:00Z and has not ended.',
      ],
    });
  });

  test('says nothing of illness that is left alone: its own health gate turns it round', () => {
    const record = known(appRecord({ open }));
    const health = new Map([[app.name, ill]]);
    const unwell = described(entryOf('guestbook', inSync), { record }, { health });

    expect(asked(unwell, HEALTH)).toMatchObject({ answer: 'no', toChange: null });
  });

  test('is what the app waits for', () => {
    expect(explain(one).waitsFor).toBe('The end of its upgrade c.');
  });
});

function withoutApps(): NonNullable<StatusInputs['desired']> {
  const { desired } = inputs(entryOf('guestbook', inSync));
  if (desired === undefined) throw new Error('no desired state');
  return { ...desired, warmApps: new Map() };
}
