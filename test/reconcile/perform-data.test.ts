import { describe, expect, test } from 'vitest';
import { CiWarmError } from '../../controller/model/failure.ts';
import type { VolumePlace } from '../../controller/model/snapshot.ts';
import type { SwarmView } from '../../controller/model/swarm.ts';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { performRestore, performSnapshot } from '../../controller/reconcile/perform-data.ts';
import { warmApp } from '../build/desired.ts';
import { lastGood, transitionInput } from '../build/record.ts';
import { container, service, swarmView, task } from '../build/swarm.ts';

const app = warmApp('book');
const place = (volume: string): VolumePlace => ({
  volume,
  name: `${app.stack}_${volume}`,
  path: `/state/book/volumes/${volume}/data`,
});
const from = lastGood(app, '1.0.0+1.0.0');
const job: Job = {
  id: 't1',
  kind: 'upgrade',
  input: { ...transitionInput(app, '1.0.0+1.0.0', '1.1.0+1.1.0'), from },
  startedAt: '2026-11-21T09:00:00Z',
  data: { snapshotId: 't1', nodeId: 'node1' },
  failure: null,
  lastFailure: null,
};
const signal = new AbortController().signal;

/** The prior release has one volume, the target one more. `done`: what was done to the data, in order. */
function world(view: SwarmView, users: readonly string[] = []) {
  const done: string[] = [];
  const note = (what: string) => () => {
    done.push(what);
    return Promise.resolve({ id: 't1' });
  };
  const deps = {
    engine: { observeStack: () => Promise.resolve(view), usersOf: () => Promise.resolve(users) },
    driver: {
      read: () => Promise.resolve({ secrets: [] }),
      volumes: (_: unknown, release: { readonly version: string }) =>
        Promise.resolve(
          release.version === from.version ? [place('data')] : [place('data'), place('cache')],
        ),
    },
    secrets: { list: () => Promise.resolve(new Map()) },
    snapshots: {
      take: note('take'),
      restore: note('restore'),
      setAside: (_app: string, operation: string, places: readonly VolumePlace[]) => {
        done.push(`aside ${operation}: ${places.map(({ volume }) => volume).join(', ')}`);
        return Promise.resolve();
      },
    },
  } as unknown as PerformDeps;
  return { deps, done };
}

/** One release cannot be read. */
function without(
  version: string,
  code: 'recipe-invalid' | 'no-answer',
  deps: PerformDeps,
): PerformDeps {
  const volumes: PerformDeps['driver']['volumes'] = async (of, release, until) => {
    if (release.version === version) throw new CiWarmError(code, 'x');
    return await deps.driver.volumes(of, release, until);
  };
  const log = { warn: () => undefined } as unknown as PerformDeps['log'];
  return { ...deps, log, driver: { ...deps.driver, volumes } };
}

const one = service(app.stack, 'app');
const running = task(one);
const inUse: readonly { name: string; view: SwarmView; users?: readonly string[] }[] = [
  { name: 'a service', view: swarmView({ services: [one] }) },
  { name: 'a task', view: swarmView({ tasks: [running] }) },
  { name: 'a container', view: swarmView({ containers: [container(running)] }) },
  {
    name: 'somebody else’s container with the volume',
    view: swarmView({
      containers: [
        {
          ...container(running),
          stack: undefined,
          volumes: [`${app.stack}_data`],
          names: ['shell'],
        },
      ],
    }),
  },
  { name: 'a process', view: swarmView(), users: ['process 7 (postgres)'] },
];

describe('S1: data that is in use', () => {
  test.each(inUse)('is not copied: $name', async ({ view, users }) => {
    const { deps, done } = world(view, users);

    const copied = performSnapshot(job, deps, signal);

    await expect(copied).rejects.toThrow(CiWarmError);
    await expect(copied).rejects.toMatchObject({ code: 'not-undeployed' });
    expect(done).toEqual([]);
  });

  test.each(inUse)('is not replaced: $name', async ({ view, users }) => {
    const { deps, done } = world(view, users);

    const restored = performRestore(job, deps, signal);

    await expect(restored).rejects.toMatchObject({ code: 'not-undeployed' });
    expect(done).toEqual([]);
  });
});

test('U1: volumes that only the target made are set aside, and only they', async () => {
  const { deps, done } = world(swarmView());

  await performRestore(job, deps, signal);

  expect(done).toEqual(['restore', 'aside t1: cache']);
});

describe('U1: the way back that is tried again after one that failed', () => {
  const { to } = job.input;
  const again: Job = {
    ...job,
    kind: 'restore',
    input: { ...job.input, to: from, failed: to, snapshotId: 't1' },
  };

  test('sets aside what only the failed release made', async () => {
    const { deps, done } = world(swarmView());

    await performRestore(again, deps, signal);

    expect(done).toEqual(['restore', 'aside t1: cache']);
  });

  test('does not wait for a failed release that its repository no longer has', async () => {
    const { deps, done } = world(swarmView());

    await performRestore(again, without(to.version, 'recipe-invalid', deps), signal);

    expect(done).toEqual(['restore']);
  });

  test('L1: waits for a repository that does not answer', async () => {
    const { deps, done } = world(swarmView());

    const restored = performRestore(again, without(to.version, 'no-answer', deps), signal);

    await expect(restored).rejects.toMatchObject({ code: 'no-answer' });
    expect(done).toEqual([]);
  });
});

test('a snapshot is taken under the transition’s own id', async () => {
  const { deps, done } = world(swarmView());

  const performed = await performSnapshot(job, deps, signal);

  expect(performed).toEqual({ kind: 'ok', data: { snapshotId: 't1' } });
  expect(done).toEqual(['take']);
});
