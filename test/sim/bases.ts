/** The worlds that are taken apart call by call: every kind of transition, with each way that it can end. */
import { go, type Policy } from './call.ts';
import type { Behaviour, ReleaseDraft } from './catalogue.ts';
import { draft, type Scenario } from './scenario.ts';

export interface Base {
  readonly name: string;
  readonly scenario: Scenario;
  /** What goes wrong in any case. */
  readonly policy: () => Policy;
  /** How alpha's transitions end when nothing else goes wrong. */
  readonly history: readonly string[];
}

const never: () => Policy = () => () => go;

/** The target appears as soon as faults may come, for a person pins it then. */
function base(
  name: string,
  data: 'Stateful' | 'Stateless',
  target: Partial<ReleaseDraft>,
  history: readonly string[],
): Base {
  const to: ReleaseDraft = { ...draft, version: '1.1.0', migrates: true, ...target };
  return {
    name,
    policy: never,
    history,
    scenario: {
      seed: 11,
      apps: [{ name: 'alpha', data, version: '1.0.0+1.0.0', releases: [draft, to] }],
      happenings: [{ atMs: 500, what: { kind: 'pin', app: 'alpha', version: '1.1.0+1.1.0' } }],
      rates: { kill: 0, fail: 0, slow: 0 },
      isWarm: true,
      safetyMs: 90_000,
    },
  };
}

function install(name: string, behaviour: Behaviour, history: readonly string[]): Base {
  const one = base(name, 'Stateful', {}, history);
  const apps = one.scenario.apps.map((app) => ({ ...app, releases: [{ ...draft, behaviour }] }));
  return { ...one, scenario: { ...one.scenario, apps, happenings: [], isWarm: false } };
}

function repair(): Base {
  const one = base('repair', 'Stateful', {}, ['install succeeded', 'repair succeeded']);
  const apps = one.scenario.apps.map((app) => ({
    ...app,
    releases: [{ ...draft, hasWorker: true }],
  }));
  const happenings = [
    { atMs: 500, what: { kind: 'hand-removes-service', app: 'alpha' } },
    { atMs: 600, what: { kind: 'approve', app: 'alpha', tag: '9.0.0+9' } },
  ] as const;
  return { ...one, scenario: { ...one.scenario, apps, happenings } };
}

/** The way back fails five times, the app is stranded, and a person lets it go on. */
function restore(): Base {
  const history = ['install succeeded', 'upgrade stranded', 'restore succeeded'];
  const target = { behaviour: 'migrates-then-ill', addsVolume: true } as const;
  const one = base('restore', 'Stateful', target, history);
  const happenings = [
    ...one.scenario.happenings,
    { atMs: 85_000, what: { kind: 'pin', app: 'alpha', version: '1.0.0+1.0.0' } },
    { atMs: 85_500, what: { kind: 'person-retries', app: 'alpha' } },
  ] as const;
  return {
    ...one,
    scenario: { ...one.scenario, happenings, safetyMs: 150_000 },
    policy: () => {
      let failed = 0;
      return ({ name }) => {
        if (name !== 'trees.unpack' || failed === 5) return go;
        failed += 1;
        return { kind: 'fail', when: 'before', code: 'tool-failed', delayMs: 0 };
      };
    },
  };
}

/** A person goes back from a version that works, and is not taken there again. */
function restoreByHand(): Base {
  const history = ['install succeeded', 'upgrade succeeded', 'restore succeeded'];
  const target = { addsVolume: true };
  const one = base('restore by hand', 'Stateful', target, history);
  const happenings = [
    ...one.scenario.happenings,
    { atMs: 45_000, what: { kind: 'person-restores', app: 'alpha' } },
  ] as const;
  return { ...one, scenario: { ...one.scenario, happenings, safetyMs: 90_000 } };
}

/** A person had deployed it before the controller came, and wants the next version of it soon. */
function adoption(): Base {
  const history = ['adopt succeeded', 'upgrade succeeded'];
  const one = base('adoption', 'Stateful', { hasWorker: true }, history);
  const apps = one.scenario.apps.map((app) => ({
    ...app,
    found: 'by-tag' as const,
    releases: app.releases.map((release) => ({ ...release, hasWorker: true })),
  }));
  const happenings = [
    { atMs: 40_000, what: { kind: 'pin', app: 'alpha', version: '1.1.0+1.1.0' } },
  ] as const;
  return { ...one, scenario: { ...one.scenario, apps, happenings, isWarm: false } };
}

/** Nobody wants it any more for longer than its grace time, and then somebody does again. */
function retirement(): Base {
  const history = ['install succeeded', 'retire succeeded', 'restore succeeded'];
  const one = base('retirement', 'Stateful', {}, history);
  const releases = [{ ...draft, hasWorker: true }];
  const apps = one.scenario.apps.map((app) => ({ ...app, releases }));
  const happenings = [
    { atMs: 500, what: { kind: 'removed', app: 'alpha', forMs: 50_000 } },
  ] as const;
  return { ...one, scenario: { ...one.scenario, apps, happenings } };
}

/** Nothing is kept of it once it is retired, and then somebody wants it again: it begins anew. */
function pruning(): Base {
  const one = retirement();
  const happenings = [
    { atMs: 500, what: { kind: 'removed', app: 'alpha', forMs: 55_000 } },
    { atMs: 45_000, what: { kind: 'person-prunes', app: 'alpha' } },
  ] as const;
  const history = ['install succeeded'];
  return { ...one, name: 'prune', history, scenario: { ...one.scenario, happenings } };
}

/** A person tries out the snapshot beside the app, which runs on. */
function drilling(): Base {
  const history = ['install succeeded', 'upgrade succeeded', 'drill succeeded'];
  const one = base('drill', 'Stateful', { hasWorker: true }, history);
  const happenings = [
    ...one.scenario.happenings,
    { atMs: 45_000, what: { kind: 'person-drills', app: 'alpha' } },
  ] as const;
  return { ...one, scenario: { ...one.scenario, happenings } };
}

const upgraded = ['install succeeded', 'upgrade succeeded'];
const rolledBack = ['install succeeded', 'upgrade rolled-back'];

export const bases: readonly Base[] = [
  install('install', 'good', ['install succeeded']),
  install('failed install', 'crashes', ['install undeployed']),
  base('upgrade', 'Stateful', { addsVolume: true, hasWorker: true }, upgraded),
  base(
    'rolled back upgrade',
    'Stateful',
    { behaviour: 'migrates-then-ill', addsVolume: true },
    rolledBack,
  ),
  base('upgrade that destroys', 'Stateful', { behaviour: 'destroys' }, rolledBack),
  base('stateless upgrade', 'Stateless', { hasWorker: true }, upgraded),
  base(
    'rolled back stateless upgrade',
    'Stateless',
    { behaviour: 'crashes', hasWorker: true },
    rolledBack,
  ),
  repair(),
  restore(),
  restoreByHand(),
  adoption(),
  retirement(),
  drilling(),
  pruning(),
];
