/**
 * The same steps on the simulated world and on the real Engine: what one of them shows after a step, the other shows too.
 * The suite for the ports together, as a transition uses them: deploy, observe, upgrade, undeploy, copy, restore, deaths.
 *
 * Not here: how long each thing takes (test/sim/measured.test.ts), and what each port keeps by itself (the other suites).
 * The tests go on from one another.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { describeCopies, describeReturn } from './world-data.ts';
import { describeDeaths } from './world-deaths.ts';
import { describeRunning, describeUndeploying } from './world-life.ts';
import { Scene, signal, type ConformanceWorld } from './world-scene.ts';

/** Declares the suite. `open` makes a world in which nothing is deployed. */
export function describeWorld(name: string, open: () => Promise<ConformanceWorld>): void {
  describe(name, () => {
    let scene: Scene;
    beforeAll(async () => {
      const world = await open();
      scene = new Scene(world);
      // All at once, so that the slow ones go on beside the rest.
      for (const { app, release } of [world.crashing, world.lacking, world.other]) {
        await world.driver.deploy(app, release, signal);
      }
    });
    afterAll(() => scene.world.dispose());
    const current = (): Scene => scene;

    describeRunning(current);
    describeUndeploying(current);
    describeCopies(current);
    describeReturn(current);
    describeDeaths(current);
  });
}
