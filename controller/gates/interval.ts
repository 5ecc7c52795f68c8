/** Which versions an upgrade would pass through: (current, target], in order (G3). */
import type { ReleaseTag } from '../model/recipe.ts';
import { compareVersions, parseVersion, type RecipeVersion } from '../model/version.ts';

export interface Interval {
  /** In order, the target last. */
  readonly inTheWay: readonly { readonly release: ReleaseTag; readonly version: RecipeVersion }[];
  /** Tags that may lie in the way, but nobody can tell (G2). */
  readonly unplaced: readonly string[];
}

/**
 * A tag that cannot be ordered lies in the way unless its date proves otherwise: made before the current release, or
 * after the target.
 */
export function intervalOf(
  current: RecipeVersion,
  target: RecipeVersion,
  releases: readonly ReleaseTag[],
): Interval {
  const inTheWay: { release: ReleaseTag; version: RecipeVersion }[] = [];
  const unplaced: string[] = [];
  const dated = new Map(releases.map((release) => [release.tag, release.taggedAtMs]));
  const mayLieBetween = (release: ReleaseTag): boolean => {
    const made = release.taggedAtMs;
    const from = dated.get(current.tag);
    const to = dated.get(target.tag);
    if (made === undefined) return true;
    return !(from !== undefined && made <= from) && !(to !== undefined && made > to);
  };
  for (const release of releases) {
    const parsed = parseVersion(release.tag);
    if (parsed.kind === 'no-release' || release.tag === current.tag) continue;
    if (parsed.kind === 'unparsable') {
      if (mayLieBetween(release)) unplaced.push(release.tag);
      continue;
    }
    const { version } = parsed;
    const toCurrent = compareVersions(version, current);
    const toTarget = compareVersions(version, target);
    if (
      release.tag !== target.tag &&
      (toCurrent === 'incomparable' || toTarget === 'incomparable')
    ) {
      if (toCurrent !== 'older' && toTarget !== 'newer' && mayLieBetween(release)) {
        unplaced.push(release.tag);
      }
      continue;
    }
    const isAfterCurrent = toCurrent === 'newer' || release.tag === target.tag;
    if (isAfterCurrent && (toTarget === 'older' || toTarget === 'same')) {
      inTheWay.push({ release, version });
    }
  }
  inTheWay.sort((a, b) => (compareVersions(a.version, b.version) === 'older' ? -1 : 1));
  return { inTheWay, unplaced };
}
