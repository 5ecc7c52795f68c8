import { describe, expect, test } from 'vitest';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { perform } from '../../controller/reconcile/perform.ts';
import { warmApp } from '../build/desired.ts';
import { manifest, transitionInput } from '../build/record.ts';
import { service, swarmView } from '../build/swarm.ts';

const app = warmApp('book');
const v1 = '1.0.0+1.0.0';
const live = new AbortController().signal;
const place = { volume: 'data', name: `${app.stack}_data`, path: '/state/book/volumes/data/data' };
const saved = { volume: 'data' };

interface Scene {
  readonly held?: string | null;
  /** Of the snapshot. */
  readonly problems?: readonly string[];
  /** Of the recipe. */
  readonly recipeProblems?: readonly object[];
  readonly services?: ReturnType<typeof service>[];
  /** What carries our labels. */
  readonly released?: readonly (typeof place)[];
}

function scene({
  held = 'x',
  problems = [],
  recipeProblems = [],
  services = [],
  released = [place],
}: Scene = {}) {
  const done: string[] = [];
  const snapshot = { ...manifest(app, v1), id: held, volumes: [saved] };
  const deps = {
    driver: {
      read: async () => ({ services: [], secrets: [], problems: recipeProblems }),
      volumes: async () => [place],
      releaseVolumes: async () => {
        done.push('release');
        return released;
      },
    },
    engine: {
      observeStack: async () => swarmView({ services }),
      usersOf: async () => [],
    },
    secrets: { list: async () => new Map() },
    snapshots: {
      take: async () => ({ ...snapshot, id: 'x' }),
      read: async () => (held === null ? null : snapshot),
      verify: async () => problems,
      dropData: async (_: string, places: readonly (typeof place)[]) => {
        done.push(`drop ${places.map(({ volume }) => volume).join()}`);
      },
    },
    clock: { now: () => 0, sleep: async () => undefined },
  } as unknown as PerformDeps;
  const job: Job = {
    id: 'x',
    kind: 'retire',
    input: transitionInput(app, v1, v1),
    startedAt: '2026-11-21T09:00:00Z',
    data: { snapshotId: 'x', nodeId: 'node1' },
    failure: null,
    lastFailure: null,
  };
  return {
    done,
    run: (kind: 'prepare' | 'snapshot' | 'clear') => perform({ kind }, job, deps, live),
  };
}

describe('before a retirement stops anything', () => {
  test('U2: what could not be put back is left running', async () => {
    const recipeProblems = [{ file: 'compose.yml', line: 3, message: 'is no service' }];

    expect(await scene({ recipeProblems }).run('prepare')).toMatchObject({
      kind: 'failed',
      failure: {
        reason: 'Conflict',
        message: expect.stringContaining('compose.yml:3: is no service') as string,
      },
    });
  });
});

describe('the snapshot of a retirement', () => {
  test('is read back before its phase is over (S2)', async () => {
    expect(await scene().run('snapshot')).toMatchObject({ kind: 'ok', data: { snapshotId: 'x' } });
    expect(await scene({ problems: ['it is torn.'] }).run('snapshot')).toMatchObject({
      kind: 'failed',
      failure: { reason: 'SnapshotInvalid', message: expect.stringContaining('torn') as string },
    });
  });
});

describe('what a retirement takes away', () => {
  test('is the Docker volumes that are ours, and then their data', async () => {
    const { done, run } = scene();

    expect(await run('clear')).toMatchObject({ kind: 'ok' });
    expect(done).toEqual(['release', 'drop data']);
  });

  test('is not the data of a volume that is not ours (R2)', async () => {
    const { done, run } = scene({ released: [] });

    await run('clear');

    expect(done).toEqual(['release', 'drop ']);
  });

  test.each([
    { name: 'its snapshot is gone', of: { held: null } },
    { name: 'another snapshot is in its place', of: { held: 'other' } },
    {
      name: 'the app was deployed again meanwhile (S1)',
      of: { services: [service(app.stack, 'app')] },
    },
  ])('is nothing when $name', async ({ of }) => {
    const { done, run } = scene(of);

    expect(await run('clear')).toMatchObject({ kind: 'failed' });
    expect(done).toEqual([]);
  });
});
