/**
 * The one `version:` that all files of a stack state when they are handed to Docker: it refuses a mixture, and Debian's
 * 20.10 a missing one. The versions of the third format only ever added keys, so the highest takes every file.
 */

/** Known to every Docker command line that we support; newer ones would be refused by 20.10. */
const FLOOR = '3.9';
const VERSION = /^3(?:\.(?<minor>\d{1,3}))?$/;

export interface ComposeVersion {
  readonly version: string;
  /** Stated versions that `docker stack deploy` does not know, such as `2.4`. */
  readonly unknown: readonly string[];
}

/** `stated`: of each file, undefined where it states none. */
export function composeVersionOf(stated: readonly (string | undefined)[]): ComposeVersion {
  let minor = minorOf(FLOOR) ?? 0;
  const unknown: string[] = [];
  for (const version of stated) {
    if (version === undefined) continue;
    const one = minorOf(version);
    if (one === undefined) unknown.push(version);
    else minor = Math.max(minor, one);
  }
  return { version: `3.${String(minor)}`, unknown };
}

function minorOf(version: string): number | undefined {
  const found = VERSION.exec(version);
  return found === null ? undefined : Number(found.groups?.['minor'] ?? 0);
}
