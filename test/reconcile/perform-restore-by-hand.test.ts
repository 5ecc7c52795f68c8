import { describe, expect, test } from 'vitest';
import type { LastGood, Quarantine } from '../../controller/model/release.ts';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { performCommit } from '../../controller/reconcile/perform-commit.ts';
import { performPrepare } from '../../controller/reconcile/perform-prepare.ts';
import { performUndeploy } from '../../controller/reconcile/perform-undeploy.ts';
import { warmApp } from '../build/desired.ts';
import { appRecord, lastGood, manifest, quarantine, transitionInput } from '../build/record.ts';
import { service, swarmView } from '../build/swarm.ts';

const app = warmApp('book');
const old = '1.0.0+1.0.0';
const recent = '1.1.0+1.1.0';
const signal = new AbortController().signal;
const from = { ...lastGood(app, old), nodeId: 'node1' };
const leaves = lastGood(app, recent);
const job: Job = {
  id: 'asked-1',
  kind: 'restore',
  input: { ...transitionInput(app, old, old), from, leaves, snapshotId: 's1' },
  startedAt: '',
  data: { nodeId: 'node1', release: from },
  failure: null,
  lastFailure: null,
};
/** What the controller does by itself after its way back had failed: nobody leaves anything. */
const { leaves: _, ...ownInput } = job.input;
const own: Job = { ...job, input: ownInput };

interface Asked {
  readonly quarantined?: Quarantine;
  readonly refusal?: string;
  readonly freeBytes?: number;
}

function world({ quarantined, refusal, freeBytes = 2 ** 40 }: Asked = {}) {
  const done: string[] = [];
  const written: { lastGood?: LastGood; quarantine?: Quarantine | null } = {};
  const recentOnly = service(app.stack, 'worker', { labels: {} });
  let isThere = true;
  const view = () => swarmView({ services: isThere ? [recentOnly] : [] });
  const deps = {
    engine: {
      observe: async () => swarmView(),
      observeStack: async () => view(),
      usersOf: async () => [],
      removeService: async () => {
        isThere = false;
        done.push('remove service');
      },
    },
    images: { ensure: async (image: string) => image, isPresent: async () => true },
    secrets: { list: async () => new Map() },
    driver: {
      read: async (__: unknown, { version }: { readonly version: string }) => ({
        services: version === recent ? [{ name: 'app' }, { name: 'worker' }] : [{ name: 'app' }],
        secrets: [],
        problems: [],
      }),
      volumes: async () => [{ volume: 'data', name: 'book_data', path: '/v/data' }],
    },
    snapshots: {
      refusal: async () => {
        done.push('read every byte');
        return refusal;
      },
      read: async () => ({ ...manifest(app, old), volumes: [{ contentBytes: 100 }] }),
      room: async () => ({ freeBytes, neededBytes: 0 }),
      dropDisplaced: async () => void done.push('drop displaced'),
    },
    store: {
      records: async () => {
        const record = appRecord({ quarantine: quarantined ?? null });
        return new Map([[app.name, { known: true, value: record }]]);
      },
      writeLastGood: async (__: string, value: LastGood) => {
        written.lastGood = value;
        done.push('last_good');
      },
      writeQuarantine: async (__: string, value: Quarantine | null) => {
        written.quarantine = value;
        done.push('quarantine');
      },
    },
    clock: { now: () => Date.parse('2026-11-21T09:30:00Z'), sleep: async () => undefined },
  } as unknown as PerformDeps;
  return { deps, done, written };
}

describe('S3: before a person’s restore takes the app down', () => {
  test('every byte of the snapshot is read', async () => {
    const { deps, done } = world();

    expect(await performPrepare(job, deps, signal)).toMatchObject({ kind: 'ok' });
    expect(done).toEqual(['read every byte']);
  });

  test('one that could not be put back is refused', async () => {
    const { deps } = world({ refusal: 'the archive data.tar.zst is damaged.' });

    await expect(performPrepare(job, deps, signal)).rejects.toMatchObject({
      code: 'snapshot-invalid',
      message: expect.stringMatching(/data\.tar\.zst is damaged\. Nothing was touched$/) as string,
    });
  });

  test('one that there is no room for beside the data and the reserve is refused', async () => {
    const reserving = { ...job, input: { ...job.input, reserveBytes: 50 } };

    await expect(
      performPrepare(reserving, world({ freeBytes: 149 }).deps, signal),
    ).rejects.toMatchObject({ code: 'disk-full' });
    expect(await performPrepare(reserving, world({ freeBytes: 150 }).deps, signal)).toMatchObject({
      kind: 'ok',
    });
  });
});

describe('S3: before a drill unpacks anything', () => {
  const drill: Job = { ...own, kind: 'drill' };

  test('every byte of the snapshot is read, and one that could not be put back is refused', async () => {
    const { deps, done } = world();

    expect(await performPrepare(drill, deps, signal)).toMatchObject({ kind: 'ok' });
    expect(done).toEqual(['read every byte']);
    await expect(
      performPrepare(drill, world({ refusal: 'it is damaged.' }).deps, signal),
    ).rejects.toMatchObject({ code: 'snapshot-invalid' });
  });
});

describe('what a person leaves', () => {
  test('goes from the Swarm, also what only that release had', async () => {
    const { deps, done } = world();

    await performUndeploy(job, deps, signal);

    expect(done).toEqual(['remove service']);
  });

  test('is quarantined when the restored release is proved, and what was displaced goes last (S2)', async () => {
    const { deps, done, written } = world();

    await performCommit(job, deps, signal);

    expect(written.lastGood).toMatchObject({ version: old });
    expect(written.quarantine).toMatchObject({
      version: recent,
      specHash: leaves.specHash,
      reason: 'RestoredByHand',
    });
    expect(done.slice(0, 2)).toEqual(['last_good', 'quarantine']);
    expect(done.at(-1)).toBe('drop displaced');
  });

  test.each([
    { name: 'nothing is left', job: own },
    {
      name: 'the same release is restored once more',
      job: { ...job, input: { ...job.input, leaves: from } },
    },
  ])('keeps what is quarantined already where $name', async ({ job: other }) => {
    const { deps, done } = world({ quarantined: quarantine(recent) });

    await performCommit(other, deps, signal);

    expect(done).not.toContain('quarantine');
  });

  test('a release that a failed try had quarantined is quarantined no more when it is proved', async () => {
    const again = { ...job, input: { ...job.input, leaves: from } };
    const { deps, written } = world({ quarantined: quarantine(old) });

    await performCommit(again, deps, signal);

    expect(written.quarantine).toBeNull();
  });
});
