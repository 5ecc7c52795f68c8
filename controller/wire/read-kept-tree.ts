/** The composition of what reads the desired tree that was applied last, without asking its repository. */
import { createAppliedStore } from '../adapters/files/desired-applied.ts';
import { readKeptDesired } from '../adapters/git/desired-kept.ts';
import { createClock } from '../adapters/system/clock.ts';
import type { GitLocation } from '../model/desired-location.ts';
import type { Desired } from '../model/desired.ts';
import { loadDesired } from '../spec/load.ts';
import { createStateCheck } from '../spec/state-validators.ts';

/**
 * What was applied last of a tree in a repository, from what the state directory (absolute) keeps; undefined where it
 * keeps none, or has no valid Settings. Fetches and writes nothing. Never throws for the tree's sake.
 */
export async function loadKept(
  location: GitLocation,
  stateDir: string,
  signal: AbortSignal,
): Promise<Desired | undefined> {
  const options = { stateDir, check: createStateCheck(), clock: createClock(), holdsLock: false };
  const applied = await createAppliedStore(options).read();
  if (!applied.known || applied.value === undefined) return undefined;
  const tree = await readKeptDesired(applied.value, { stateDir, location }, signal);
  if (tree === undefined) return undefined;
  const { revision, baseDirectory, files } = tree;
  return loadDesired(files, { revision, baseDirectory, tree: location.folder }).desired;
}
