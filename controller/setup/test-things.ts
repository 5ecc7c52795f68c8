/**
 * What tests make on the real Swarm, so that what an interrupted test left can be taken away later: by the next `npm test`,
 * or by `npm run clean`.
 *
 * Invariant (R2): a test writes the names down before it makes anything, in a file of its own that has its process's id.
 * Only what such a file names is removed, and only when that process has ended.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { label } from '../model/swarm.ts';
import { attempt, run } from './command.ts';
import { paths } from './paths.ts';
import { remove, waitForContainers } from './remove-labelled.ts';

export interface TestThings {
  /** Names of stacks that nobody else has; what is in them goes with them, and volumes whose names begin so. */
  readonly stacks: readonly string[];
  /** Names of images in the Engine. */
  readonly images: readonly string[];
}

/** Writes down what a test is about to make; the function that it returns forgets it again, once that is gone. */
export function noteTestThings(things: TestThings, folder: string = paths.tests): () => void {
  mkdirSync(folder, { recursive: true });
  const id = randomBytes(4).toString('hex');
  const file = join(folder, `${String(process.pid)}-${id}.json`);
  writeFileSync(file, JSON.stringify(things));
  return () => {
    rmSync(file, { force: true });
  };
}

/**
 * Takes away what tests left that have ended. May be repeated. Returns how many tests were seen to, and how many still run
 * and keep what they have.
 */
export async function removeTestThings(
  folder: string = paths.tests,
): Promise<{ readonly ended: number; readonly running: number }> {
  let ended = 0;
  let running = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    if (isAlive(Number.parseInt(name, 10))) {
      running += 1;
      continue;
    }
    const things = parsed(await readFile(join(folder, name), 'utf8'));
    for (const stack of things?.stacks ?? []) await removeStack(stack);
    for (const image of things?.images ?? []) await attempt('docker', ['image', 'rm', image]);
    await rm(join(folder, name));
    ended += 1;
  }
  return { ended, running };
}

/** Undefined of a file that was killed while it was written: nothing was made yet. */
function parsed(text: string): TestThings | undefined {
  try {
    return JSON.parse(text) as TestThings;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process: not to be asked, but there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function removeStack(name: string): Promise<void> {
  for (const stack of [name, `drill-${name}`]) {
    const labels = [`${label.stack}=${stack}`];
    await remove('service', labels);
    await waitForContainers(stack);
    for (const kind of ['network', 'config', 'secret', 'volume'] as const) {
      await remove(kind, labels);
    }
  }
  // A volume that Docker made by itself carries no label of the stack.
  const volumes = (await run('docker', ['volume', 'ls', '--quiet'])).split('\n');
  for (const volume of volumes.filter((found) => found.startsWith(name))) {
    await attempt('docker', ['volume', 'rm', volume]);
  }
}
