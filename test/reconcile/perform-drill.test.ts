import { describe, expect, test } from 'vitest';
import type { Alert } from '../../controller/model/alert.ts';
import type { PhaseFailure } from '../../controller/model/journal.ts';
import type { VolumePlace } from '../../controller/model/snapshot.ts';
import type { RestoreRequest } from '../../controller/ports/snapshots.ts';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { performDrill } from '../../controller/reconcile/perform-drill.ts';
import { warmApp } from '../build/desired.ts';
import { failure, lastGood, transitionInput } from '../build/record.ts';
import { service, swarmView, task } from '../build/swarm.ts';

const app = warmApp('book');
const signal = new AbortController().signal;
const from = lastGood(app, '1.0.0+1.0.0');
const job: Job = {
  id: 'asked-1',
  kind: 'drill',
  input: { ...transitionInput(app, null, '1.0.0+1.0.0'), from, snapshotId: 's1' },
  startedAt: '2026-11-21T09:00:00Z',
  data: { nodeId: 'node1' },
  failure: null,
  lastFailure: null,
};
const own: VolumePlace = {
  volume: 'data',
  name: `${app.stack}_data`,
  path: '/state/book/volumes/data/data',
};
const beside: VolumePlace = {
  volume: 'data',
  name: `drill-${app.stack}_data`,
  path: '/state/.drills/book/volumes/data/data',
};

function world(view = swarmView()) {
  const restored: RestoreRequest[] = [];
  const deployed: string[] = [];
  const removed: string[] = [];
  const alerts: Alert[] = [];
  const looked: string[] = [];
  const reading = { secrets: [], services: [{ name: 'app' }], problems: [] };
  const deps = {
    engine: {
      observeStack: async (stack: string) => {
        looked.push(stack);
        return removed.length === 0 ? view : swarmView();
      },
      usersOf: async () => [],
      removeService: async (id: string) => void removed.push(id),
      removeNetwork: async () => undefined,
    },
    driver: {
      read: async () => reading,
      volumes: async () => [own],
      deploy: async () => {
        throw new Error('the app itself is deployed');
      },
    },
    drills: {
      read: async () => reading,
      volumes: async () => [beside],
      deploy: async (identity: { readonly stack: string }) => void deployed.push(identity.stack),
      clear: async (identity: { readonly stack: string }) =>
        void removed.push(`remains beside ${identity.stack}`),
    },
    secrets: { list: async () => new Map() },
    snapshots: { restore: async (request: RestoreRequest) => void restored.push(request) },
    alerts: { raise: async (alert: Alert) => void alerts.push(alert) },
    clock: { now: () => 0, sleep: async () => undefined },
    log: { info: () => 0, warn: () => 0, error: () => 0 },
  } as unknown as PerformDeps;
  return { deps, restored, deployed, removed, alerts, looked };
}

describe('a drill', () => {
  test('unpacks the snapshot in a place of its own, bound to the app as it is (S3)', async () => {
    const { deps, restored } = world();

    await performDrill({ kind: 'restore' }, job, deps, signal);

    expect(restored).toMatchObject([
      {
        snapshotId: 's1',
        operation: 'asked-1',
        volumes: [{ volume: 'data', name: own.name, path: beside.path }],
        identity: { stack: app.stack, domain: app.domain },
      },
    ]);
  });

  test('S1: unpacks nothing where something of an earlier drill still runs', async () => {
    const stack = `drill-${app.stack}`;
    const { deps, restored } = world(swarmView({ services: [service(stack, 'app')] }));

    await expect(performDrill({ kind: 'restore' }, job, deps, signal)).rejects.toMatchObject({
      code: 'not-undeployed',
    });
    expect(restored).toEqual([]);
  });

  test('deploys beside the app, with the app’s own configuration', async () => {
    const { deps, deployed } = world();

    await performDrill({ kind: 'deploy', which: 'from' }, job, deps, signal);

    expect(deployed).toEqual([app.stack]);
  });

  test('asks the drill alone: the proxy would answer for the app itself', async () => {
    const running = service(`drill-${app.stack}`, 'app');
    const tasks = [task(running, { specHash: from.specHash })];
    const { deps } = world(swarmView({ services: [running], tasks }));
    const asked: string[] = [];
    const probes = {
      run: async (wanted: readonly { readonly kind: string }[]) => {
        asked.push(...wanted.map(({ kind }) => kind));
        throw new Error('asked');
      },
    };
    const proxy = {
      kind: 'proxy',
      scheme: 'https',
      port: 443,
      path: '/',
      status: [],
      body: undefined,
      headers: {},
    } as const;
    const tcp = { kind: 'tcp', service: 'app', port: 80 } as const;
    const { policy } = job.input;
    const health = { ...policy.health, probes: [proxy, tcp] };
    const byProxy = { ...job, input: { ...job.input, policy: { ...policy, health } } };
    const clock = { now: () => 0, sleep: () => Promise.reject(new Error('nobody was asked')) };
    const asking = { ...deps, probes, clock } as unknown as PerformDeps;

    await performDrill({ kind: 'judge', which: 'from' }, byProxy, asking, signal).catch(() => 0);

    expect(asked).toEqual(['tcp']);
  });

  test('R2: clears its own stack first, then what is left of it, and never looks at the app’s', async () => {
    const stack = `drill-${app.stack}`;
    const made = service(stack, 'app', { labels: { 'dev.ci-warm.app': 'book' } });
    const { deps, removed, looked } = world(swarmView({ services: [made] }));

    await performDrill({ kind: 'clear' }, job, deps, signal);

    expect(removed).toEqual([made.id, `remains beside ${app.stack}`]);
    expect(new Set(looked)).toEqual(new Set([stack]));
  });

  test.each<{ name: string; why: PhaseFailure; kinds: readonly string[] }>([
    {
      name: 'a damaged archive',
      why: failure({ verdict: 'refused', reason: 'SnapshotInvalid' }),
      kinds: ['snapshot-invalid'],
    },
    { name: 'a release that is not healthy on it', why: failure(), kinds: ['snapshot-invalid'] },
    {
      name: 'a full disk',
      why: failure({ verdict: 'inconclusive', reason: 'DiskFull' }),
      kinds: [],
    },
    {
      name: 'a recipe that cannot run twice',
      why: failure({ verdict: 'refused', reason: 'Conflict' }),
      kinds: [],
    },
  ])('that failed for $name tells $kinds', async ({ why, kinds }) => {
    const { deps, alerts } = world();

    await performDrill(
      { kind: 'conclude', end: 'abandoned' },
      { ...job, failure: why },
      deps,
      signal,
    );

    expect(alerts.map(({ kind }) => kind)).toEqual(kinds);
  });

  test('is not cleared while a network of it is there: its volumes go at the next try (R2)', async () => {
    const stack = `drill-${app.stack}`;
    const network = { id: 'n1', name: `${stack}_default`, stack, labels: {} };
    const { deps, removed } = world(swarmView({ networks: [network] }));
    let nowMs = 0;
    // Something of somebody else's is on it, longer than an app's undeploy would wait.
    const clock = { now: () => (nowMs += 10_000), sleep: async () => undefined };

    const clearing = performDrill({ kind: 'clear' }, job, { ...deps, clock } as never, signal);

    await expect(clearing).rejects.toThrow(`something is still on ${stack}_default`);
    expect(removed).toEqual([]);
  });
});
