/** The composition of what reads a desired tree as it is now, wherever it is. A directory is read without loading git. */
import { createDesiredDirectory } from '../adapters/files/desired-directory.ts';
import { withScratch } from '../adapters/files/scratch.ts';
import { createClock } from '../adapters/system/clock.ts';
import { assertNever } from '../model/assert-never.ts';
import { parseDesiredLocation, type GitLocation } from '../model/desired-location.ts';
import { staleError, type Stale } from '../model/desired-stale.ts';
import type { Desired } from '../model/desired.ts';
import { unknown, type Known } from '../model/known.ts';
import type { LoadedDesired, SpecProblem } from '../model/spec-problem.ts';
import { DesiredLoader } from '../reconcile/load.ts';
import { warningsOf } from '../spec/warnings.ts';
import { sayingLog } from './saying-log.ts';

/** The desired state of a tree, where it can be read and has a valid Settings. Never throws for the tree's sake. */
export async function loadTree(path: string, signal: AbortSignal): Promise<Desired | undefined> {
  const { loaded } = await readTree(path, signal);
  return loaded.known ? loaded.value.desired : undefined;
}

/** The same, and why there is none. Never throws for the tree's sake. */
export async function inspectTree(
  path: string,
  signal: AbortSignal,
): Promise<{ readonly desired: Desired | undefined; readonly trouble: string | undefined }> {
  const { loaded } = await readTree(path, signal);
  if (!loaded.known) return { desired: undefined, trouble: loaded.why };
  const { desired, problems } = loaded.value;
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${String(problems.length - 1)} more` : '';
  const trouble =
    first === undefined
      ? undefined
      : `${first.file}:${String(first.line)}: ${first.message}${more}`;
  return { desired, trouble };
}

/**
 * Every problem of a tree, and what is worth a second look: in a directory with its path as typed, in a repository with
 * the path in it. Throws a `DesiredStaleError` where it cannot be read at all.
 */
export async function validateTree(
  path: string,
  signal: AbortSignal,
): Promise<{
  readonly problems: readonly SpecProblem[];
  readonly warnings: readonly SpecProblem[];
}> {
  const { loaded, stale } = await readTree(path, signal);
  if (loaded.known) {
    const { desired, problems } = loaded.value;
    if (desired === undefined) return { problems, warnings: [] };
    return { problems, warnings: warningsOf(desired) };
  }
  signal.throwIfAborted();
  throw staleError(stale, loaded.why);
}

interface ReadTree {
  readonly loaded: Known<LoadedDesired>;
  readonly stale: Stale | undefined;
}

async function readTree(path: string, signal: AbortSignal): Promise<ReadTree> {
  const location = parseDesiredLocation(path);
  switch (location.kind) {
    case 'directory':
      return await readDirectory(path, signal);
    case 'git':
      return await readRepository(location, signal);
    case 'invalid':
      return { loaded: unknown(location.why), stale: undefined };
    default:
      return assertNever(location, 'location');
  }
}

/** Whoever only looks has no state directory of its own: what is fetched is gone afterwards. */
async function readRepository(location: GitLocation, signal: AbortSignal): Promise<ReadTree> {
  const { createDesiredGit } = await import('../adapters/git/desired-git.ts');
  return await withScratch(async (stateDir) => {
    const source = createDesiredGit({
      location,
      stateDir,
      clock: createClock(),
      log: sayingLog(() => undefined),
      holdsLock: false,
      isSigned: false,
      isShallow: true,
    });
    const loader = new DesiredLoader({ source, treeName: location.folder });
    return { loaded: await loader.load(signal), stale: loader.progress.stale };
  });
}

async function readDirectory(path: string, signal: AbortSignal): Promise<ReadTree> {
  const log = sayingLog(() => undefined);
  const source = createDesiredDirectory({ directory: path, clock: createClock(), log });
  const loader = new DesiredLoader({ source, treeName: path });
  return { loaded: await loader.load(signal), stale: loader.progress.stale };
}
