/**
 * What every Engine behind our ports does, whatever it is made of: held against the real one in test/live/, and against
 * any stand-in that claims to behave like it.
 *
 * A test takes a world of its own, in which it can start services of one tiny image; all of it is taken away in the end,
 * also when the test fails.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceView, SwarmView } from '../../controller/model/swarm.ts';
import type { Engine } from '../../controller/ports/engine.ts';
import type { Secrets } from '../../controller/ports/secrets.ts';
import type { Volumes } from '../../controller/ports/volumes.ts';

export interface WantedService {
  readonly stack: string;
  readonly name: string;
  /** Run by the image's shell, in the foreground. */
  readonly script: string;
  /** Name of a volume, mounted at /data. */
  readonly volume?: string;
  /** Path of this host, bound at /host. */
  readonly bind?: string;
  readonly networks?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** A script for Docker's own health check. */
  readonly healthScript?: string;
}

export interface EngineWorld {
  readonly engine: Engine;
  readonly volumes: Volumes;
  readonly secrets: Secrets;
  /** A name that nobody else uses. */
  readonly stack: string;
  /** A folder of the test's own on the Engine's host. */
  readonly folder: string;
  /** Starts a service and returns its id; does not wait. */
  deploy(service: WantedService): Promise<string>;
  /** Makes an overlay network of the stack and returns its id. */
  makeNetwork(stack: string, name: string): Promise<string>;
  /** Ends the process of a container by force. */
  kill(containerId: string): Promise<void>;
  /** Starts a container outside Swarm that mounts the volume; ended and removed by what it returns. */
  runOutside(name: string, volume: string): Promise<() => Promise<void>>;
  /** Polls until `look` gives something; fails with `what` after a minute. */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
  dispose(): Promise<void>;
}

const live = new AbortController().signal;
const stays = "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done";

/** Declares the suite. `open` makes a world, once for each group of tests. */
export function describeEngine(open: () => Promise<EngineWorld>): void {
  describe('a service, from its start until it is gone', () => {
    describeLife(open);
  });
  describe('a service that dies', () => {
    describeDeaths(open);
  });
  describe('what an app keeps', () => {
    describeStores(open);
  });
}

