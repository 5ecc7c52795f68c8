/** What `--desired` may be, and what is said where it cannot be used or read. */
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDesiredLocation } from '../model/desired-location.ts';
import { DesiredStaleError } from '../model/desired-stale.ts';
import { CliError } from './cli-error.ts';
import { exitCode } from './exit-codes.ts';

/**
 * Throws a `CliError` for what is no repository that git can be asked for, and where signatures are demanded of a
 * directory, which has none. A directory may come into being later.
 */
export function demandLocation(desired: string, isSigned = false): void {
  const { kind, ...location } = parseDesiredLocation(desired);
  if ('why' in location) throw new CliError(exitCode.usage, location.why);
  if (isSigned && kind === 'directory') {
    throw new CliError(
      exitCode.usage,
      '--desired-signed is for a repository: a directory has no commits that could be signed',
      'the same with --desired git+…, or without --desired-signed',
    );
  }
}

/** The same, and a directory has to be there. `kind`: what it should be, `next`: what to type instead. */
export function demandTree(desired: string, kind: string, next: string): void {
  demandLocation(desired);
  if (parseDesiredLocation(desired).kind !== 'directory' || existsSync(desired)) return;
  const target = linkTarget(desired);
  const why =
    target === undefined
      ? `there is no ${kind} ${desired}`
      : `${desired} is a link that leads nowhere: it points to ${target}, which is not there`;
  throw new CliError(exitCode.usage, why, next);
}

/** What stands in the link, and where that is unless it says so itself; undefined: it is no link. */
function linkTarget(path: string): string | undefined {
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return undefined;
    const written = readlinkSync(path);
    const meant = resolve(dirname(path), written);
    return meant === written ? written : `${written} (${meant})`;
  } catch {
    // Not even a look at it is allowed: then all that is known is that it cannot be used.
    return undefined;
  }
}

/** A tree that cannot be read is the input's fault; a repository that does not answer is nobody's. */
export function desiredFailure(thrown: unknown): unknown {
  if (!(thrown instanceof DesiredStaleError)) return thrown;
  const { code, why, resolve } = thrown.stale;
  const exit = code === 'fetch-failed' ? exitCode.unreachable : exitCode.usage;
  return new CliError(exit, why, resolve);
}
