/**
 * What `npm run clean` does about the state directory that the sample tree used: its apps go, and what others have in it
 * is named.
 *
 * Invariant (R2): once it has others' apps it is theirs. The record then says that it was ours, so that what they stand
 * on is not taken away by the next clean either, and nothing more of it is removed.
 */
import { join } from 'node:path';
import { removeApps } from './clean-apps.ts';
import { recordMade } from './made.ts';
import type { Made } from './made.ts';
import { sortApps } from './whose-apps.ts';

export interface CleanedDirectory {
  /** What was done. */
  readonly said: string;
  /** Sentences on what stays because it is somebody else's, why, and what to do; none when nobody has anything there. */
  readonly left: readonly string[];
}

/** `recipes` is the folder of this checkout's repositories. May be repeated. */
export async function cleanStateDirectory(
  made: Pick<Made, 'stateDirectory' | 'leftStateDirectory'>,
  recipes: string,
): Promise<CleanedDirectory> {
  const { stateDirectory: ours, leftStateDirectory: theirs } = made;
  if (ours !== undefined) {
    const { removed, left } = await removeApps(ours, recipes);
    const leftStateDirectory = left.length > 0 ? ours : undefined;
    await recordMade({ stateDirectory: undefined, leftStateDirectory });
    const names = removed.length === 0 ? 'none' : removed.join(', ');
    const rest = left.length > 0 ? `; others stay in ${ours}` : `, and ${ours}`;
    return { said: `removed ${names}${rest}`, left: sentencesOn(ours, left) };
  }
  if (theirs === undefined) return { said: 'none were made', left: [] };
  const { samples, others } = await sortApps(theirs, recipes);
  const left = [...samples.map(({ name }) => ({ name, why: 'it was made since' })), ...others];
  if (left.length === 0) await recordMade({ leftStateDirectory: undefined });
  return { said: 'none are left that were made here', left: sentencesOn(theirs, left) };
}

function sentencesOn(
  directory: string,
  left: readonly { readonly name: string; readonly why: string }[],
): readonly string[] {
  if (left.length === 0) return [];
  return [
    ...left.map(({ name, why }) => `${join(directory, name)} stays, and so does its app: ${why}`),
    'the Swarm, the network `proxy`, the registry, the Docker Engine and the packages stay, because those apps need them. ' +
      'docs/troubleshooting.md says under "Take ci-warm away" how they go; then `npm run clean` takes away the rest',
  ];
}
