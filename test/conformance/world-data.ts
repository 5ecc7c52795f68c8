/** Part of the suite for a world: data is copied and restored while its app is undeployed, which then comes back. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { SnapshotIdentity } from '../../controller/model/snapshot.ts';
import { codeOf, signal, type ConformanceWorld, type Scene } from './world-scene.ts';

export function describeCopies(current: () => Scene): void {
  let scene: Scene;
  let world: ConformanceWorld;
  let before: string;
  let secrets: ReadonlyMap<string, string>;
  const restore = async (operation: string, change: Partial<SnapshotIdentity> = {}) => {
    const identity = { ...(await scene.identity()), ...change };
    const request = { app: scene.app.name, snapshotId: 'first', volumes: [scene.data()], identity };
    const why = await world.snapshots.refusal(request, signal);
    const code = await codeOf(world.snapshots.restore({ ...request, operation }, signal));
    return { isRefused: why !== undefined, code };
  };
  beforeAll(async () => {
    scene = current();
    world = scene.world;
    secrets = await world.secrets.list(scene.app.stack, signal);
  });

  describe('the data of an app that is undeployed', () => {
    test('S2: is copied, and the copy says whose it is', async () => {
      const identity = await scene.identity();
      before = await world.content(scene.data());
      expect(await world.snapshots.read(scene.app.name, signal)).toBeNull();

      const request = {
        ...{ app: scene.app.name, id: 'first', at: '2026-11-21T09:30:00.000Z' },
        ...{ volumes: [scene.data()], identity },
      };
      const manifest = await world.snapshots.take(request, signal);

      expect(manifest).toMatchObject({ id: 'first', identity, volumes: [{ volume: 'data' }] });
      expect(await world.snapshots.take(request, signal)).toEqual(manifest);
      expect(await world.snapshots.read(scene.app.name, signal)).toEqual(manifest);
      expect(await world.snapshots.verify(scene.app.name, signal)).toEqual([]);
      expect(await world.content(scene.data())).toBe(before);
    });

    test.each([
      { name: 'domain', change: { domain: 'elsewhere.example.org' } },
      { name: 'stack', change: { stack: 'elsewhere_example_org' } },
      { name: 'node', change: { nodeId: 'elsewhere' } },
      { name: 'app', change: { app: 'elsewhere' } },
      { name: 'recipe', change: { recipe: 'elsewhere' } },
    ])('S3: is not restored for another $name, and nothing is touched', async ({ change }) => {
      await world.change(scene.data());
      const changed = await world.content(scene.data());

      expect(await restore('op1', change)).toEqual({ isRefused: true, code: 'snapshot-invalid' });

      expect(changed).not.toBe(before);
      expect(await world.content(scene.data())).toBe(changed);
    });

    test('S3: is not restored for another secret under the same name', async () => {
      const changed = await world.content(scene.data());
      const others = Object.fromEntries([...secrets].map(([name, id]) => [name, `${id}0`]));

      expect(await restore('op1', { secrets: others })).toEqual({
        isRefused: true,
        code: 'snapshot-invalid',
      });

      expect(await world.content(scene.data())).toBe(changed);
    });

    test('is restored as it was, also when it is done twice', async () => {
      expect(await restore('op2')).toEqual({ isRefused: false, code: 'done' });
      expect(await world.content(scene.data())).toBe(before);
      expect((await restore('op2')).code).toBe('done');
      await world.snapshots.dropDisplaced(scene.app.name, [scene.data()], signal);

      expect(await world.content(scene.data())).toBe(before);
    });
  });
}

export function describeReturn(current: () => Scene): void {
  let scene: Scene;
  let world: ConformanceWorld;
  beforeAll(() => {
    scene = current();
    world = scene.world;
  });

  describe('an app that is deployed again', () => {
    test('is another service, on the same data and the same secret', async () => {
      const secrets = await world.secrets.list(scene.app.stack, signal);
      await world.driver.deploy(scene.app, world.main.release, signal);
      const task = await scene.runs(world.main);

      expect((await scene.service()).id).not.toBe(scene.serviceId);
      expect(await world.secrets.list(scene.app.stack, signal)).toEqual(secrets);
      const [container] = (await scene.view()).containers.filter(
        ({ taskId }) => taskId === task.id,
      );
      expect(container?.volumes).toEqual([scene.data().name]);
      expect(await world.driver.volumes(scene.app, world.main.release, signal)).toEqual([
        scene.data(),
      ]);
    });

    test('S1: at once after its removal, it is there beside what still stops', async () => {
      const { id } = await scene.service();
      await world.engine.removeService(id, signal);
      await world.driver.deploy(scene.app, world.main.release, signal);

      const view = await scene.view();
      expect(view.services.map((service) => service.id)).not.toContain(id);
      expect(view.services).toHaveLength(1);
      expect(view.tasks.map(({ serviceId }) => serviceId)).toContain(id);
      await scene.runs(world.main);
    });

    test('a network that is let go while a task is attached lingers, and is in the way of a deploy', async () => {
      const { services, networks } = await scene.view();
      for (const { id } of services) await world.engine.removeService(id, signal);
      const remove = async (): Promise<void> => {
        for (const { id } of networks) await world.engine.removeNetwork(id, signal);
      };
      await world.until('the network is let go', async () =>
        (await codeOf(remove())) === 'done' ? true : undefined,
      );

      expect((await scene.view()).networks).toHaveLength(1);
      // Swarm does not know it any more, and this node does.
      expect(await codeOf(remove())).toBe('no-answer');
      const failed = await codeOf(world.driver.deploy(scene.app, world.main.release, signal));
      expect(failed).toBe('tool-failed');
      await world.until('the network is gone', async () =>
        (await scene.view()).networks.length === 0 ? true : undefined,
      );
      await world.driver.deploy(scene.app, world.main.release, signal);
      await scene.runs(world.main);
    });

    test('its volume goes when it is undeployed, and the data stays to be dropped', async () => {
      const { id } = await scene.service();
      await world.engine.removeService(id, signal);
      await scene.isUndeployed();

      const released = await world.driver.releaseVolumes(scene.app, world.main.release, signal);

      expect(released).toEqual([scene.data()]);
      expect((await scene.view()).volumes).toEqual([]);
      expect(await world.content(scene.data())).not.toBe('');
      expect(await world.driver.releaseVolumes(scene.app, world.main.release, signal)).toEqual([
        scene.data(),
      ]);
    });

    test('R2: nothing of it all has touched the other app', async () => {
      expect(await scene.untouched()).toEqual(scene.other);
    });
  });
}
