import { describe, expect, test } from 'vitest';
import type { ContainerView } from '../../controller/model/swarm.ts';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { performPrepare } from '../../controller/reconcile/perform-prepare.ts';
import { warmApp } from '../build/desired.ts';
import { transitionInput } from '../build/record.ts';
import { container, service, swarmView, task } from '../build/swarm.ts';

const app = warmApp('book');

/** Prepares an upgrade of an app with one volume, beside these containers. */
function prepare(containers: readonly ContainerView[], ensured: string[] = []) {
  const job: Job = {
    id: 'x',
    kind: 'upgrade',
    input: transitionInput(app, '1.0.0+1.0.0', '1.1.0+1.1.0'),
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
      read: async () => ({ services: [{ name: 'app', image: 'i' }], secrets: [], problems: [] }),
      volumes: async () => [{ volume: 'data', name: 'book_data', path: '/v/data' }],
    },
    snapshots: { room: async () => ({ freeBytes: 1, neededBytes: 0 }) },
  } as unknown as PerformDeps;
  return performPrepare(job, deps, new AbortController().signal);
}

describe('performPrepare', () => {
  const up = task(service(app.stack, 'app'));

  test('G1: an app is not taken down while somebody else holds its volumes', async () => {
    const backup = container(up, { names: ['backup'], stack: undefined, volumes: ['book_data'] });

    await expect(prepare([backup])).rejects.toMatchObject({
      code: 'not-undeployed',
      message: expect.stringContaining('container backup (running)') as string,
    });
  });

  test('U2: the images of the target and of the way back are made present', async () => {
    const ensured: string[] = [];

    await prepare([], ensured);

    const back = Object.values(transitionInput(app, '1.0.0+1.0.0', '').from?.images ?? {});
    expect(back).not.toEqual([]);
    expect(ensured).toEqual(['i', ...back]);
  });

  test('its own containers are not in the way', async () => {
    const own = container(up, { stack: app.stack, volumes: ['book_data'] });

    expect(await prepare([own])).toMatchObject({ kind: 'ok' });
  });
});
