/** The rarer lives, each told once from its beginning to its end: what a drawn world may live, as few words as it takes. */
import { expect, test } from 'vitest';
import type { FailureCode } from '../../controller/model/failure.ts';
import { go, type Policy } from './call.ts';
import { calm } from './calm.ts';
import { volumePath } from './port-driver.ts';
import { runWorld, type Outcome } from './run.ts';
import { draft, type Scenario } from './scenario.ts';
import { startMs } from './world.ts';

const to = '1.1.0+1.1.0';

type Change = Partial<Scenario['apps'][number]>;

function ofAlpha(change: Change, rest: Partial<Scenario> = {}): Scenario {
  return { ...calm, ...rest, apps: calm.apps.map((app) => ({ ...app, ...change })) };
}

/** The newer release with this said of it. */
function newer(change: Partial<typeof draft>): Change {
  const [first = draft, second = draft] = calm.apps[0]?.releases ?? [];
  return { releases: [first, { ...second, ...change }] };
}

/** The first calls of that name fail; `of`: those alone that are about it. */
function failFirst(times: number, name: string, code: FailureCode, of?: string): Policy {
  let left = times;
  return (call) => {
    if (left === 0 || call.name !== name || (of !== undefined && call.of !== of)) return go;
    left -= 1;
    return { kind: 'fail', when: 'before', code, delayMs: 0 };
  };
}

/** How the app's transitions ended. */
function historyOf({ world }: Outcome): readonly string[] {
  return world.state.of('alpha').view.history.map(({ kind, end }) => `${kind} ${end}`);
}

/** After the start of the world. */
function beganAtMs({ world }: Outcome, kind: string): number | undefined {
  const begin = world.state
    .of('alpha')
    .records.find((one) => one.event === 'intent' && one.transition === kind);
  return begin === undefined ? undefined : Date.parse(begin.at) - startMs;
}

function alertsOf({ world }: Outcome): readonly string[] {
  return world.state.alerts.map(({ alert }) => alert.kind);
}

const installed = ['install succeeded'];
const upgraded = [...installed, 'upgrade succeeded'];

