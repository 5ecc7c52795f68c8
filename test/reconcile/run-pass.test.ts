import { describe, expect, test } from 'vitest';
import { known } from '../../controller/model/known.ts';
import { runPass, type PassDeps } from '../../controller/reconcile/run-pass.ts';
import { appRecord } from '../build/record.ts';
import { swarmView } from '../build/swarm.ts';
import { apps, live, twoApps } from '../build/two-apps.ts';

describe('runPass', () => {
  test('an app whose journal cannot be written keeps no other from being begun, and is said to be unknown', async () => {
    const { deps, started, reported } = twoApps({
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
    const { deps, started } = twoApps();
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
    const { deps } = twoApps();
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
    const { deps, started, reported } = twoApps();

    await runPass({ ...deps, onlyApp: 'beta' } as unknown as PassDeps, live);

    expect(started).toEqual(['beta']);
    expect(reported[0]?.plan.entries.map(({ decision }) => decision.kind)).toEqual([
      'waiting',
      'start',
    ]);
  });
});
