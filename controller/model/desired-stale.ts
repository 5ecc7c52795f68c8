/** Why newer desired state is not followed: what every source, and the loader, say instead of a tree (L1). */
import { CiWarmError } from './failure.ts';

/**
 * - `unreadable`: the tree, or what is remembered of it, cannot be read.
 * - `fetch-failed`: the repository did not answer.
 * - `history-rewritten`: the branch no longer holds what was applied last.
 * - `unsigned`: the newest commit has no signature that git accepts.
 * - `empty`: there is not one YAML file.
 * - `mass-removal`: more than half of the objects would be gone at once.
 */
export type StaleCode =
  'unreadable' | 'fetch-failed' | 'history-rewritten' | 'unsigned' | 'empty' | 'mass-removal';

export interface Stale {
  readonly code: StaleCode;
  /** A sentence for people, without a credential. */
  readonly why: string;
  /** What a person does about it. */
  readonly resolve: string;
  /** The revision that was refused; undefined where none was seen. */
  readonly refused?: string;
}

/** As something to throw; `why` where nobody said what it is. */
export function staleError(stale: Stale | undefined, why: string): DesiredStaleError {
  return new DesiredStaleError(stale ?? unreadable(why));
}

/** A tree that cannot be read, and the way out where nobody knows a better one. */
export function unreadable(why: string): Stale {
  const resolve = 'put the tree back, or start the controller with the right --desired';
  return { code: 'unreadable', why, resolve };
}

export class DesiredStaleError extends CiWarmError {
  readonly stale: Stale;

  constructor(stale: Stale, cause?: unknown) {
    super('no-answer', stale.why, cause);
    this.name = 'DesiredStaleError';
    this.stale = stale;
  }
}
