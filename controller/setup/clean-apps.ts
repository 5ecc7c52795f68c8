/**
 * Takes away the apps of one state directory: what they have in Docker, then the directory itself.
 *
 * Invariants: only what carries the label of an app that has a folder there is removed, with the networks and configs of
 * the stacks that these labels name. Services go first, their containers are waited for, and then the rest: networks
 * that go earlier would keep the addresses of shared networks for ever.
 */
import { readdir, rm } from 'node:fs/promises';
import { label } from '../model/swarm.ts';
import { attempt, run } from './command.ts';
import { waitUntil } from './daemon.ts';
import { GroundError } from './ground-error.ts';

/** Names in a state directory that no app can have. */
const reserved = new Set(['alerts', 'inbox', 'runs', 'status', 'lock']);

const containersLimitMs = 120_000;

type Kind = 'service' | 'network' | 'config' | 'secret' | 'volume';

/** Removes the apps and then the directory. May be repeated. Returns the apps' names. */
export async function removeApps(stateDirectory: string): Promise<readonly string[]> {
  const entries = await readdir(stateDirectory, { withFileTypes: true }).catch(() => []);
  const apps = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .filter((name) => !reserved.has(name));
  for (const app of apps) await removeApp(app);
  await rm(stateDirectory, { recursive: true, force: true });
  return apps;
}

async function removeApp(app: string): Promise<void> {
  const ofApp = `${label.app}=${app}`;
  const stacks = await stacksOf(ofApp);
  await remove('service', ofApp);
  for (const stack of stacks) {
    const ofStack = `${label.stack}=${stack}`;
    await waitForContainers(ofStack);
    await remove('network', ofStack);
    await remove('config', ofStack);
  }
  await remove('config', ofApp);
  await remove('secret', ofApp);
  await remove('volume', ofApp);
}

/** The stacks that the app's services belong to. */
async function stacksOf(ofApp: string): Promise<readonly string[]> {
  const ids = await list('service', ofApp);
  if (ids.length === 0) return [];
  const format = `{{index .Spec.Labels "${label.stack}"}}`;
  const names = await run('docker', ['service', 'inspect', '--format', format, ...ids]);
  return [...new Set(names.split('\n'))].filter((name) => name !== '');
}

async function waitForContainers(ofStack: string): Promise<void> {
  const containers = ['container', 'ls', '--all', '--quiet', '--filter', `label=${ofStack}`];
  const gone = await waitUntil(
    async () => (await run('docker', containers)).trim() === '',
    containersLimitMs,
  );
  if (gone) return;
  throw new GroundError(
    `containers with the label ${ofStack} are still there after ${containersLimitMs / 1000} s: ` +
      'end them (`docker container ls --all` shows them) and try again.',
  );
}

async function list(kind: Kind, filter: string): Promise<readonly string[]> {
  const ids = await run('docker', [kind, 'ls', '--quiet', '--filter', `label=${filter}`]);
  return ids.split('\n').filter((id) => id !== '');
}

async function remove(kind: Kind, filter: string): Promise<void> {
  // A network is still in use for a moment after its last container has gone.
  await waitUntil(async () => {
    const ids = await list(kind, filter);
    return ids.length === 0 || (await attempt('docker', [kind, 'rm', ...ids])).ok;
  }, containersLimitMs);
}
