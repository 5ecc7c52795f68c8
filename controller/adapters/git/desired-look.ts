/**
 * Where the branch of the desired state is, asked as seldom as will do: a repository on this machine when `stat` says that
 * it changed, a remote one by its own timer, and after failures with growing pauses. A pass in between costs no process
 * and never waits for a remote.
 */
import type { GitLocation } from '../../model/desired-location.ts';
import { DesiredStaleError } from '../../model/desired-stale.ts';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import { fetchBranch, hasCommit, lookAtBranch } from './desired-mirror.ts';
import type { Mirror } from './git.ts';
import { isSettled, isUnchanged, stampOf, type SourceStamp } from './source-stamp.ts';

export type Look =
  | { readonly kind: 'at'; readonly commit: string }
  | { readonly kind: 'failed'; readonly error: DesiredStaleError };

export interface BranchLookOptions {
  readonly location: GitLocation;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly intervalMs: number;
  readonly fetch: { readonly keeps: boolean; readonly isShallow: boolean };
  readonly openMirror: (signal: AbortSignal) => Promise<Mirror>;
}

interface Seen {
  readonly look: Look;
  readonly atMs: number;
  /** Of a repository on this machine; undefined: it cannot be trusted to differ after the next change. */
  readonly stamp: SourceStamp | undefined;
  /** The stamp's text, trusted or not. */
  readonly text: string | undefined;
}

/** The longest pause after failures. */
const PAUSE_MAX_MS = 15 * 60_000;
/** How often a repository on this machine is looked at by `stat`, between passes. */
const STAT_INTERVAL_MS = 2_000;

export class BranchLook {
  readonly #options: BranchLookOptions;
  #seen: Seen | undefined;
  #failures = 0;
  #isWatched = false;
  #isAsked = false;
  /** One talk at a time: git's own locks would make the second fail. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: BranchLookOptions) {
    this.#options = options;
  }

  /**
   * The same object while nothing was seen to change. With a watch, a remote is only asked by it, but for the first time.
   * Errors: `aborted`.
   */
  async now(signal: AbortSignal): Promise<Look> {
    if (this.#seen !== undefined && !this.#isDue(this.#isWatched)) return this.#seen.look;
    return await this.#inTurn(() => this.#look(signal));
  }

  /** The next `now` asks, whatever the timer and the pauses after failures say. */
  lookAnew(): void {
    this.#isAsked = true;
  }

  /** Calls `onChange` after a look that saw something else. Until the signal aborts; never rejects. */
  async watch(onChange: () => void, signal: AbortSignal): Promise<void> {
    const { clock, location } = this.#options;
    const isOver = (): boolean => signal.aborted;
    this.#isWatched = true;
    while (!isOver()) {
      await clock.sleep(
        location.localPath === undefined ? this.#pauseMs() : STAT_INTERVAL_MS,
        signal,
      );
      if (isOver()) break;
      if (location.localPath !== undefined) {
        // The pass that follows looks itself.
        if (this.#isDue(false) && this.#wouldTell()) onChange();
        continue;
      }
      const before = this.#seen?.look;
      const after = await this.#inTurn(() => this.#look(signal)).catch(() => before);
      if (!isSame(before, after)) onChange();
    }
    this.#isWatched = false;
  }

  #isDue(isWatched: boolean): boolean {
    const seen = this.#seen;
    if (seen === undefined || this.#isAsked) return true;
    const { clock, location } = this.#options;
    const isLate = clock.now() - seen.atMs >= this.#pauseMs();
    if (location.localPath === undefined) return isLate && !isWatched;
    const stamp = stampOf(location.localPath);
    if (seen.look.kind === 'failed') return isLate || stamp?.text !== seen.stamp?.text;
    // Of a shape that `stat` cannot judge: by the timer, as a remote one.
    if (seen.stamp === undefined && stamp === undefined) return isLate;
    return !isUnchanged(seen.stamp, stamp);
  }

  /**
   * Whether a look would be trusted. A repository that was changed just now is looked at once more when that is over; one
   * whose clock is ahead is left to the passes.
   */
  #wouldTell(): boolean {
    const { clock, location } = this.#options;
    const stamp = location.localPath === undefined ? undefined : stampOf(location.localPath);
    const isOther = stamp?.text !== this.#seen?.text;
    return isOther || stamp === undefined || isSettled(stamp, clock.now());
  }

  #pauseMs(): number {
    return Math.min(PAUSE_MAX_MS, this.#options.intervalMs * 2 ** Math.max(0, this.#failures - 1));
  }

  async #look(signal: AbortSignal): Promise<Look> {
    const { location, clock } = this.#options;
    const atMs = clock.now();
    this.#isAsked = false;
    // Before the look: a change in between is then seen the next time.
    const stamp = location.localPath === undefined ? undefined : stampOf(location.localPath);
    const look = await this.#ask(signal);
    this.#failures = look.kind === 'failed' ? this.#failures + 1 : 0;
    const isTrusted = stamp !== undefined && (isSettled(stamp, atMs) || look.kind === 'failed');
    this.#seen = {
      look: isSame(this.#seen?.look, look) && this.#seen !== undefined ? this.#seen.look : look,
      atMs,
      stamp: isTrusted ? stamp : undefined,
      text: stamp?.text,
    };
    return this.#seen.look;
  }

  async #ask(signal: AbortSignal): Promise<Look> {
    const { location, fetch, openMirror } = this.#options;
    try {
      const mirror = await openMirror(signal);
      const commit = await lookAtBranch(mirror, location, signal);
      if (await hasCommit(mirror, commit, signal)) return { kind: 'at', commit };
      await fetchBranch(mirror, location, fetch, signal);
      if (await hasCommit(mirror, commit, signal)) return { kind: 'at', commit };
      throw new CiWarmError(
        'no-answer',
        `${location.shown} changed while it was fetched; it is looked at again`,
      );
    } catch (error) {
      if (signal.aborted) throw error;
      return { kind: 'failed', error: asStale(error) };
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => undefined);
    return await result;
  }
}

/** Git is missing, the disk is full: as little of the repository is known as when it does not answer. */
function asStale(error: unknown): DesiredStaleError {
  if (error instanceof DesiredStaleError) return error;
  const resolve =
    'see that git works here and that the state directory can be written: ci-warm doctor';
  return new DesiredStaleError({ code: 'fetch-failed', why: reasonOf(error), resolve }, error);
}

function isSame(a: Look | undefined, b: Look | undefined): boolean {
  if (a?.kind === 'at' && b?.kind === 'at') return a.commit === b.commit;
  if (a?.kind === 'failed' && b?.kind === 'failed') return a.error.message === b.error.message;
  return a === b;
}
