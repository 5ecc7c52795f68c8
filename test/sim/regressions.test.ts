/** Every world that once broke a rule, told in as few words as it takes. docs/reliability.md says what was found by which. */
import { expect, test } from 'vitest';
import { go, type Call, type Policy } from './call.ts';
import { calm } from './calm.ts';
import type { FailureCode } from '../../controller/model/failure.ts';
import { failedSeeds } from './failed-seeds.ts';
import { runWorld } from './run.ts';
import { draft, type Scenario } from './scenario.ts';
import { startMs } from './world.ts';

/** The power is cut after the first call of that name. */
function cutPowerAfter(name: string): Policy {
  let isOver = false;
  return (call) => {
    if (isOver || call.name !== name) return go;
    isOver = true;
    return { kind: 'kill', when: 'after', power: true };
  };
}

/** The first sync of that directory's names fails. */
function syncFails(path: string): Policy {
  let isOver = false;
  return (call) => {
    if (isOver || call.name !== 'fs.syncDirectory' || call.of !== path) return go;
    isOver = true;
    return { kind: 'fail', when: 'after', code: 'tool-failed', delayMs: 0 };
  };
}

/** Every call of that name takes as long; nothing fails. */
function slow(name: string, delayMs: number): Policy {
  return (call: Call) => (call.name === name ? { kind: 'go', delayMs } : go);
}

/** The n-th call of that name fails; `after`: although it was done. */
function failOnce(name: string, nth: number, when: 'before' | 'after', code: FailureCode): Policy {
  let calls = 0;
  return (call) => {
    if (call.name !== name) return go;
    calls += 1;
    return calls === nth ? { kind: 'fail', when, code, delayMs: 0 } : go;
  };
}

/** Every n-th call of that name gets no answer. */
function failOften(name: string, every: number): Policy {
  let calls = 0;
  return (call) => {
    if (call.name !== name) return go;
    calls += 1;
    return calls % every === 0
      ? { kind: 'fail', when: 'before', code: 'no-answer', delayMs: 0 }
      : go;
  };
}

/** The first that has something to say. */
function all(...policies: readonly Policy[]): Policy {
  return (call) => policies.map((policy) => policy(call)).find((fate) => fate !== go) ?? go;
}

/** The controller is killed at the n-th call of that name. */
function killAt(name: string, nth: number, when: 'before' | 'after'): Policy {
  let calls = 0;
  return (call) => {
    if (call.name !== name) return go;
    calls += 1;
    return calls === nth ? { kind: 'kill', when } : go;
  };
}

