/** Part of the suite for a world: an app is deployed, upgraded in place, and undeployed. */
import { beforeAll, describe, expect, test } from 'vitest';
import { label } from '../../controller/model/swarm.ts';
import { codeOf, signal, type ConformanceWorld, type Scene } from './world-scene.ts';

export function describeRunning(current: () => Scene): void {
  let scene: Scene;
  let world: ConformanceWorld;
  beforeAll(() => {
    scene = current();
    world = scene.world;
  });

  describe('an app that is deployed', () => {
    test('says where its data will be before anything is there', async () => {
      const [place] = await world.driver.volumes(scene.app, world.main.release, signal);
      scene.place = place;

      expect(place).toMatchObject({ volume: 'data', name: `${scene.app.stack}_data` });
      expect(await scene.view()).toMatchObject({ services: [], tasks: [], containers: [] });
      expect(await scene.view()).toMatchObject({ volumes: [], networks: [], secrets: [] });
    });

    test('is observed with service, task, container, volume, network and secret', async () => {
      const { app, release } = world.main;
      await world.driver.deploy(app, release, signal);
      const task = await scene.runs(world.main);
      const view = await scene.view();

      const [service] = view.services;
      scene.serviceId = service?.id ?? '';
      scene.networkIds = view.networks.map(({ id }) => id);
      expect(view.services).toHaveLength(1);
      expect(service).toMatchObject({
        name: `${app.stack}_app`,
        stack: app.stack,
        image: release.images['app'],
        replicas: 1,
        updateState: undefined,
        mayEnd: false,
        restartCondition: 'any',
        networkIds: scene.networkIds,
        labels: expect.objectContaining({
          [label.app]: app.name,
          [label.spec]: release.specHash,
        }) as unknown,
      });
      expect(view.tasks).toHaveLength(1);
      expect(task).toMatchObject({
        serviceId: service?.id,
        slot: 1,
        stack: app.stack,
        image: release.images['app'],
        error: undefined,
        exitCode: undefined,
      });
      expect(view.nodes).toContainEqual(
        expect.objectContaining({ id: task.nodeId, self: true, ready: true }),
      );
      expect(view.containers).toEqual([
        expect.objectContaining({
          id: task.containerId,
          state: 'running',
          health: 'none',
          stack: app.stack,
          serviceId: service?.id,
          taskId: task.id,
          volumes: [scene.data().name],
          binds: [],
        }),
      ]);
      expect(view.networks.map(({ name }) => name)).toEqual([`${app.stack}_default`]);
      expect(view.secrets).toEqual([
        expect.objectContaining({ name: `${app.stack}_key_v1`, stack: app.stack }),
      ]);
    });

    test('has a volume that says whose it is and where its data lies', async () => {
      const { name, path } = scene.data();

      expect((await scene.view()).volumes).toEqual([
        expect.objectContaining({
          name,
          driver: 'local',
          labels: {
            [label.stack]: scene.app.stack,
            [label.app]: scene.app.name,
            [label.volume]: 'data',
          },
          options: { type: 'none', o: 'bind', device: path },
        }),
      ]);
    });

    test('is all that is observed of its stack, and a part of everything', async () => {
      scene.other = await world.until('the other app runs', async () => {
        await scene.runs(world.other);
        return await scene.untouched();
      });
      const all = await world.engine.observe(signal);

      expect(all.services.map(({ stack }) => stack)).toEqual(
        expect.arrayContaining([scene.app.stack, world.other.app.stack]),
      );
      const { services, tasks, containers, networks } = await scene.view();
      for (const { stack } of [...services, ...tasks, ...containers, ...networks]) {
        expect(stack).toBe(scene.app.stack);
      }
    });

    test('its image is the pinned one, and there', async () => {
      const task = await scene.runs(world.main);
      const pinned = world.main.release.images['app'] ?? '';

      expect(await world.images.isPresent(pinned, signal)).toBe(true);
      expect(await world.images.ofContainer(task.containerId ?? '', pinned, signal)).toBe(pinned);
    });

    test('is left as it is when it is deployed again', async () => {
      const before = await scene.service();
      const secrets = await world.secrets.list(scene.app.stack, signal);
      const task = await scene.runs(world.main);

      await world.driver.deploy(scene.app, world.main.release, signal);

      expect((await scene.service()).versionIndex).toBe(before.versionIndex);
      expect((await scene.runs(world.main)).id).toBe(task.id);
      expect(await world.secrets.list(scene.app.stack, signal)).toEqual(secrets);
    });

    test('S1: its data has users, by the name of the volume and by the folder', async () => {
      const { name, path } = scene.data();

      expect((await scene.undeployed()).kind).toBe('in-use');
      expect(await world.engine.usersOf([name], [], signal)).not.toEqual([]);
      expect(await world.engine.usersOf([], [path], signal)).not.toEqual([]);
    });

    test('neither its volume nor its network can be taken from it', async () => {
      const [network = ''] = scene.networkIds;

      expect(await codeOf(world.driver.releaseVolumes(scene.app, world.main.release, signal))).toBe(
        'conflict',
      );
      expect(await codeOf(world.engine.removeNetwork(network, signal))).toBe('conflict');
      const { volumes, networks } = await scene.view();
      expect([volumes.length, networks.length]).toEqual([1, 1]);
    });

    test('a label changes its version, and replaces no task', async () => {
      const task = await scene.runs(world.main);
      const { id, versionIndex } = await scene.service();
      const change = { set: { colour: 'red' }, drop: [], ifVersion: versionIndex };

      await world.engine.labelService(id, change, signal);
      const labelled = await scene.service();
      await world.engine.labelService(id, change, signal);

      expect(labelled.labels).toMatchObject({ colour: 'red', [label.app]: scene.app.name });
      expect(labelled.versionIndex).toBeGreaterThan(versionIndex);
      expect((await scene.service()).versionIndex).toBe(labelled.versionIndex);
      expect((await scene.runs(world.main)).id).toBe(task.id);
      expect(
        await codeOf(world.engine.labelService(id, { ...change, set: { colour: 'blue' } }, signal)),
      ).toBe('conflict');
    });

    test('is upgraded in place: one task stops, another starts, and Swarm says completed', async () => {
      const before = await scene.service();
      const old = await scene.runs(world.main);
      await world.driver.deploy(scene.app, world.next, signal);
      const accepted = await scene.service();
      expect(accepted).toMatchObject({ id: before.id, image: world.next.images['app'] });
      expect(accepted.versionIndex).toBeGreaterThan(before.versionIndex);

      const task = await scene.runs(world.main, world.next);
      const stopped = (await scene.view()).tasks.find(({ id }) => id === old.id);
      expect(task).toMatchObject({ serviceId: before.id, image: world.next.images['app'] });
      expect(stopped).toMatchObject({ desiredState: 'shutdown', image: old.image });
      expect(['shutdown', 'complete']).toContain(stopped?.state);
      const completed = await world.until('the update is completed', async () => {
        const service = await scene.service();
        return service.updateState === 'completed' ? service : undefined;
      });
      // Swarm's own word on the update is a write as well.
      expect(completed.versionIndex).toBeGreaterThan(accepted.versionIndex);
      expect(await world.images.isPresent(world.next.images['app'] ?? '', signal)).toBe(true);
    });
  });
}

