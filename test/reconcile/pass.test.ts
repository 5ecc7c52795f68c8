import { describe, expect, test } from 'vitest';
import { known } from '../../controller/model/known.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import { runForever, runOnce, type LoopDeps } from '../../controller/reconcile/loop.ts';
import { PassBoard } from '../../controller/reconcile/pass-board.ts';
import { runPass, type Pass, type PassDeps } from '../../controller/reconcile/pass.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { release } from '../build/recipe.ts';
import { appRecord } from '../build/record.ts';
import { swarmView } from '../build/swarm.ts';

const apps = [warmApp('alpha'), warmApp('beta')];
const live = new AbortController().signal;

/** Two apps that are to be installed. */
function world(over: { readonly append?: (record: JournalRecord) => Promise<void> } = {}) {
  const started: string[] = [];
  const reported: Pass[] = [];
  const deps = {
    loader: {
      progress: { stale: undefined },
      load: async () =>
        known({ desired: desiredOf(apps), invalid: [], problems: [], incomplete: false }),
    },
    engine: { observe: async () => swarmView() },
    recipes: { view: async () => ({ releases: [release('1.0.0+1.0.0')] }) },
    structures: { read: async () => new Map() },
    store: {
      apps: async () => [],
      records: async () => new Map(apps.map(({ name }) => [name, known(appRecord())])),
      append: over.append ?? (async () => undefined),
    },
    clock: { now: () => 0, newId: () => 'x' },
    log: { info: () => 0, warn: () => 0, error: () => 0 },
    onlyApp: null as string | null,
    board: new PassBoard(),
    lease: {
      need: async () => undefined,
      standing: () => ({ kind: 'held', signal: live }),
      rivals: () => [],
      keepOnly: async () => undefined,
    },
    runners: {
      apps: () => new Set(started),
      isRunning: (app: string) => started.includes(app),
      hasRoom: true,
      start: ([begin]: readonly JournalRecord[]) => started.push(begin?.app ?? ''),
      drain: async () => undefined,
    },
    reporter: { report: async (pass: Pass) => reported.push(pass) },
  };
  return { deps, started, reported };
}

describe('runPass', () => {
  test('an app whose journal cannot be written keeps no other from being begun, and is said to be unknown', async () => {
    const { deps, started, reported } = world({
      append: async ({ app }) => {
        if (app === 'alpha') throw new Error('read-only file system');
      },
    });

    await runPass(deps as unknown as PassDeps, live);

    expect(started).toEqual(['beta']);
    expect(reported[0]?.plan.entries.map(({ decision }) => decision)).toMatchObject([
      { kind: 'unknown', why: 'nothing is begun: read-only file system' },
      { kind: 'start' },
    ]);
  });
});

describe('R1: a transition that ends while a pass looks', () => {
  test('is not gone on with, nor is another one begun: what was seen of its app is of before', async () => {
    const { deps, started } = world();
    const running = new Set(['alpha']);
    const during = {
      ...deps,
      engine: {
        observe: async () => {
          running.delete('alpha');
          return swarmView();
        },
      },
      runners: {
        ...deps.runners,
        apps: () => new Set(running),
        isRunning: (app: string) => running.has(app),
      },
    };

    await runPass(during as unknown as PassDeps, live);

    expect(started).toEqual(['beta']);
  });
});

describe('a request for an app that nobody wants', () => {
  test('is dropped: it must not be done when somebody wants an app of that name again', async () => {
    const request = { id: 'x', kind: 'restore', snapshotId: 's', at: '' } as const;
    const written: string[] = [];
    const { deps } = world();
    const store = {
      ...deps.store,
      apps: async () => ['gone'],
      records: async () =>
        new Map([
          ...apps.map(({ name }) => [name, known(appRecord())] as const),
          ['gone', known(appRecord({ request }))],
        ]),
      writeRequest: async (app: string, value: unknown) =>
        void written.push(`${app} ${String(value)}`),
    };

    await runPass({ ...deps, store } as unknown as PassDeps, live);

    expect(written).toEqual(['gone null']);
  });
});

describe('a pass for one app alone', () => {
  test('begins nothing of the others', async () => {
    const { deps, started, reported } = world();

    await runPass({ ...deps, onlyApp: 'beta' } as unknown as PassDeps, live);

    expect(started).toEqual(['beta']);
    expect(reported[0]?.plan.entries.map(({ decision }) => decision.kind)).toEqual([
      'waiting',
      'start',
    ]);
  });
});

describe('runOnce', () => {
  test.each([
    { name: 'is tried again while a transition is under way', underWay: [1, 0, 0], passes: 2 },
    { name: 'ends the work where none is', underWay: [0], passes: 1 },
  ])('a pass that fails $name', async ({ underWay, passes }) => {
    const { deps, reported } = world();
    let failures = 0;
    const report = async (pass: Pass) => {
      reported.push(pass);
      failures += 1;
      throw new Error(`report ${String(failures)}`);
    };
    const counts = [...underWay];
    const loop = {
      ...deps,
      reporter: { report },
      runners: {
        ...deps.runners,
        get count() {
          return counts.shift() ?? 0;
        },
      },
      wake: { wait: async () => undefined },
    };

    await expect(runOnce(loop as unknown as LoopDeps, live)).rejects.toThrow(
      `report ${String(passes)}`,
    );
    expect(reported).toHaveLength(passes);
  });
});

describe('runForever', () => {
  test('sleeps until the first release is as old as gate.minAge asks for', async () => {
    const stop = new AbortController();
    const gate = { minAgeMs: 10_000, onImageMajor: 'Hold', onNewConfiguration: 'Hold' } as const;
    const young = { ...release('1.0.0+1.0.0'), taggedAtMs: -7000 };
    const { deps } = world();
    const desired = desiredOf(apps.map((app) => ({ ...app, gate })));
    const pauses: number[] = [];
    const loop = {
      ...deps,
      loader: {
        ...deps.loader,
        load: async () => known({ desired, invalid: [], problems: [], incomplete: false }),
      },
      recipes: { view: async () => ({ releases: [young] }) },
      source: { watch: async () => undefined },
      engine: { ...deps.engine, watch: async () => undefined },
      clock: { ...deps.clock, sleep: async () => undefined },
      wake: {
        activate: () => undefined,
        wait: async (ms: number) => {
          pauses.push(ms);
          stop.abort();
        },
      },
    };

    await runForever(loop as unknown as LoopDeps, stop.signal);

    expect(pauses).toEqual([3000]);
  });
});
