/**
 * Secrets that an app ran with and that are gone. They cannot be made again: what they protect or open lies in the app's
 * data, and a new value beside it locks the app out of its own database.
 */
import type { LastGood } from '../model/release.ts';
import type { SwarmView } from '../model/swarm.ts';

/** Full names, in order; empty also where the record is of a version that did not keep them. */
export function goneSecrets(swarm: SwarmView, { secrets = [] }: LastGood): readonly string[] {
  const stored = new Set(swarm.secrets.map(({ name }) => name));
  return secrets.filter((name) => !stored.has(name)).toSorted();
}
