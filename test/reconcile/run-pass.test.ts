import { describe, expect, test } from 'vitest';
import { known } from '../../controller/model/known.ts';

import { runPass, type PassDeps } from '../../controller/reconcile/run-pass.ts';
import { appRecord } from '../build/record.ts';
import { desiredOf, domain, warmApp } from '../build/desired.ts';
import { swarmView } from '../build/swarm.ts';
import { apps, live, twoApps } from '../build/two-apps.ts';

/** There is no snapshot to go back to. */
const refused = { id: 'x', kind: 'restore', snapshotId: 's', at: '' } as const;

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

describe('a pass while the lease of one app is another controller’s', () => {
  test('says of that one that it stands by, and nothing else, and sees to the others', async () => {
    const { deps, started, reported } = twoApps();
    const rival = { kind: 'rival', holder: 'other-host/0123', isAlive: true };
    const theirs = warmApp('alpha', { domain: domain('alpha.else.example.org') });
    const loader = {
      ...deps.loader,
      load: async () =>
        known({
          desired: desiredOf([theirs, ...apps.slice(1)]),
          invalid: [],
          problems: [],
          incomplete: false,
        }),
    };
    const lease = {
      ...deps.lease,
      standing: (scope: string) =>
        scope === 'else.example.org' ? rival : { kind: 'held', signal: live },
    };
    const written: string[] = [];
    const store = {
      ...deps.store,
      records: async () =>
        new Map(
          apps.map(({ name }) => [name, known(appRecord({ request: refused, lastGood: null }))]),
        ),
      writeRequest: async (app: string) => void written.push(app),
    };

    await runPass({ ...deps, loader, lease, store } as unknown as PassDeps, live);

    expect(started).toEqual(['beta']);
    expect(written).toEqual(['beta']);
    expect(reported[0]?.plan.entries[0]).toMatchObject({
      decision: {
        kind: 'waiting',
        message: expect.stringMatching(/^Stands by: .*other-host/) as string,
      },
      hold: null,
      isStandby: true,
    });
    expect(reported[0]?.plan.entries[1]?.isStandby).toBeUndefined();
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
