import { describe, expect, test } from 'vitest';
import type { ObjectStatus } from '../../controller/model/condition.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { Decision } from '../../controller/model/plan.ts';
import type { Pass } from '../../controller/reconcile/pass.ts';
import { AlertTeller } from '../../controller/reconcile/tell-alerts.ts';
import { alertOf } from '../../controller/report/alert-parts.ts';
import { temporaryDirectory } from '../adapters/files/samples.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { statusOfHealth } from '../build/health-status.ts';
import { entryOf, hold, world } from '../build/plan.ts';
import { policyOf, postOffice, startMs, type PostOffice } from '../build/post-office.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const app = warmApp('book');
const going = new AbortController().signal;
const inSync: Decision = { kind: 'in-sync', version: '1.1.0+1.1.0' };
const upgrading: Decision = {
  kind: 'in-transition',
  id: 't2',
  transition: 'upgrade',
  phase: 'deploy',
};
const stale = {
  code: 'empty',
  why: 'it is empty',
  resolve: 'put it back',
} as const;

interface Seen {
  readonly decision?: Decision;
  readonly isHeld?: boolean;
  readonly isHoldUnknown?: true;
  readonly isStandby?: true;
  readonly isRead?: boolean;
  readonly isStale?: boolean;
  readonly isInvalid?: boolean;
  /** Another app of the tree is written wrongly. */
  readonly isOtherInvalid?: boolean;
}

/** A controller's memory over an office: what passes see is told, and what is due is sent. */
function controller(office: PostOffice, remindAfterMs = 6 * hourMs) {
  const desired = desiredOf([app]);
  const room = { freeBytes: Infinity };
  const settings = { ...desired.settings, alerts: policyOf(['ops'], remindAfterMs) };
  const open = (): AlertTeller => {
    const { store: alerts, outbox, log } = office;
    const recipes = { diff: () => Promise.reject(new Error('there is no repository')) };
    const disk = {
      freeBytes: () =>
        Number.isNaN(room.freeBytes)
          ? Promise.reject(new Error('no answer'))
          : Promise.resolve(room.freeBytes),
    };
    const deps = { alerts, outbox, log, recipes, disk };
    return new AlertTeller(deps);
  };
  let teller = open();

  const passOf = ({
    decision = inSync,
    isHeld,
    isHoldUnknown,
    isStandby,
    isRead = true,
    isStale,
    isInvalid,
    isOtherInvalid,
  }: Seen): Pass => {
    const entry = entryOf('book', decision, {
      ...(isHeld === true ? { hold: hold('2.0.0+2.0.0') } : {}),
      ...(isHoldUnknown === undefined ? {} : { isHoldUnknown }),
      ...(isStandby === undefined ? {} : { isStandby }),
    });
    const problems = [
      { file: 'x.yaml', line: 1, column: 1, code: 'bad-yaml', message: 'no YAML', hint: '' },
    ] as never;
    const loaded = {
      desired: { ...desired, settings },
      invalid:
        isOtherInvalid === true
          ? [{ kind: 'WarmApp' as const, name: 'other', file: 'y.yaml', line: 1, problems: [] }]
          : [],
      problems: isInvalid === true ? problems : [],
      incomplete: false,
      incompleteFiles: [],
    };
    return {
      loaded: isRead ? known(loaded) : unknown('it is gone'),
      progress: {
        revision: 'r',
        stale: isStale === true ? stale : undefined,
        lastApplied: undefined,
        lastAttempted: undefined,
      },
      world: world({ nowMs: office.clock.now() }),
      plan: { revision: 'r', entries: isRead ? [entry] : [] },
    };
  };
  return {
    room,
    pass: async (status: ObjectStatus, seen: Seen = {}): Promise<void> => {
      await teller.tell(passOf(seen), [status]);
      await office.outbox.settle(minuteMs, going);
      office.clock.advance(minuteMs);
    },
    restart: (): void => {
      office.restart();
      teller = open();
    },
  };
}

const since = (afterMs = 0): string => new Date(startMs + afterMs).toISOString();
const well = statusOfHealth('True', since());
const illSince = (afterMs: number): ObjectStatus => statusOfHealth('False', since(afterMs));
const strandedSince = (nowMs: number) => {
  const lastTransitions = [{ id: 't9', kind: 'upgrade', end: 'stranded' }] as never;
  const fingerprint = 'rollback-failed/book/t9';
  return {
    status: { ...illSince(0), lastTransitions },
    alert: alertOf({
      kind: 'rollback-failed',
      app: 'book',
      severity: 'critical',
      title: 'x',
      message: 'x',
      atMs: nowMs,
      fingerprint,
      resolve: 'x',
    }),
  };
};
const kinds = (office: PostOffice): readonly string[] =>
  office.taken.map((what) => what.replace(/^ops \d+T\d+Z-(?:book|host)-/, ''));

