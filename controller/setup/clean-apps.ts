/**
 * Takes away the sample's apps of one state directory: what they have in Docker, then their folders, and the directory
 * itself when nobody else has anything in it.
 *
 * Invariants: which apps those are, and which stacks they have, is read from their own files there (`whose-apps.ts`), and
 * only what carries the labels of both is removed, with the networks and configs of that stack (R2). Services go first,
 * their containers are waited for, and then the rest: networks that go earlier would keep the addresses of shared
 * networks for ever.
 */
import { readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { label } from '../model/swarm.ts';
import { remove, waitForContainers } from './remove-labelled.ts';
import { sortApps } from './whose-apps.ts';
import type { OtherApp } from './whose-apps.ts';

export interface CleanedApps {
  /** The names of the sample's apps, which are gone. */
  readonly removed: readonly string[];
  /** Everybody else's: they, their data, the directory and its lease are as they were. */
  readonly left: readonly OtherApp[];
}

/**
 * Removes the apps that were made of the recipes in `recipes`, and the directory unless it has others. May be repeated,
 * and goes on after a kill.
 */
export async function removeApps(stateDirectory: string, recipes: string): Promise<CleanedApps> {
  const { samples, others } = await sortApps(stateDirectory, recipes);
  const taken = new Set(others.flatMap(({ stacks }) => stacks));
  for (const { name, stacks } of samples) {
    await removeApp(name, stacks, taken);
    await removeFolder(stateDirectory, name);
  }
  if (others.length === 0) {
    await removeLeases(stateDirectory);
    await rm(stateDirectory, { recursive: true, force: true });
  }
  return { removed: samples.map(({ name }) => name), left: others };
}

async function removeApp(
  app: string,
  stacks: readonly string[],
  taken: ReadonlySet<string>,
): Promise<void> {
  // A drill that was killed is still there under its own name.
  for (const stack of stacks.flatMap((name) => [name, `drill-${name}`])) {
    const ofStack = [`${label.stack}=${stack}`];
    const ofApp = [...ofStack, `${label.app}=${app}`];
    await remove('service', ofApp);
    // Another app that has the stack by now runs on in it, and its networks and configs carry no app's label.
    if (!taken.has(stack)) {
      await waitForContainers(stack);
      await remove('network', ofStack);
      await remove('config', ofStack);
    }
    await remove('secret', ofApp);
    await remove('volume', ofApp);
  }
}

/** A journal that goes before the data would leave a folder of which nobody can say whose it is. */
async function removeFolder(stateDirectory: string, app: string): Promise<void> {
  const going = join(stateDirectory, `.pruned-${app}`);
  await rm(going, { recursive: true, force: true });
  await rename(join(stateDirectory, app), going);
  await rm(going, { recursive: true, force: true });
}

/** A controller that was killed left its lease in the Swarm's store. Another's is not touched. */
async function removeLeases(stateDirectory: string): Promise<void> {
  const id = (await readFile(join(stateDirectory, 'lease-holder'), 'utf8').catch(() => '')).trim();
  if (id !== '') await remove('config', [`dev.ci-warm.lease.holder=${hostname()}/${id}`]);
}