export function describeUndeploying(current: () => Scene): void {
  let scene: Scene;
  let world: ConformanceWorld;
  beforeAll(() => {
    scene = current();
    world = scene.world;
  });

  describe('an app that is undeployed', () => {
    test('its service is gone at once, its task and its container later', async () => {
      await world.engine.removeService(scene.serviceId, signal);

      const view = await scene.view();
      expect(view.services).toEqual([]);
      expect(view.containers).toContainEqual(expect.objectContaining({ state: 'running' }));
      expect(view.tasks).toContainEqual(
        expect.objectContaining({ serviceId: scene.serviceId, state: 'running' }),
      );
      expect((await scene.undeployed()).kind).toBe('in-use');
      // Only then does Swarm turn to its tasks.
      await world.until('its tasks are to be removed', async () => {
        const { tasks } = await scene.view();
        return tasks.every(({ desiredState }) => desiredState === 'remove') ? true : undefined;
      });
    });

    test('a service that is gone is removed again, and nothing is said', async () => {
      await world.engine.removeService(scene.serviceId, signal);

      expect(
        await codeOf(
          world.engine.labelService(scene.serviceId, { set: { a: 'b' }, drop: [] }, signal),
        ),
      ).toBe('conflict');
    });

    test('S1: when it is gone nobody uses its data', async () => {
      await scene.isUndeployed();
      const { name, path } = scene.data();

      expect(await scene.view()).toMatchObject({ services: [], tasks: [], containers: [] });
      expect(await world.engine.usersOf([name], [path], signal)).toEqual([]);
    });

    test('its network goes when nobody is attached any more, and may be removed again', async () => {
      for (const id of scene.networkIds) await world.engine.removeNetwork(id, signal);
      await world.until('the network is gone', async () =>
        (await scene.view()).networks.length === 0 ? true : undefined,
      );

      for (const id of scene.networkIds) await world.engine.removeNetwork(id, signal);
    });

    test('its volume, its data and its secret stay', async () => {
      const { volumes, secrets } = await scene.view();

      expect(volumes.map(({ name }) => name)).toEqual([scene.data().name]);
      expect(secrets).toHaveLength(1);
      expect(await world.content(scene.data())).not.toBe('');
    });
  });
}
