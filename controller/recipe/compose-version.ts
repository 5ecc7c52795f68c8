/**
 * The one `version:` that all files of a stack state when they are handed to Docker: it refuses a mixture, and Debian's
 * 20.10 a missing one. The versions of the third format only ever added keys, so what the files state says nothing: the
 * lowest that has all their keys takes every file, and is known to the most command lines.
 */

/** Known to every Docker command line that we support; newer ones would be refused by 20.10. */
const FLOOR_MINOR = 9;
/** No command line knows a newer one. */
const NEWEST_MINOR = 13;
const VERSION = /^3(?:\.(?<minor>\d{1,3}))?$/;

export interface ComposeVersion {
  readonly version: string;
  /** Stated versions that `docker stack deploy` does not know, such as `2.4`. */
  readonly unknown: readonly string[];
}

/** `stated`: of each file, undefined where it states none. `needed`: the minor versions that their keys came with. */
export function composeVersionOf(
  stated: readonly (string | undefined)[],
  needed: readonly number[],
): ComposeVersion {
  const unknown = stated
    .filter((version) => version !== undefined)
    .filter((version) => !isKnown(version));
  return { version: `3.${String(Math.max(FLOOR_MINOR, ...needed))}`, unknown };
}

function isKnown(version: string): boolean {
  const found = VERSION.exec(version);
  return found !== null && Number(found.groups?.['minor'] ?? 0) <= NEWEST_MINOR;
}
