/**
 * The state directory of the sample tree's controller: the default one, so that `npx ci-warm status` needs no options.
 *
 * Invariant: the sample tree is never laid over the state of another controller. To that one, its own apps would be
 * missing from the desired tree, and the sample's controller would take them for orphans.
 */
import { readdir } from 'node:fs/promises';
import { GroundError } from './ground-error.ts';
import { readMade, recordMade } from './made.ts';

/** Where a controller that runs as root keeps its state when it is not told otherwise. */
const stateDirectory = '/var/lib/ci-warm';

/** Takes the directory for the sample tree; throws one sentence when it belongs to another controller. */
export async function claimStateDirectory(): Promise<void> {
  if ((await readMade()).stateDirectory === stateDirectory) return;
  const entries = await readdir(stateDirectory).catch(() => []);
  if (entries.length > 0) {
    throw new GroundError(
      `${stateDirectory} holds the state of another controller, and the sample tree must not touch its apps: ` +
        'run `npx ci-warm controller --desired ./desired --state ./.ci-warm` instead, which keeps a state of its own.',
    );
  }
  await recordMade({ stateDirectory });
}
