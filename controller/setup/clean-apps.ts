/**
 * Takes away the apps of one state directory: what they have in Docker, then the directory itself.
 *
 * Invariants: which stack an app has is read from its own files there, and only what carries the labels of both is
 * removed, with the networks and configs of that stack (R2). Services go first, their containers are waited for, and then
 * the rest: networks that go earlier would keep the addresses of shared networks for ever.
 */
import { readFile, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RESERVED_APP_NAMES } from '../model/names.ts';
import { label } from '../model/swarm.ts';
import { attempt, run } from './command.ts';
import { waitUntil } from './daemon.ts';
import { GroundError } from './ground-error.ts';

const containersLimitMs = 120_000;
const removalLimitMs = 30_000;

type Kind = 'service' | 'network' | 'config' | 'secret' | 'volume';

/** Removes the apps and then the directory. May be repeated. Returns the apps' names. */
export async function removeApps(stateDirectory: string): Promise<readonly string[]> {
  const entries = await readdir(stateDirectory, { withFileTypes: true }).catch(() => []);
  const apps = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .filter((name) => !RESERVED_APP_NAMES.includes(name));
  for (const app of apps) await removeApp(stateDirectory, app);
  await removeLeases(stateDirectory);
  await rm(stateDirectory, { recursive: true, force: true });
  return apps;
}

async function removeApp(stateDirectory: string, app: string): Promise<void> {
  const stacks = await stacksOf(join(stateDirectory, app));
  // A drill that was killed is still there under its own name.
  for (const stack of stacks.flatMap((name) => [name, `drill-${name}`])) {
    const ofStack = [`${label.stack}=${stack}`];
    const ofApp = [...ofStack, `${label.app}=${app}`];
    await remove('service', ofApp);
    await waitForContainers(stack);
    await remove('network', ofStack);
    await remove('config', ofStack);
    await remove('secret', ofApp);
    await remove('volume', ofApp);
  }
}

/** A controller that was killed left its lease in the Swarm's store. Another's is not touched. */
async function removeLeases(stateDirectory: string): Promise<void> {
  const id = (await readFile(join(stateDirectory, 'lease-holder'), 'utf8').catch(() => '')).trim();
  if (id !== '') await remove('config', [`dev.ci-warm.lease.holder=${hostname()}/${id}`]);
}

/** Every stack that the app's files name: the journal does so before anything is made. */
async function stacksOf(appDirectory: string): Promise<readonly string[]> {
  const stacks = new Set<string>();
  for (const name of ['journal.jsonl', 'last_good.json']) {
    const text = await readFile(join(appDirectory, name), 'utf8').catch(() => '');
    for (const [, stack] of text.matchAll(/"stack":\s*"([^"]+)"/g)) {
      if (stack !== undefined) stacks.add(stack);
    }
  }
  return [...stacks];
}

async function waitForContainers(stack: string): Promise<void> {
  const filter = `label=${label.stack}=${stack}`;
  const containers = ['container', 'ls', '--all', '--quiet', '--filter', filter];
  const gone = await waitUntil(
    async () => (await run('docker', containers)).trim() === '',
    containersLimitMs,
  );
  if (gone) return;
  throw new GroundError(
    `containers of the stack ${stack} are still there after ${containersLimitMs / 1000} s: ` +
      'end them (`docker container ls --all` shows them) and try again.',
  );
}

async function list(kind: Kind, labels: readonly string[]): Promise<readonly string[]> {
  const filters = labels.flatMap((text) => ['--filter', `label=${text}`]);
  const ids = await run('docker', [kind, 'ls', '--quiet', ...filters]);
  return ids.split('\n').filter((id) => id !== '');
}

async function remove(kind: Kind, labels: readonly string[]): Promise<void> {
  // A network is still in use for a moment after its last container has gone.
  const removed = await waitUntil(async () => {
    const ids = await list(kind, labels);
    return ids.length === 0 || (await attempt('docker', [kind, 'rm', ...ids])).ok;
  }, removalLimitMs);
  if (removed) return;
  throw new GroundError(
    `Docker does not let go of a ${kind} with the labels ${labels.join(', ')}: ` +
      `remove it (\`docker ${kind} ls\` shows it) and try again.`,
  );
}
