import { describe, expect, test } from 'vitest';
import { label, type ContainerView, type ServiceView } from '../../controller/model/swarm.ts';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { performUndeploy } from '../../controller/reconcile/perform-undeploy.ts';
import { warmApp } from '../build/desired.ts';
import { transitionInput } from '../build/record.ts';
import { container, service, swarmView, task } from '../build/swarm.ts';

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

describe('a container that Swarm forgot while its Engine was restarted', () => {
  const of = (over: Partial<ContainerView>): ContainerView =>
    container(task(ours('app')), {
      names: [`${app.stack}_app.1.abc`],
      state: 'exited',
      stack: app.stack,
      ...over,
    });

  /** Undeploys where only this container is left. The clock goes on by a second a look, and stops it after a minute. */
  async function undeployBeside(left: ContainerView): Promise<unknown> {
    const containers = [left];
    const stopped = new AbortController();
    let nowMs = 0;
    const removedAtMs: number[] = [];
    const deps = {
      engine: {
        observeStack: async () => swarmView({ containers }),
        removeContainer: async () => {
          removedAtMs.push(nowMs);
          containers.pop();
        },
        usersOf: async () => [],
      },
      driver: { volumes: async () => [], read: async () => ({ services: [{ name: 'app' }] }) },
      clock: {
        now: () => nowMs,
        sleep: async () => {
          nowMs += 1000;
          if (nowMs > 60_000) stopped.abort(new Error('waits'));
        },
      },
      log: { info: () => undefined },
    } as unknown as PerformDeps;
    return performUndeploy(job, deps, stopped.signal).then(
      () => removedAtMs,
      (thrown: unknown) => (thrown as Error).message,
    );
  }

  test('is removed once Swarm has had its time, or the app could never be undeployed', async () => {
    expect(await undeployBeside(of({}))).toEqual([16_000]);
  });

  test.each([
    { name: 'one that runs', over: { state: 'running' } },
    {
      name: 'one of a service that our record does not name',
      over: { names: ['other_app.1.abc'] },
    },
  ])('R2: $name is waited for', async ({ over }) => {
    expect(await undeployBeside(of(over))).toBe('waits');
  });
});