describe('A1: 24 hours of one failure, a pass a minute, a restart every five hours', () => {
  test.each([
    { name: 'a hold', seen: { isHeld: true }, status: well, kind: 'held-major', over: [] },
    {
      name: 'an illness',
      seen: {},
      status: illSince(-hourMs),
      kind: 'unhealthy',
      over: ['recovered.0'],
    },
    {
      name: 'a mistake in desired state',
      seen: { isInvalid: true },
      status: well,
      kind: 'desired-invalid',
      over: [],
    },
    {
      name: 'desired state that cannot be read',
      seen: { isRead: false },
      status: well,
      kind: 'desired-stale',
      over: ['recovered.0'],
    },
    {
      name: 'desired state that is not followed',
      seen: { isStale: true },
      status: well,
      kind: 'desired-stale',
      over: ['recovered.0'],
    },
  ])(
    '$name gives one alert, its reminders, and at the end what its users expect',
    async ({ seen, status, kind, over }) => {
      const office = postOffice(temporaryDirectory());
      const { pass, restart } = controller(office);
      // Settings are known from a pass before.
      await pass(well);

      for (let tick = 0; tick < 24 * 60; tick += 1) {
        await pass(status, seen);
        if (tick % 300 === 299) restart();
      }

      const lasting = [0, 1, 2, 3].map((round) => `${kind}.${String(round)}`);
      expect(kinds(office)).toEqual(lasting);
      for (let tick = 0; tick < 24 * 60; tick += 60) {
        await pass(well);
        office.clock.advance(59 * minuteMs);
      }
      expect(kinds(office)).toEqual([...lasting, ...over]);
    },
    60_000,
  );
});

test.each([
  {
    name: 'is put back again and again',
    decision: { kind: 'backing-off', untilMs: 0, reason: 'x', message: 'y' } as const,
  },
  {
    name: 'waits for a person',
    decision: { kind: 'stalled', reason: 'SecretGone', message: 'y' } as const,
  },
])(
  'A1: a hold is told once, though the app drifted and $name while its recipe could not be read',
  async ({ decision }) => {
    const office = postOffice(temporaryDirectory());
    const { pass, restart } = controller(office);
    await pass(well, { isHeld: true });

    await pass(well, { decision, isHoldUnknown: true });
    restart();
    await pass(well, { decision, isHoldUnknown: true });
    await pass(well, { isHeld: true });

    expect(kinds(office)).toEqual(['held-major.0']);
    await pass(well, { decision });
    await pass(well, { isHeld: true });
    expect(kinds(office)).toEqual(['held-major.0', 'held-major.0']);
  },
);

describe('A1: of an app whose lease another controller has', () => {
  const standby = {
    decision: { kind: 'waiting', message: 'Stands by' },
    isStandby: true,
  } as const;

  test.each([
    { name: 'an illness', seen: standby, status: illSince(-hourMs) },
    {
      name: 'a mistake in what the tree says of an app',
      seen: { ...standby, isOtherInvalid: true },
      status: well,
    },
  ])('$name is not told, and is when the lease is its own', async ({ seen, status }) => {
    const office = postOffice(temporaryDirectory());
    const { pass, restart } = controller(office);
    for (const isAnew of [false, true]) {
      if (isAnew) restart();
      await pass(status, seen);
    }
    expect(kinds(office)).toEqual([]);

    const { isOtherInvalid } = { isOtherInvalid: false, ...seen };
    await pass(status, { isOtherInvalid });

    expect(office.taken).toHaveLength(1);
  });

  test('a way back that failed is not reminded of, nor told to be over', async () => {
    const office = postOffice(temporaryDirectory());
    const { pass } = controller(office);
    const stranded = strandedSince(office.clock.now());
    await office.store.raise(stranded.alert);
    await pass(stranded.status);
    const told = kinds(office);
    expect(told).toEqual(['rollback-failed.0']);

    office.clock.advance(24 * hourMs);
    await pass(stranded.status, standby);
    await pass(well, standby);
    expect(kinds(office)).toEqual(told);

    await pass(well);
    expect(kinds(office)).toEqual([...told, 'recovered.0']);
  });

  test('what is wrong with this controller itself is told', async () => {
    const office = postOffice(temporaryDirectory());
    const { pass, room } = controller(office);
    await pass(well, standby);
    room.freeBytes = 1;

    await pass(well, { ...standby, isInvalid: true, isStale: true });

    expect(kinds(office).toSorted()).toEqual([
      'desired-invalid.0',
      'desired-stale.0',
      'disk-low.0',
    ]);
  });
});

