import { describe, expect, test } from 'vitest';
import { CiWarmError } from '../../controller/model/failure.ts';
import type { TransitionInput } from '../../controller/model/journal.ts';
import type { RecipeReading, ServiceReading } from '../../controller/model/recipe.ts';
import type { ContainerView } from '../../controller/model/swarm.ts';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { performPrepare } from '../../controller/reconcile/perform-prepare.ts';
import { warmApp } from '../build/desired.ts';
import { lastGood, transitionInput } from '../build/record.ts';
import { container, service, swarmView, task } from '../build/swarm.ts';

const app = warmApp('book');

interface Asked {
  readonly containers?: readonly ContainerView[];
  readonly ensured?: string[];
  readonly input?: Partial<TransitionInput>;
  readonly secrets?: readonly object[];
  /** In Swarm's store. */
  readonly stored?: readonly string[];
  readonly freeBytes?: number;
  /** What reading the release that runs comes to. */
  readonly readBack?: () => Partial<RecipeReading>;
}

/** Prepares an upgrade of an app with one volume of 100 bytes. */
function prepare({
  containers = [],
  ensured = [],
  input = {},
  secrets = [],
  stored = [],
  freeBytes = 100,
  readBack = () => ({}),
}: Asked = {}) {
  const job: Job = {
    id: 'x',
    kind: 'upgrade',
    input: { ...transitionInput(app, '1.0.0+1.0.0', '1.1.0+1.1.0'), ...input },
    startedAt: '',
    data: {},
    failure: null,
    lastFailure: null,
  };
  const view = swarmView({ containers });
  const deps = {
    engine: { observe: async () => view, observeStack: async () => swarmView() },
    images: {
      ensure: async (image: string) => {
        ensured.push(image);
        return image;
      },
      isPresent: async () => false,
    },
    driver: {
      read: async (_: unknown, { version }: { readonly version: string }) => ({
        ...{ services: [{ name: 'app', image: 'i' }], secrets, problems: [] },
        ...(version === '1.0.0+1.0.0' ? readBack() : {}),
      }),
      volumes: async () => [{ volume: 'data', name: 'book_data', path: '/v/data' }],
    },
    secrets: { list: async () => new Map(stored.map((name) => [name, `id of ${name}`])) },
    snapshots: { room: async () => ({ freeBytes, neededBytes: 100 }) },
  } as unknown as PerformDeps;
  return performPrepare(job, deps, new AbortController().signal);
}

describe('performPrepare', () => {
  const up = task(service(app.stack, 'app'));

  test('G1: an app is not taken down while somebody else holds its volumes', async () => {
    const backup = container(up, { names: ['backup'], stack: undefined, volumes: ['book_data'] });

    await expect(prepare({ containers: [backup] })).rejects.toMatchObject({
      code: 'not-undeployed',
      message: expect.stringContaining('container backup (running)') as string,
    });
  });

  test('U2: the images of the target and of the way back are made present', async () => {
    const ensured: string[] = [];

    await prepare({ ensured });

    const back = Object.values(transitionInput(app, '1.0.0+1.0.0', '').from?.images ?? {});
    expect(back).not.toEqual([]);
    expect(ensured).toEqual(['i', ...back]);
  });

  test.each([
    {
      name: 'has a problem in its recipe',
      readBack: () => ({ problems: [{ file: 'compose.yml', line: 3, message: 'is no service' }] }),
      says: 'compose.yml:3: is no service',
    },
    {
      name: 'has a service whose image was never recorded',
      readBack: () => ({ services: [{ name: 'worker' } as ServiceReading] }),
      says: 'no image of service worker',
    },
    {
      name: 'is gone from its repository',
      readBack: () => {
        throw new CiWarmError('recipe-invalid', 'there is no such commit');
      },
      says: 'there is no such commit',
    },
  ])(
    'U2: an app is not stopped whose way back $name, and the target is not blamed',
    async ({ readBack, says }) => {
      await expect(prepare({ readBack })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(
          `go back to, cannot be deployed as it is: ${says}`,
        ) as string,
      });
    },
  );

  test('L1: nor while its way back cannot be read', async () => {
    const readBack = () => {
      throw new CiWarmError('no-answer', 'git is away');
    };

    await expect(prepare({ readBack })).rejects.toMatchObject({ code: 'no-answer' });
  });

  test('its own containers are not in the way', async () => {
    const own = container(up, { stack: app.stack, volumes: ['book_data'] });

    expect(await prepare({ containers: [own] })).toMatchObject({ kind: 'ok' });
  });

  test('S1: an app is not stopped where its data is not', async () => {
    const from = { ...lastGood(app, '1.0.0+1.0.0'), nodeId: 'node2' };

    await expect(prepare({ input: { from } })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('its data is on node node2') as string,
    });
  });

  test.each([
    { name: 'the room that its snapshot needs', input: {}, freeBytes: 99 },
    { name: 'that and the reserve', input: { reserveBytes: 50 }, freeBytes: 149 },
  ])('an app is not stopped without $name', async ({ input, freeBytes }) => {
    await expect(prepare({ input, freeBytes })).rejects.toMatchObject({ code: 'disk-full' });
    expect(await prepare({ input, freeBytes: freeBytes + 1 })).toMatchObject({ kind: 'ok' });
  });

  test('an app is not stopped for a release that wants a secret from a person, until there is one', async () => {
    const secrets = [{ name: 'smtp', fullName: 'book_smtp_v1' }];

    await expect(prepare({ secrets })).rejects.toMatchObject({
      code: 'recipe-invalid',
      message: expect.stringContaining('wants secret smtp from a person') as string,
    });
    expect(await prepare({ secrets, stored: ['book_smtp_v1'] })).toMatchObject({ kind: 'ok' });
  });
});