const rows: readonly {
  readonly name: string;
  readonly scenario: Scenario;
  readonly policy?: Policy;
  /** How alpha's transitions ended. */
  readonly history?: readonly string[];
  /** The kinds of what people were told. */
  readonly alerts?: readonly string[];
}[] = [
  {
    name: 'a transition that ends while a pass is looking is not gone on with',
    scenario: {
      ...calm,
      happenings: Array.from({ length: 40 }, (_, second) => ({
        atMs: 20_000 + second * 1000,
        what: { kind: 'approve', app: 'alpha', tag: `9.0.0+${String(second)}` },
      })),
    },
    policy: slow('engine.observe', 4000),
  },
  {
    name: 'a journal with an outcome in it twice is followed after a crash',
    scenario: calm,
    policy: all(
      failOnce('store.append', 3, 'after', 'tool-failed'),
      killAt('engine.removeService', 1, 'after'),
    ),
  },
  {
    name: 'a deploy that is repeated after a crash finds its tasks running, and they count',
    scenario: calm,
    policy: killAt('store.append', 9, 'before'),
  },
  {
    name: 'a repair of one service counts the other, which ran all the time',
    scenario: {
      ...calm,
      apps: calm.apps.map((app) => ({ ...app, releases: [{ ...draft, hasWorker: true }] })),
      happenings: [{ atMs: 5000, what: { kind: 'hand-removes-service', app: 'alpha' } }],
    },
    history: ['install succeeded', 'repair succeeded'],
  },
  {
    name: 'services that only a failed target had are gone when a stateless app is rolled back',
    scenario: {
      ...calm,
      apps: calm.apps.map((app) => ({
        ...app,
        data: 'Stateless',
        releases: app.releases.map((release, index) =>
          index === 0 ? release : { ...release, behaviour: 'crashes', hasWorker: true },
        ),
      })),
    },
    history: ['install succeeded', 'upgrade rolled-back'],
  },
  {
    name: 'a bad release is quarantined though the Engine had not answered once before',
    scenario: {
      ...calm,
      apps: calm.apps.map((app) => ({
        ...app,
        releases: app.releases.map((release, index) =>
          index === 0 ? release : { ...release, behaviour: 'crashes' },
        ),
      })),
    },
    policy: failOnce('engine.removeService', 1, 'after', 'no-answer'),
    history: ['install succeeded', 'upgrade rolled-back'],
  },
  {
    name: 'an Engine that misses an answer now and then does not make a release unstable',
    scenario: calm,
    policy: failOften('engine.observeStack', 12),
  },
  {
    name: 'P2: an older version is not installed on what a failed install of a newer one left',
    scenario: {
      ...calm,
      isWarm: false,
      apps: calm.apps.map((app) => ({
        ...app,
        releases: [
          draft,
          { ...draft, version: '1.1.0', behaviour: 'migrates-then-ill', appearsAtMs: 0 },
        ],
      })),
      happenings: [{ atMs: 60_000, what: { kind: 'pin', app: 'alpha', version: '1.0.0+1.0.0' } }],
    },
    history: ['install undeployed'],
  },
  {
    name: 'S3: nothing is installed at another domain on what a failed install left',
    scenario: {
      ...calm,
      isWarm: false,
      apps: calm.apps.map((app) => ({
        ...app,
        releases: [
          { ...draft, behaviour: 'migrates-then-ill' },
          { ...draft, version: '1.1.0', appearsAtMs: startMs + 100_000 },
        ],
      })),
      happenings: [
        { atMs: 60_000, what: { kind: 'move', app: 'alpha', domain: 'other.ci.example.org' } },
      ],
    },
    history: ['install undeployed'],
    alerts: ['rollback', 'held-domain', 'held-domain'],
  },
  {
    name: 'L1: a release that comes and goes, and is asked rarely and only when it answers, is not taken for healthy',
    scenario: {
      ...calm,
      apps: calm.apps.map((app) => ({
        ...app,
        releases: app.releases.map((release, index) =>
          index === 0 ? release : { ...release, behaviour: 'flaps' },
        ),
      })),
    },
    policy: slow('probes.run', 6500),
    history: ['install succeeded', 'upgrade rolled-back'],
  },
  {
    name: 'U3: a release that never answers is not healthy for what its predecessor, which takes its time to stop, answers through the proxy',
    scenario: {
      ...calm,
      apps: calm.apps.map((app) => ({
        ...app,
        data: 'Stateless',
        isBehindProxy: true,
        releases: app.releases.map((release, index) => ({
          ...release,
          behaviour: index === 0 ? 'ignores-term' : 'deaf',
        })),
      })),
    },
    history: ['install succeeded', 'upgrade rolled-back'],
  },
  {
    name: 'an app that dies again and again is held, also in the moments when it runs',
    scenario: {
      ...calm,
      apps: calm.apps.map((app) => ({
        ...app,
        releases: app.releases.map((release, index) =>
          index === 0 ? { ...release, behaviour: 'dies-late' } : release,
        ),
      })),
      happenings: Array.from({ length: 20 }, (_, second) => ({
        atMs: 60_000 + second * 3000,
        what: { kind: 'approve', app: 'alpha', tag: `9.0.0+${String(second)}` },
      })),
    },
    history: ['install succeeded'],
  },
  {
    name: 'A1: a hold is told once, though its app is suspended, broken and mended meanwhile',
    scenario: {
      ...calm,
      apps: calm.apps.map((app) => ({
        ...app,
        releases: [draft, { ...draft, version: '2.0.0', appearsAtMs: 0 }],
        version: '1.0.0+1.0.0',
      })),
      isWarm: false,
      happenings: [
        { atMs: 20_000, what: { kind: 'pin', app: 'alpha', version: 'latest' } },
        { atMs: 40_000, what: { kind: 'suspend', app: 'alpha', forMs: 5000 } },
        { atMs: 60_000, what: { kind: 'tree-damaged', damage: 'invalid-app', forMs: 5000 } },
      ],
    },
    history: ['install succeeded'],
  },
  {
    name: 'an app whose daemon was restarted twice is not taken for one that crashes',
    scenario: {
      ...calm,
      happenings: [
        { atMs: 1000, what: { kind: 'engine-restart' } },
        { atMs: 14_000, what: { kind: 'engine-restart' } },
      ],
    },
    alerts: [],
  },
  {
    name: 'a slow starter that the restart of the daemon makes late is tried again, not quarantined',
    scenario: {
      ...calm,
      apps: calm.apps.map((app) => ({
        ...app,
        releases: app.releases.map((release, index) =>
          index === 0 ? release : { ...release, behaviour: 'slow' },
        ),
      })),
      // It would have been stable a second later, and its limit is too short for another start.
      happenings: [{ atMs: 84_000, what: { kind: 'engine-restart' } }],
    },
    history: ['install succeeded', 'upgrade rolled-back', 'upgrade succeeded'],
  },
  {
    name: 'A1: an alert whose file was written with an error is not told again',
    scenario: {
      ...calm,
      apps: calm.apps.map((app) => ({
        ...app,
        releases: [draft, { ...draft, version: '2.0.0', appearsAtMs: startMs + 40_000 }],
      })),
    },
    policy: syncFails('/state/alerts'),
    history: ['install succeeded'],
    alerts: ['held-major'],
  },
  {
    name: 'a volume whose folder was just made is there after a power cut',
    scenario: { ...calm, isWarm: false },
    policy: cutPowerAfter('volumes.ensure'),
  },
  {
    name: 'a good release is not blamed for deaths that nobody watched: the machine went three times',
    scenario: {
      ...calm,
      isWarm: false,
      apps: calm.apps.map((app) => ({ ...app, releases: [{ ...draft, behaviour: 'slow' }] })),
      // The last time the controller is there only when the daemon answers again.
      happenings: [
        { atMs: 4000, what: { kind: 'power-cut' } },
        { atMs: 13_000, what: { kind: 'power-cut' } },
        { atMs: 22_000, what: { kind: 'power-cut' } },
        { atMs: 26_500, what: { kind: 'kill' } },
      ],
    },
    history: ['install succeeded'],
  },
  {
    name: 'A1: a hold is told once, though its app is ill when a release appears below it',
    scenario: {
      ...calm,
      apps: calm.apps.map((app) => ({
        ...app,
        releases: [
          { ...draft, behaviour: 'dies-late' },
          { ...draft, version: '1.1.0', appearsAtMs: startMs + 120_000 },
          { ...draft, version: '2.0.0', appearsAtMs: startMs + 30_000 },
        ],
      })),
    },
    history: ['install succeeded'],
    alerts: ['held-major', 'held-unhealthy'],
  },
];

test.each(failedSeeds)('seed $seed no longer ends in $why', async ({ seed, options }) => {
  const { violations } = await runWorld({ seed, ...options });

  expect(violations).toEqual([]);
});

test.each(rows)('$name', async ({ scenario, policy, history, alerts }) => {
  const { violations, world } = await runWorld(scenario, policy === undefined ? {} : { policy });

  expect(violations).toEqual([]);
  const ended = world.state.of('alpha').view.history.map(({ kind, end }) => `${kind} ${end}`);
  expect(ended).toEqual(history ?? ['install succeeded', 'upgrade succeeded']);
  const told = world.state.alerts.map(({ alert }) => alert.kind);
  expect(told).toEqual(alerts ?? told);
});
