/** Part of the suite for a world: apps that do not come up. */
import { beforeAll, describe, expect, test } from 'vitest';
import { signal, type ConformanceWorld, type Scene } from './world-scene.ts';

export function describeDeaths(current: () => Scene): void {
  let scene: Scene;
  let world: ConformanceWorld;
  beforeAll(() => {
    scene = current();
    world = scene.world;
  });

  describe('an app that does not come up', () => {
    test('U3: one that dies again and again is seen running in between, and its deaths are kept', async () => {
      await scene.runs(world.crashing);
      const dead = await world.until('two of its tasks have died', async () => {
        const { tasks } = await scene.view(world.crashing);
        const failed = tasks.filter(({ state }) => state === 'failed');
        return failed.length < 2 ? undefined : failed;
      });

      for (const task of dead) {
        expect(task).toMatchObject({ desiredState: 'shutdown', exitCode: 134 });
        expect(task.error).toMatch(/^task: non-zero exit \(134\)/);
        expect(task.stateAtMs).toBeGreaterThan(task.createdAtMs);
      }
      await scene.runs(world.crashing);
      expect(await scene.service(world.crashing)).toMatchObject({ updateState: undefined });
    });

    test('its next task waits, with a node and without a container of its own that runs', async () => {
      const waiting = await world.until('a task is ready', async () =>
        (await scene.view(world.crashing)).tasks.find(({ state }) => state === 'ready'),
      );

      expect(waiting).toMatchObject({ desiredState: 'ready', slot: 1, exitCode: undefined });
      expect(waiting.nodeId).not.toBe('');
    });

    test('U2: one whose image is nowhere has tasks that are rejected, and no container', async () => {
      const rejected = await world.until('a task was rejected', async () =>
        (await scene.view(world.lacking)).tasks.find(
          ({ state, desiredState }) => state === 'rejected' && desiredState === 'shutdown',
        ),
      );

      expect(rejected).toMatchObject({ containerId: undefined, exitCode: 0 });
      expect(rejected.error).toMatch(/^No such image: /);
      expect(rejected.nodeId).not.toBe('');
      expect(await scene.view(world.lacking)).toMatchObject({
        services: [{ replicas: 1, updateState: undefined }],
        containers: [],
      });
      // The one that waits to take its place is rejected while it waits.
      await world.until('a task is rejected before it was to run', async () =>
        (await scene.view(world.lacking)).tasks.find(
          ({ state, desiredState }) => state === 'rejected' && desiredState === 'ready',
        ),
      );
      const image = world.lacking.release.images['app'] ?? '';
      expect(await world.images.isPresent(image, signal)).toBe(false);
    });
  });
}
