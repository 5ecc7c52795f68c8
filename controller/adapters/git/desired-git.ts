/**
 * Desired state from a branch of a git repository (ports/desired-source.ts): mirrored below the state directory, read
 * from git's objects, and followed forward only.
 *
 * A tip that does not hold what was applied last in its history, or has no signature where one is demanded, is refused:
 * then what was applied is read from the mirror and stays wanted (L1). An idle pass starts no process.
 */
import { join } from 'node:path';
import type { AppliedDesired } from '../../model/applied-desired.ts';
import type { GitLocation } from '../../model/desired-location.ts';
import { DesiredStaleError } from '../../model/desired-stale.ts';
import { reasonOf } from '../../model/failure.ts';
import { parseCommitSha } from '../../model/names.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DesiredSource, DesiredTree } from '../../ports/desired-source.ts';
import type { Log } from '../../ports/log.ts';
import { readDesiredFiles } from './desired-files.ts';
import { BranchLook } from './desired-look.ts';
import {
  borrowDesiredMirror,
  ensureDesiredMirror,
  hasCommit,
  isForward,
  originOf,
} from './desired-mirror.ts';
import { demandSignature } from './desired-signature.ts';
import type { Mirror } from './git.ts';

export interface DesiredGitOptions {
  readonly location: GitLocation;
  /** The mirror is kept in `.cache/desired/` below it, and can be deleted while ci-warm does not run. */
  readonly stateDir: string;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly log: Log;
  /**
   * Whether the mirror is ours to write to. Whoever has no lock works in a mirror of its own that borrows from it, below
   * `scratch`.
   */
  readonly holdsLock: boolean;
  /** A folder of this look's own, gone after it; left out: the mirror is used as it is. */
  readonly scratch?: string;
  /** Follow only commits whose signature `git verify-commit` accepts. */
  readonly isSigned: boolean;
  /** For one look at a tree, without what it was before. */
  readonly isShallow?: boolean;
  /** How often a remote is asked; default 60 s. */
  readonly intervalMs?: number;
}

const INTERVAL_MS = 60_000;
const KEPT = '.cache/desired';

export function createDesiredGit(options: DesiredGitOptions): DesiredSource {
  return new DesiredGit(options);
}

class DesiredGit implements DesiredSource {
  readonly #options: DesiredGitOptions;
  readonly #origin: string;
  readonly #look: BranchLook;
  #mirror: Mirror | undefined;
  /** Of the last commits that were asked for: the tip, and what was applied. */
  #trees: readonly DesiredTree[] = [];
  /** Pairs of commits that were compared: their answer never changes. */
  readonly #forward = new Map<string, boolean>();
  #signature:
    | { readonly commit: string; readonly atMs: number; readonly error: Error | undefined }
    | undefined;

  constructor(options: DesiredGitOptions) {
    const { location, clock, holdsLock, isShallow = false, intervalMs = INTERVAL_MS } = options;
    this.#options = options;
    this.#origin = originOf(location);
    this.#look = new BranchLook({
      location,
      clock,
      intervalMs,
      fetch: { keeps: holdsLock, isShallow },
      openMirror: (signal) => this.#openMirror(signal),
    });
  }

  async read(signal: AbortSignal, applied?: AppliedDesired): Promise<DesiredTree> {
    const look = await this.#look.now(signal);
    if (look.kind === 'failed') throw look.error;
    const { commit } = look;
    if (applied !== undefined && applied.origin === this.#origin) {
      await this.#demandForward(applied.revision, commit, signal);
    }
    if (this.#options.isSigned) await this.#demandSigned(commit, signal);
    return await this.#tree(commit, signal);
  }

  async readApplied(
    { revision, origin }: AppliedDesired,
    signal: AbortSignal,
  ): Promise<DesiredTree | undefined> {
    if (origin !== this.#origin || parseCommitSha(revision) === undefined) return undefined;
    try {
      const mirror = await this.#openMirror(signal);
      if (!this.#remembers(revision) && !(await hasCommit(mirror, revision, signal))) {
        return undefined;
      }
      return await this.#tree(revision, signal);
    } catch {
      return undefined;
    }
  }

  lookAnew(): void {
    if (this.#signature?.error !== undefined) this.#signature = undefined;
    this.#look.lookAnew();
  }

  async watch(onChange: () => void, signal: AbortSignal): Promise<void> {
    await this.#look.watch(onChange, signal);
  }

  async #demandForward(applied: string, commit: string, signal: AbortSignal): Promise<void> {
    const key = `${applied}..${commit}`;
    const before = this.#forward.get(key);
    const follows =
      before ?? (await isForward(await this.#openMirror(signal), applied, commit, signal));
    // One pair is enough: the next comes with the next commit.
    if (before === undefined) this.#forward.clear();
    this.#forward.set(key, follows);
    if (follows) return;
    const { shown } = this.#options.location;
    throw new DesiredStaleError({
      code: 'history-rewritten',
      why: `the history of ${shown} was rewritten: its newest commit ${commit.slice(0, 12)} does not follow ${applied.slice(0, 12)}, which was applied last`,
      resolve: `push a commit that follows ${applied}`,
      refused: commit,
    });
  }

  /** A good signature stays good; a bad one is looked at again, because the keys that count may be others by then. */
  async #demandSigned(commit: string, signal: AbortSignal): Promise<void> {
    const { clock, location, intervalMs = INTERVAL_MS } = this.#options;
    if (this.#signature?.commit === commit) {
      const { atMs, error } = this.#signature;
      if (error === undefined) return;
      if (clock.now() - atMs < intervalMs) throw error;
    }
    const mirror = await this.#openMirror(signal);
    let error: Error | undefined;
    try {
      await demandSignature(mirror, commit, location.shown, signal);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      error = thrown instanceof Error ? thrown : new Error(reasonOf(thrown));
    }
    this.#signature = { commit, atMs: clock.now(), error };
    if (error !== undefined) throw error;
  }

  #remembers(commit: string): boolean {
    return this.#trees.some(({ revision }) => revision === commit);
  }

  async #tree(commit: string, signal: AbortSignal): Promise<DesiredTree> {
    const remembered = this.#trees.find(({ revision }) => revision === commit);
    if (remembered !== undefined) return remembered;
    const { location, log } = this.#options;
    const files = await readDesiredFiles(await this.#openMirror(signal), commit, location, signal);
    const tree = {
      revision: commit,
      baseDirectory: location.base,
      files,
      origin: this.#origin,
    };
    log.info('desired state read', { repository: location.shown, commit });
    this.#trees = [tree, ...this.#trees].slice(0, 2);
    return tree;
  }

  async #openMirror(signal: AbortSignal): Promise<Mirror> {
    const { stateDir, location, scratch } = this.#options;
    const kept = join(stateDir, KEPT);
    this.#mirror ??= await (scratch === undefined
      ? ensureDesiredMirror(kept, location, signal)
      : borrowDesiredMirror(kept, join(scratch, KEPT), location, signal));
    return this.#mirror;
  }
}
