/**
 * Removes things from Docker by their labels, and waits until they are gone.
 *
 * Whose they are is the caller's to know (R2): a label of nobody else's.
 */
import { label } from '../model/swarm.ts';
import { attempt, run } from './command.ts';
import { waitUntil } from './daemon.ts';
import { GroundError } from './ground-error.ts';

const containersLimitMs = 120_000;
const removalLimitMs = 30_000;

type Kind = 'service' | 'network' | 'config' | 'secret' | 'volume';

/** Waits until the stack's services, which were removed before, have no container any more. Throws after two minutes. */
export async function waitForContainers(stack: string): Promise<void> {
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

/** Removes what carries all of these labels, `name=value`. May be repeated. Throws when Docker does not let go of it. */
export async function remove(kind: Kind, labels: readonly string[]): Promise<void> {
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
