/** Which ci-warm this is. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How far up package.json may be: the sources run in place, and built ones from `dist/`. */
const PARENTS_MAX = 6;

/** The version in ci-warm's own package.json; `unknown` where that is not beside the program. */
export function programVersion(from: string = import.meta.dirname): string {
  let directory = from;
  for (let count = 0; count < PARENTS_MAX; count += 1) {
    const version = versionIn(join(directory, 'package.json'));
    if (version !== undefined) return version;
    directory = dirname(directory);
  }
  return 'unknown';
}

function versionIn(path: string): string | undefined {
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    if (typeof content !== 'object' || content === null) return undefined;
    if (!('name' in content) || content.name !== 'ci-warm' || !('version' in content))
      return undefined;
    return typeof content.version === 'string' ? content.version : undefined;
  } catch {
    // Not there, or not ours: the next directory up may have it.
    return undefined;
  }
}
