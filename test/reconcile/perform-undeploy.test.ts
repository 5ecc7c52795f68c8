import { describe, expect, test } from 'vitest';
import { label, type ServiceView } from '../../controller/model/swarm.ts';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { performUndeploy } from '../../controller/reconcile/perform-undeploy.ts';
import { warmApp } from '../build/desired.ts';
import { transitionInput } from '../build/record.ts';
import { service, swarmView } from '../build/swarm.ts';

const app = warmApp('book');
const job: Job = {
  id: 'x',
  kind: 'upgrade',
  input: transitionInput(app, '1.0.0+1.0.0', '1.1.0+1.1.0'),
  startedAt: '',
  data: {},
  failure: null,
  lastFailure: null,
};

/** A Swarm with these services, whose removals work at once. */
async function undeploy(services: readonly ServiceView[]) {
  let left = services;
  const deps = {
    engine: {
      observeStack: async () => swarmView({ services: left }),
      removeService: async (id: string) => (left = left.filter((one) => one.id !== id)),
      usersOf: async () => [],
    },
    driver: {
      volumes: async () => [],
      read: async () => ({ services: [{ name: 'app' }], problems: [] }),
    },
    clock: { now: () => 0, sleep: async () => undefined },
  } as unknown as PerformDeps;
  const outcome = await performUndeploy(job, deps, new AbortController().signal).then(
    ({ kind }) => kind,
    (thrown: unknown) => thrown,
  );
  return { outcome, left: left.map(({ name }) => name) };
}

const ours = (name: string) => service(app.stack, name, { labels: { [label.app]: app.name } });

describe('performUndeploy', () => {
  test('takes what was deployed, obsolete services and those that somebody wrote over', async () => {
    const overwritten = service(app.stack, 'app', { labels: {} });

    expect(await undeploy([ours('app'), ours('old')])).toEqual({ outcome: 'ok', left: [] });
    expect(await undeploy([overwritten])).toEqual({ outcome: 'ok', left: [] });
  });

  test('leaves a service alone that somebody else put into the stack, and says so at once', async () => {
    const { outcome, left } = await undeploy([ours('app'), service(app.stack, 'extra')]);

    expect(left).toEqual([`${app.stack}_extra`]);
    expect(outcome).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`${app.stack}_extra`) as string,
    });
  });
});