const rows: readonly {
  readonly name: string;
  readonly scenario: Scenario;
  readonly policy?: Policy;
  readonly history: readonly string[];
  readonly alerts: readonly string[];
  readonly check?: (outcome: Outcome) => void;
}[] = [
  {
    name: 'a release that is too young waits, and is taken without anybody being told',
    scenario: ofAlpha({ minAgeMs: 120_000 }),
    history: upgraded,
    alerts: [],
    check: (outcome) => {
      expect(beganAtMs(outcome, 'upgrade')).toBeGreaterThanOrEqual(160_000);
      expect(beganAtMs(outcome, 'upgrade')).toBeLessThan(240_000);
    },
  },
  {
    name: 'a release that is too young is taken at once when a person approves it',
    scenario: ofAlpha(
      { minAgeMs: 120_000 },
      {
        isWarm: false,
        happenings: [{ atMs: 60_000, what: { kind: 'approve', app: 'alpha', tag: to } }],
      },
    ),
    history: upgraded,
    alerts: [],
    check: (outcome) => expect(beganAtMs(outcome, 'upgrade')).toBeLessThan(160_000),
  },
  {
    name: 'a release without a date is never old enough',
    scenario: ofAlpha({ minAgeMs: 20_000, ...newer({ isUndated: true }) }),
    history: installed,
    alerts: [],
  },
  {
    name: 'an upgrade for which the disk is too full waits with the app untouched, and is made when there is room',
    scenario: ofAlpha(
      {},
      {
        isWarm: false,
        happenings: [
          { atMs: 35_000, what: { kind: 'disk-full', forMs: 60_000, freeBytes: 100 * 2 ** 20 } },
        ],
      },
    ),
    history: [...installed, 'upgrade abandoned', 'upgrade abandoned', 'upgrade succeeded'],
    alerts: ['disk-low', 'recovered'],
    check: ({ reasons }) => expect([...reasons]).toContain('alpha DiskFull'),
  },
  {
    name: 'a release that answers and does not answer in turn is rolled back, and named for it',
    scenario: ofAlpha(newer({ behaviour: 'flaps' })),
    history: [...installed, 'upgrade rolled-back'],
    alerts: ['rollback'],
    check: ({ world }) =>
      expect(world.state.alerts[0]?.alert.reasons).toMatchObject([{ reason: 'Flapping' }]),
  },
  {
    name: 'a volume that only a failed release made is set aside also when the way back succeeds later',
    scenario: ofAlpha(newer({ behaviour: 'migrates-then-ill', addsVolume: true }), {
      happenings: [
        { atMs: 125_000, what: { kind: 'pin', app: 'alpha', version: '1.0.0+1.0.0' } },
        { atMs: 126_000, what: { kind: 'person-retries', app: 'alpha' } },
      ],
    }),
    policy: failFirst(5, 'trees.unpack', 'tool-failed'),
    history: [...installed, 'upgrade stranded', 'restore succeeded'],
    alerts: ['rollback-failed', 'unhealthy', 'recovered'],
    check: ({ world }) => {
      const path = volumePath('alpha', 'extra-1');
      expect(world.disk.folder(path)).toBeUndefined();
      expect(world.disk.beside(path, 'aside-')).toHaveLength(1);
    },
  },
  {
    name: 'a snapshot is tried beside the app, found good, and nothing of the drill is left',
    scenario: ofAlpha(
      {},
      { happenings: [{ atMs: 90_000, what: { kind: 'person-drills', app: 'alpha' } }] },
    ),
    history: [...upgraded, 'drill succeeded'],
    alerts: [],
    check: ({ reasons }) => {
      expect([...reasons]).toContain('alpha Drilling');
      expect([...reasons]).toContain('alpha DrillPassed');
    },
  },
  {
    name: 'a snapshot that is damaged is found by a drill, told once, and the app runs on',
    scenario: ofAlpha(
      {},
      {
        happenings: [
          {
            atMs: 80_000,
            what: { kind: 'state-damaged', app: 'alpha', file: 'archive', how: 'cut' },
          },
          { atMs: 90_000, what: { kind: 'person-drills', app: 'alpha' } },
          { atMs: 120_000, what: { kind: 'person-drills', app: 'alpha' } },
        ],
      },
    ),
    history: [...upgraded, 'drill abandoned', 'drill abandoned'],
    alerts: ['snapshot-invalid'],
    check: ({ reasons, ends }) => {
      expect([...reasons]).toContain('alpha DrillFailed');
      expect(ends['alpha']).toBe('True InSync');
    },
  },
  {
    name: 'a drill whose volume is still held when it is to be taken away leaves nothing behind',
    scenario: ofAlpha(
      {},
      { happenings: [{ atMs: 90_000, what: { kind: 'person-drills', app: 'alpha' } }] },
    ),
    policy: failFirst(1, 'remains.volume', 'conflict'),
    history: [...upgraded, 'drill succeeded'],
    alerts: [],
  },
  {
    name: 'a drill that gives up a volume that is held leaves nothing behind: passes take it away',
    scenario: ofAlpha(
      {},
      { happenings: [{ atMs: 90_000, what: { kind: 'person-drills', app: 'alpha' } }] },
    ),
    policy: failFirst(8, 'remains.volume', 'conflict'),
    history: [...upgraded, 'drill abandoned'],
    alerts: [],
  },
  {
    name: 'a drill whose data the disk does not let go leaves nothing behind: passes take it away',
    scenario: ofAlpha(
      {},
      { happenings: [{ atMs: 90_000, what: { kind: 'person-drills', app: 'alpha' } }] },
    ),
    policy: failFirst(8, 'fs.remove', 'tool-failed', '/state/.drills/alpha'),
    history: [...upgraded, 'drill abandoned'],
    alerts: [],
  },
  {
    name: 'an app that nobody wants is retired after its grace time, and comes back with its data',
    scenario: ofAlpha(
      {},
      { happenings: [{ atMs: 90_000, what: { kind: 'removed', app: 'alpha', forMs: 60_000 } }] },
    ),
    history: [...upgraded, 'retire succeeded', 'restore succeeded'],
    alerts: [],
    check: ({ reasons }) => expect([...reasons]).toContain('alpha Retired'),
  },
  {
    name: 'an app that is retired and pruned begins anew when it is wanted again',
    scenario: ofAlpha(
      {},
      {
        happenings: [
          { atMs: 90_000, what: { kind: 'removed', app: 'alpha', forMs: 60_000 } },
          { atMs: 140_000, what: { kind: 'person-prunes', app: 'alpha' } },
        ],
      },
    ),
    history: installed,
    alerts: [],
    check: ({ world }) => expect(world.rules.pruned).toContain('alpha'),
  },
  {
    name: 'an app that is pruned before its grace time is over is kept as it is',
    scenario: ofAlpha(
      {},
      {
        happenings: [
          { atMs: 90_000, what: { kind: 'removed', app: 'alpha', forMs: 15_000 } },
          { atMs: 95_000, what: { kind: 'person-prunes', app: 'alpha' } },
        ],
      },
    ),
    history: upgraded,
    alerts: [],
    check: ({ world }) => expect(world.rules.pruned).not.toContain('alpha'),
  },
  ...(['rewritten', 'away', 'half-gone'] as const).map((trouble) => ({
    name: `a branch that is ${trouble} changes nothing, also for a controller that starts meanwhile, and is told once`,
    scenario: ofAlpha(
      {},
      {
        happenings: [
          { atMs: 40_000, what: { kind: 'branch-troubled', forMs: 150_000, trouble } as const },
          { atMs: 100_000, what: { kind: 'kill' } as const },
        ],
      },
    ),
    history: upgraded,
    alerts: ['desired-stale', 'recovered'],
  })),
  ...(['variable', 'secret'] as const).flatMap((asksFor) => [
    {
      name: `a release that asks for a new ${asksFor} is held, and goes on when a person gives it`,
      scenario: ofAlpha(newer({ asksFor }), {
        happenings: [{ atMs: 90_000, what: { kind: 'give', app: 'alpha' } }],
      }),
      history: upgraded,
      alerts: ['held-new-configuration'],
      check: (outcome: Outcome): void =>
        expect(beganAtMs(outcome, 'upgrade')).toBeGreaterThan(90_000),
    },
    {
      name: `a release whose new ${asksFor} nobody gives is held and told once`,
      scenario: ofAlpha(newer({ asksFor })),
      history: installed,
      alerts: ['held-new-configuration'],
    },
  ]),
];

test.each(rows)('$name', async ({ scenario, policy = () => go, history, alerts, check }) => {
  const outcome = await runWorld(scenario, { policy });

  expect(outcome.violations).toEqual([]);
  expect(historyOf(outcome)).toEqual(history);
  expect(alertsOf(outcome)).toEqual(alerts);
  check?.(outcome);
});
