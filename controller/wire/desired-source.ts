/** The composition of where desired state comes from: a directory, or a repository. */
import { createDesiredDirectory } from '../adapters/files/desired-directory.ts';
import { createDesiredGit } from '../adapters/git/desired-git.ts';
import { assertNever } from '../model/assert-never.ts';
import { parseDesiredLocation } from '../model/desired-location.ts';
import { CiWarmError } from '../model/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { DesiredSource } from '../ports/desired-source.ts';
import type { Log } from '../ports/log.ts';

export interface SourceOptions {
  /** The desired tree, as typed: a directory, or a repository. */
  readonly desired: string;
  /** Of a repository, follow only commits with a good signature. */
  readonly desiredSigned: boolean;
  readonly stateDir: string;
  readonly log: Log;
  readonly holdsLock: boolean;
  /** Of a look without the lock, a folder of its own. */
  readonly scratch?: string;
}

/** Throws `recipe-invalid` for what is no directory and no repository: the command line has said so before. */
export function createSource(
  { desired, desiredSigned: isSigned, ...options }: SourceOptions,
  clock: Clock,
): { readonly source: DesiredSource; readonly treeName: string } {
  const { log } = options;
  const location = parseDesiredLocation(desired);
  switch (location.kind) {
    case 'directory': {
      const source = createDesiredDirectory({ directory: location.path, clock, log });
      return { source, treeName: location.path };
    }
    case 'git': {
      const source = createDesiredGit({ ...options, location, clock, isSigned });
      return { source, treeName: location.folder };
    }
    case 'invalid':
      throw new CiWarmError('recipe-invalid', location.why);
    default:
      return assertNever(location, 'location');
  }
}