function describeLife(open: () => Promise<EngineWorld>): void {
  let world: EngineWorld;
  let serviceId = '';
  let networkId = '';

  beforeAll(async () => {
    world = await open();
    const { stack } = world;
    networkId = await world.makeNetwork(stack, 'internal');
    await world.volumes.ensureBindVolume(
      {
        name: `${stack}_data`,
        path: `${world.folder}/data`,
        labels: { 'com.docker.stack.namespace': stack },
      },
      live,
    );
    serviceId = await world.deploy({
      stack,
      name: 'app',
      script: stays,
      volume: `${stack}_data`,
      networks: [networkId],
      labels: { 'dev.ci-warm.spec': 'hash1' },
      healthScript: 'true',
    });
    await runs(world, serviceId);
  });
  afterAll(() => world.dispose());

  test('is observed with its task, container, volume and network, by stack or as part of everything', async () => {
    const views = [
      await world.engine.observeStack(world.stack, live),
      await world.engine.observe(live),
    ];

    for (const view of views) {
      const service = serviceIn(view, serviceId);
      const task = view.tasks.find((each) => each.serviceId === serviceId);
      expect(service).toMatchObject({ stack: world.stack, replicas: 1, networkIds: [networkId] });
      expect(task).toMatchObject({ state: 'running', stack: world.stack, specHash: 'hash1' });
      expect(view.nodes).toContainEqual(
        expect.objectContaining({ id: task?.nodeId, self: true, ready: true }),
      );
      expect(view.containers.find((each) => each.id === task?.containerId)).toMatchObject({
        state: 'running',
        stack: world.stack,
        serviceId,
        taskId: task?.id,
        volumes: [`${world.stack}_data`],
      });
      expect(view.volumes.map(({ name }) => name)).toContain(`${world.stack}_data`);
      expect(view.networks.map(({ id }) => id)).toContain(networkId);
    }
    expect(views[0]?.services).toHaveLength(1);
  });

  test("tells Docker's own health", async () => {
    const health = await world.until('the container is healthy', async () => {
      const { containers } = await world.engine.observeStack(world.stack, live);
      return containers.find((each) => each.health === 'healthy')?.health;
    });

    expect(health).toBe('healthy');
  });

  test('S1: its container and its process are named as users of its data, by name and by path', async () => {
    const byName = await world.engine.usersOf([`${world.stack}_data`], [], live);
    const byPath = await world.engine.usersOf([], [`${world.folder}/data`], live);

    expect(byName).toEqual([expect.stringMatching(/^container .*_app\..* mounts volume/)]);
    expect(byPath).toContainEqual(expect.stringMatching(/^process \d+ \(.*\) has .* mounted at/));
  });

  test('S1: a container outside Swarm is named too, also when it does not run', async () => {
    const remove = await world.runOutside(`${world.stack}-outside`, `${world.stack}_data`);

    const users = await world.engine.usersOf([`${world.stack}_data`], [], live);

    expect(users).toContainEqual(expect.stringContaining(`${world.stack}-outside`));
    await remove();
  });

  test('its network is not removed while a task is attached', async () => {
    await expect(world.engine.removeNetwork(networkId, live)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('goes in the order that leaks nothing, and removing it again is fine', async () => {
    await world.engine.removeService(serviceId, live);
    await world.engine.removeService(serviceId, live);
    await world.until('its tasks and containers are gone', async () => {
      const { tasks, containers } = await world.engine.observeStack(world.stack, live);
      return tasks.length + containers.length === 0 ? true : undefined;
    });
    // Swarm lets go of the last task's place in it a moment later.
    await world.until('its network is removed', () =>
      world.engine.removeNetwork(networkId, live).then(() => true, notWhileInUse),
    );
    await world.engine.removeNetwork(networkId, live);

    const view = await world.engine.observeStack(world.stack, live);
    expect(view).toMatchObject({ services: [], tasks: [], containers: [], networks: [] });
    await expect(
      world.engine.usersOf([`${world.stack}_data`], [`${world.folder}/data`], live),
    ).resolves.toEqual([]);
  });

  test('has no log when it is gone', async () => {
    await expect(world.engine.tailLogs(serviceId, 10, live)).resolves.toEqual([]);
  });
}

function describeDeaths(open: () => Promise<EngineWorld>): void {
  let world: EngineWorld;

  beforeAll(async () => {
    world = await open();
  });
  afterAll(() => world.dispose());

  test('a killed task is there as failed, with its exit code, beside the one that replaces it', async () => {
    const serviceId = await world.deploy({ stack: world.stack, name: 'killed', script: stays });
    const containerId = await runs(world, serviceId);

    await world.kill(containerId);

    const failed = await world.until('the dead task is told', async () => {
      const { tasks } = await world.engine.observeStack(world.stack, live);
      return tasks.find((task) => task.containerId === containerId && task.state === 'failed');
    });
    expect(failed).toMatchObject({ exitCode: 137, stack: world.stack });
    await runs(world, serviceId);
  });

  test('the last lines of a crash loop are those of its dead tasks, and no more than asked for', async () => {
    const script = 'echo starting; echo "cannot open database" >&2; exit 3';
    const serviceId = await world.deploy({ stack: world.stack, name: 'crashing', script });
    await world.until('it died twice', async () => {
      const { tasks } = await world.engine.observeStack(world.stack, live);
      const dead = tasks.filter((task) => task.serviceId === serviceId && task.exitCode === 3);
      return dead.length >= 2 ? true : undefined;
    });

    const lines = await world.engine.tailLogs(serviceId, 3, live);

    expect(lines).toHaveLength(3);
    expect(new Set(lines)).toEqual(new Set(['starting', 'cannot open database']));
  });

  test('whoever watches is woken when a service comes', async () => {
    const stopping = new AbortController();
    const woken = Promise.withResolvers<undefined>();
    let deployed = false;
    const opened = Promise.withResolvers<undefined>();
    const ended = world.engine.watch(() => {
      opened.resolve(undefined);
      if (deployed) woken.resolve(undefined);
    }, stopping.signal);
    await opened.promise;

    deployed = true;
    await world.deploy({ stack: world.stack, name: 'coming', script: stays });

    await expect(woken.promise).resolves.toBeUndefined();
    stopping.abort();
    await ended;
  });
}

function describeStores(open: () => Promise<EngineWorld>): void {
  let world: EngineWorld;

  beforeAll(async () => {
    world = await open();
  });
  afterAll(() => world.dispose());

  test('a bind volume is made once, found, and in conflict with another folder', async () => {
    const volume = { name: `${world.stack}_files`, path: `${world.folder}/files`, labels: {} };

    const first = await world.volumes.ensureBindVolume(volume, live);
    const second = await world.volumes.ensureBindVolume(volume, live);
    const other = world.volumes.ensureBindVolume({ ...volume, path: '/srv/other' }, live);

    expect([first, second]).toEqual([{ path: volume.path }, { path: volume.path }]);
    await expect(other).rejects.toMatchObject({ code: 'conflict' });
    await expect(world.volumes.find(volume.name, live)).resolves.toEqual({ path: volume.path });
    await expect(world.volumes.find(`${world.stack}_none`, live)).resolves.toBeUndefined();
  });

  test('a secret is made once and keeps its id, and is listed with its stack', async () => {
    const name = `${world.stack}_key_v1`;
    const labels = { 'com.docker.stack.namespace': world.stack };
    const ensure = (value: string): Promise<{ readonly id: string }> =>
      world.secrets.ensure({ name, value: Buffer.from(value), labels }, live);

    const first = await ensure('one');
    const second = await ensure('two');
    const longer = await world.secrets.ensure(
      { name: `${name}0`, value: Buffer.from('three'), labels },
      live,
    );

    expect(second).toEqual(first);
    await expect(world.secrets.list(world.stack, live)).resolves.toEqual(
      new Map([
        [name, first.id],
        [`${name}0`, longer.id],
      ]),
    );
    const { secrets } = await world.engine.observeStack(world.stack, live);
    expect(secrets.map(({ id }) => id).sort()).toEqual([first.id, longer.id].sort());
  });
}

/** Waits until a task of the service runs, and returns its container's id. */
async function runs(world: EngineWorld, serviceId: string): Promise<string> {
  return world.until('a task runs', async () => {
    const { tasks } = await world.engine.observe(live);
    return tasks.find((task) => task.serviceId === serviceId && task.state === 'running')
      ?.containerId;
  });
}

function notWhileInUse(failure: unknown): undefined {
  if ((failure as { readonly code?: string }).code !== 'conflict') throw failure;
}

function serviceIn(view: SwarmView, id: string): ServiceView | undefined {
  return view.services.find((service) => service.id === id);
}