describe('recovered', () => {
  test.each([
    {
      name: 'ends while a transition is under way',
      between: [upgrading, upgrading],
      restarts: false,
    },
    {
      name: 'ends while nobody could look',
      between: [{ kind: 'unknown', why: 'x' } as const],
      restarts: false,
    },
    { name: 'ends while no controller runs', between: [], restarts: true },
  ])('an illness that $name is told to be over, once', async ({ between, restarts }) => {
    const office = postOffice(temporaryDirectory());
    const { pass, restart } = controller(office);
    await pass(illSince(-hourMs));

    for (const decision of between) await pass(well, { decision });
    if (restarts) restart();
    await pass(well);
    restart();
    await pass(well);

    expect(kinds(office)).toEqual(['unhealthy.0', 'recovered.0']);
  });

  test('an illness that a hiccup of Docker interrupts is the same illness', async () => {
    const office = postOffice(temporaryDirectory());
    const { pass } = controller(office);
    await pass(illSince(-hourMs));
    await pass(statusOfHealth('Unknown', since()));

    for (let tick = 0; tick < 5; tick += 1) await pass(illSince(minuteMs));

    expect(kinds(office)).toEqual(['unhealthy.0']);
  });

  test('the next illness is told again, and so is its end', async () => {
    const office = postOffice(temporaryDirectory());
    const { pass } = controller(office);
    for (const status of [illSince(-hourMs), well, illSince(0), well]) await pass(status);

    expect(kinds(office)).toEqual(['unhealthy.0', 'recovered.0', 'unhealthy.0', 'recovered.0']);
  });

  test('a mistake in desired state that comes back is told again', async () => {
    const office = postOffice(temporaryDirectory());
    const { pass } = controller(office);
    for (const isInvalid of [true, false, true]) await pass(well, { isInvalid });

    expect(kinds(office)).toEqual(['desired-invalid.0', 'desired-invalid.0']);
  });
});

describe('little room on the disk', () => {
  // The builder's settings warn below 15 GiB.
  const gibibyte = 2 ** 30;

  test('is told once while room comes and goes by a little, across restarts, and so is its end', async () => {
    const office = postOffice(temporaryDirectory());
    const { pass, restart, room } = controller(office);
    for (const free of [20, 14.9, 15.1, 14.9]) {
      room.freeBytes = free * gibibyte;
      await pass(well);
      restart();
    }
    expect(kinds(office)).toEqual(['disk-low.0']);

    room.freeBytes = 30 * gibibyte;
    await pass(well);
    await pass(well);

    expect(kinds(office)).toEqual(['disk-low.0', 'recovered.0']);
  });

  test('L1: room that nobody could see is not enough room', async () => {
    const office = postOffice(temporaryDirectory());
    const { pass, room } = controller(office);
    room.freeBytes = gibibyte;
    await pass(well);
    room.freeBytes = Number.NaN;
    await pass(well);

    expect(kinds(office)).toEqual(['disk-low.0']);
  });

  test('ends apart from desired state that was not followed', async () => {
    const office = postOffice(temporaryDirectory());
    const { pass, room } = controller(office);
    room.freeBytes = gibibyte;
    await pass(well, { isStale: true });
    await pass(well);

    expect(kinds(office).toSorted()).toEqual(['desired-stale.0', 'disk-low.0', 'recovered.0']);
  });
});

test('A1: an alert that cannot be written fails no pass, and is written by a later one', async () => {
  const office = postOffice(temporaryDirectory());
  const { pass } = controller(office);
  const { raise } = office.store;
  office.store = { ...office.store, raise: () => Promise.reject(new Error('the disk is full')) };
  const failing = controller(office);
  await failing.pass(well, { isHeld: true });
  expect(kinds(office)).toEqual([]);

  office.store = { ...office.store, raise };
  await pass(well, { isHeld: true });
  await controller(office).pass(well, { isHeld: true });

  expect(kinds(office)).toEqual(['held-major.0']);
});
