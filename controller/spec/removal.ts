/** Whether a tree lacks more than half of what was there before: then it is rather a mistake than a wish. */
import type { LoadedDesired } from '../model/spec-problem.ts';

/**
 * `Kind/name` of every object but Settings, of which there is one, and runs, which come and go; in order. Undefined where the tree does not say what is wanted:
 * it has no valid Settings.
 */
export function objectsOf({ desired, invalid }: LoadedDesired): readonly string[] | undefined {
  if (desired === undefined) return undefined;
  const valid = (
    [
      ['Recipe', desired.recipes],
      ['WarmApp', desired.warmApps],
      ['Canonical', desired.canonicals],
      ['Sweep', desired.sweeps],
    ] as const
  ).flatMap(([kind, objects]) => [...objects.keys()].map((name) => `${kind}/${name}`));
  const others = invalid
    .filter(({ kind }) => kind !== 'Run' && kind !== 'Settings')
    .map(({ kind, name }) => `${kind}/${name}`);
  return [...new Set([...valid, ...others])].sort();
}

/** The objects of before that are gone, where they are more than half; else undefined. */
export function removedAtOnce(
  before: readonly string[],
  now: readonly string[],
): readonly string[] | undefined {
  const kept = new Set(now);
  const gone = before.filter((object) => !kept.has(object));
  return gone.length * 2 > before.length ? gone : undefined;
}
