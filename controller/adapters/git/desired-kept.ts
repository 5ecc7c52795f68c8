/**
 * What of a repository was applied last, as the mirror below the state directory still has it. For whoever only looks:
 * nothing is fetched and nothing written, not even git's configuration, which is the controller's.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AppliedDesired } from '../../model/applied-desired.ts';
import type { GitLocation } from '../../model/desired-location.ts';
import type { DesiredTree } from '../../ports/desired-source.ts';
import { readDesiredFiles } from './desired-files.ts';
import { mirrorOf, originOf } from './desired-mirror.ts';

/** Undefined where it is of another repository or branch, or is not kept here. Never throws. */
export async function readKeptDesired(
  { revision, origin }: AppliedDesired,
  { stateDir, location }: { readonly stateDir: string; readonly location: GitLocation },
  signal: AbortSignal,
): Promise<DesiredTree | undefined> {
  const mirror = mirrorOf(join(stateDir, '.cache/desired'), location);
  if (origin !== originOf(location) || !existsSync(mirror.directory)) return undefined;
  try {
    const files = await readDesiredFiles(mirror, revision, location, signal);
    return { revision, baseDirectory: location.base, files, origin };
  } catch {
    return undefined;
  }
}
