import { describe, expect, test } from 'vitest';
import type { LastGood } from '../../controller/model/release.ts';
import type { SwarmView } from '../../controller/model/swarm.ts';
import type { Intent } from '../../controller/transitions/machine.ts';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { perform } from '../../controller/reconcile/perform.ts';
import { warmApp } from '../build/desired.ts';
import { transitionInput } from '../build/record.ts';
import { service, swarmView, task } from '../build/swarm.ts';

const signal = new AbortController().signal;
const app = warmApp('book');
const full = `${app.stack}_app`;
const digest = `sha256:${'a'.repeat(64)}`;
const input = { ...transitionInput(app, null, '1.0.0+1.0.0'), adopts: { [full]: 10 } };

function jobOf(data: Job['data'] = {}): Job {
  const when = { startedAt: '2026-11-21T09:00:00Z', failure: null, lastFailure: null };
  return { id: 't1', kind: 'adopt', input, data, ...when };
}

function viewOf(image: string, versionIndex = 10, labels = {}): SwarmView {
  const up = service(app.stack, 'app', { image, versionIndex, labels });
  return swarmView({ services: [up], tasks: [task(up)] });
}

/** Whatever deploys, removes or copies is not there: to ask for it fails the test. */
function world(view: SwarmView) {
  const done: string[] = [];
  const good: LastGood[] = [];
  const reading = { services: [{ name: 'app' }], secrets: [], problems: [] };
  const deps = {
    driver: { read: async () => reading, volumes: async () => [] },
    engine: {
      observeStack: async () => view,
      labelService: async (id: string, change: object) =>
        void done.push(`label ${id} ${JSON.stringify(change)}`),
    },
    images: {
      ensure: async (reference: string) => (done.push(`ensure ${reference}`), reference),
      ofContainer: async (id: string, reference: string) => (
        done.push(`look at ${id} of ${reference}`),
        `book@${digest}`
      ),
    },
    clock: { now: () => 5000 },
    store: {
      writeLastGood: async (_: string, one: LastGood) => void good.push(one),
      writeQuarantine: async () => undefined,
    },
    snapshots: { dropDisplaced: async () => undefined },
  };
  const run = (intent: Intent, data: Job['data'] = {}) =>
    perform(intent, jobOf(data), deps as unknown as PerformDeps, signal);
  return { done, good, run };
}

describe('an adoption', () => {
  test('U2: pins what runs by the digest that its service names', async () => {
    const { done, run } = world(viewOf(`images.example.org/book:1@${digest}`));

    expect(await run({ kind: 'prepare' })).toMatchObject({
      kind: 'ok',
      data: {
        release: { version: '1.0.0+1.0.0', images: { app: `images.example.org/book@${digest}` } },
        nodeId: 'node1',
        deployedAtMs: 5000,
      },
    });
    expect(done).toEqual([`ensure images.example.org/book@${digest}`]);
  });

  test('pins what runs by its container where its service names only a tag, which may have moved', async () => {
    const { done, run } = world(viewOf('book:1'));

    expect(await run({ kind: 'prepare' })).toMatchObject({
      data: { release: { images: { app: `book@${digest}` } } },
    });
    expect(done[0]).toMatch(/^look at .* of book:1$/);
  });

  test.each([
    { name: 'was written since it was compared', view: viewOf('book:1', 11) },
    { name: 'was removed', view: swarmView() },
  ])('touches nothing when a service $name', async ({ view }) => {
    const { done, run } = world(view);

    expect(await run({ kind: 'prepare' })).toMatchObject({
      kind: 'failed',
      failure: { verdict: 'refused', reason: 'Conflict' },
    });
    expect(done).toEqual([]);
  });

  const release = { ...input.to, images: { app: `book@${digest}` } };

  test('labels the service as ours, only as it was compared, and says which image its tag is', async () => {
    const { done, run } = world(viewOf('book:1'));

    await run({ kind: 'label' }, { release });

    const set = {
      'dev.ci-warm.app': 'book',
      'dev.ci-warm.spec': release.specHash,
      'dev.ci-warm.adopted': `book:1 book@${digest}`,
    };
    const id = `id-${app.stack}-app`;
    expect(done).toEqual([`label ${id} ${JSON.stringify({ set, drop: [], ifVersion: 10 })}`]);
  });

  test('takes its labels off again, and off no service that has another owner', async () => {
    const mine = { 'dev.ci-warm.app': 'book' };
    const [one, other] = [
      service(app.stack, 'app', { labels: mine }),
      service(app.stack, 'else', { labels: { 'dev.ci-warm.app': 'other' } }),
    ];
    const { done, run } = world(swarmView({ services: [one, other] }));

    await run({ kind: 'unlabel' });

    expect(done).toHaveLength(1);
    expect(done[0]).toContain(
      '"drop":["dev.ci-warm.app","dev.ci-warm.spec","dev.ci-warm.adopted"]',
    );
  });

  test('deploys, removes and copies nothing', async () => {
    const { run } = world(viewOf('book:1'));
    for (const intent of [
      { kind: 'deploy', which: 'to' },
      { kind: 'undeploy' },
      { kind: 'snapshot' },
      { kind: 'restore' },
    ] as const) {
      expect(await run(intent)).toMatchObject({ failure: { reason: 'StateInvalid' } });
    }
  });
});
