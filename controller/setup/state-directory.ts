/**
 * The state directory of the sample tree's controller: the default one, so that `npx ci-warm status` needs no options.
 *
 * Invariant: the sample tree is never laid over the state of another controller. To that one, its own apps would be
 * missing from the desired tree, and the sample's controller would take them for orphans.
 */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GroundError } from './ground-error.ts';
import { readMade, recordMade } from './made.ts';
import { paths } from './paths.ts';
import { sortApps } from './whose-apps.ts';

/** Where a controller that runs as root keeps its state when it is not told otherwise. */
const stateDirectory = '/var/lib/ci-warm';

/** Takes the directory for the sample tree; throws one sentence when it belongs to another controller. */
export async function claimStateDirectory(): Promise<void> {
  if ((await readMade()).stateDirectory === stateDirectory) return;
  const entries = await readdir(stateDirectory).catch(() => []);
  if (entries.length > 0) throw new GroundError(await whyNotOurs(stateDirectory, paths.root));
  await recordMade({ stateDirectory, leftStateDirectory: undefined });
}

/** Why the sample tree of the checkout `root` is not laid over what is in `directory`, and what to do about it. */
export async function whyNotOurs(directory: string, root: string): Promise<string> {
  // The sample's domains, and so its stacks, are the same in every checkout, and one controller acts on a Swarm at a time.
  const elsewhere = 'the sample runs once on a Swarm: try it on another machine';
  const { samples, others } = await sortApps(directory, join(root, '.ground', 'recipes'));
  if (samples.length > 0) {
    const names = samples.map(({ name }) => name).join(', ');
    return (
      `${directory} has sample apps of this checkout (${names}), but its record, .ground/made.json, is gone: ` +
      'take them away as docs/troubleshooting.md says under "Take ci-warm away", and run `npm start` again.'
    );
  }
  const checkouts = new Set(others.flatMap(({ recipeUrls }) => recipeUrls.flatMap(checkoutOf)));
  if (checkouts.size > 0) {
    const places = [...checkouts].join(' and ');
    return (
      `${directory} has the sample apps of another checkout, in ${places}: end its controller and run \`npm run clean\` ` +
      `there, then \`npm start\` here again. Where they are to stay, ${elsewhere}.`
    );
  }
  return (
    `${directory} holds the state of another controller, and the sample tree must not touch its apps: ${elsewhere}. ` +
    'Where it is not needed any more, docs/troubleshooting.md says under "Take ci-warm away" how it goes.'
  );
}

/** The checkout that has this sample recipe; none where it is no sample's. */
function checkoutOf(recipeUrl: string): readonly string[] {
  const folder = dirname(recipeUrl);
  return folder.endsWith('/.ground/recipes') ? [dirname(dirname(folder))] : [];
}
