/**
 * The ground that ci-warm and its tests stand on: a Docker Engine, a one-node Swarm, a registry, images, recipes.
 *
 * Every step looks first and makes only what is missing, so all of it may be repeated, also by two at once.
 */
import { ensureEngine } from './engine.ts';
import { GroundError } from './ground-error.ts';
import { ensureImages } from './images.ts';
import { withLock } from './lock.ts';
import { paths } from './paths.ts';
import { ensureRecipes } from './recipes.ts';
import { ensureRegistry } from './registry.ts';
import { reportStep } from './report-step.ts';
import { ensureProxyNetwork, ensureSwarm } from './swarm.ts';
import { removeTestThings } from './test-things.ts';
import { controllerTools, ensureShells, ensureSshServer, ensureTools, testTools } from './tools.ts';

/**
 * Makes what is missing, one line on stderr for each step. Throws `GroundError`, one sentence with what to do, when it
 * cannot. `forTests` adds the tools that only tests need.
 */
export async function ensureGround(options: { readonly forTests: boolean }): Promise<void> {
  const tools = options.forTests ? [...controllerTools, ...testTools] : controllerTools;
  await withLock(paths.lock, async () => {
    await reportStep('tools', () => ensureTools(tools));
    if (options.forTests) {
      await reportStep('shells', ensureShells);
      await reportStep('ssh', ensureSshServer);
    }
    await reportStep('engine', ensureEngine);
    await reportStep('swarm', ensureSwarm);
    await reportStep('network', ensureProxyNetwork);
    if (options.forTests) await reportStep('leftovers', removeLeftovers);
    await reportStep('registry', ensureRegistry);
    await reportStep('images', ensureImages);
    await reportStep('recipes', ensureRecipes);
  });
}

async function removeLeftovers(): Promise<string> {
  const { ended } = await removeTestThings();
  return ended === 0
    ? 'no test was interrupted before'
    : `removed what ${ended} interrupted tests had left`;
}

/** The sentence for a ground that could not be made, or undefined when `error` is something else. */
export function whyNoGround(error: unknown): string | undefined {
  return error instanceof GroundError ? error.message : undefined;
}
