/**
 * The first step of a pass: what people want now. An unchanged tree is not parsed again.
 *
 * Newer desired state is refused as a whole where it cannot be had, does not follow what was applied, or lacks more than
 * half of it. Then what was applied stays wanted, from the source's history where it has one; else nothing is known (L1).
 */
import type { AppliedDesired } from '../model/applied-desired.ts';
import type { SettingsSpec } from '../model/desired.ts';
import { DesiredStaleError, unreadable, type Stale } from '../model/desired-stale.ts';
import { reasonOf } from '../model/failure.ts';
import { known, unknown, type Known } from '../model/known.ts';
import type { LoadedDesired } from '../model/spec-problem.ts';
import type { AppliedStore } from '../ports/applied-store.ts';
import type { DesiredSource, DesiredTree } from '../ports/desired-source.ts';
import { loadDesired } from '../spec/load.ts';
import { objectsOf, removedAtOnce } from '../spec/removal.ts';

/** Removed objects that are named in a message. */
const NAMED_MAX = 5;

export interface LoadDeps {
  readonly source: DesiredSource;
  /** How the tree is called in problems. */
  readonly treeName: string;
  /** Left out: a tree is only looked at, and whatever it says is taken as it is. */
  readonly applied?: AppliedStore;
}

/** What became of desired state in the last load. */
export interface DesiredProgress {
  /** Of the tree that the answer is made of; empty before the first. */
  readonly revision: string;
  /** Why newer state is not followed; undefined: there is none, or it was taken over. */
  readonly stale: Stale | undefined;
  readonly lastApplied: string | undefined;
  /** The newest revision that was seen, applied or not. */
  readonly lastAttempted: string | undefined;
}

/** Remembers the trees it parsed: the source answers with the same object while nothing changed. */
export class DesiredLoader {
  readonly #deps: LoadDeps;
  readonly #parsed = new WeakMap<DesiredTree, LoadedDesired>();
  #progress: DesiredProgress = {
    revision: '',
    stale: undefined,
    lastApplied: undefined,
    lastAttempted: undefined,
  };

  #settings: SettingsSpec | undefined;

  constructor(deps: LoadDeps) {
    this.#deps = deps;
  }

  get progress(): DesiredProgress {
    return this.#progress;
  }

  /** As they were last known to hold; undefined until then. */
  get settings(): SettingsSpec | undefined {
    return this.#settings;
  }

  /** Unknown when there is nothing that may be followed: then what was wanted before is still wanted. */
  async load(signal: AbortSignal): Promise<Known<LoadedDesired>> {
    const remembered = (await this.#deps.applied?.read()) ?? known(undefined);
    if (!remembered.known) {
      const resolve = 'repair the file, or remove it to take desired state as it is now';
      return this.#nothing({ code: 'unreadable', why: remembered.why, resolve }, undefined);
    }
    const applied = remembered.value;
    try {
      return this.#answer(await this.#follow(applied, signal));
    } catch (thrown) {
      const stale = this.#withWayOut(staleOf(thrown));
      const tree =
        applied === undefined ? undefined : await this.#deps.source.readApplied?.(applied, signal);
      if (tree === undefined) return this.#nothing(stale, applied);
      this.#progress = { ...this.#refused(stale, applied), revision: tree.revision };
      return this.#answer(this.parse(tree));
    }
  }

  #answer(loaded: LoadedDesired): Known<LoadedDesired> {
    this.#settings = loaded.desired?.settings ?? this.#settings;
    return known(loaded);
  }

  async #follow(applied: AppliedDesired | undefined, signal: AbortSignal): Promise<LoadedDesired> {
    const { source, applied: store } = this.#deps;
    const tree = await source.read(signal, applied);
    const { revision, origin = null } = tree;
    const loaded = this.parse(tree);
    const isNew = applied?.revision !== revision || applied.origin !== origin;
    const objects = isNew ? objectsOf(loaded) : undefined;
    if (objects !== undefined) {
      const before = applied?.objects ?? [];
      if (!loaded.incomplete) refuseMassRemoval(applied, objects, revision);
      // What an unreadable file stands for is not gone: it counts until the tree is whole again.
      const all = loaded.incomplete ? [...new Set([...before, ...objects])].sort() : objects;
      await store?.write({ revision, origin, objects: all }).catch(refuseUnwritten);
    }
    const lastApplied = objects === undefined ? applied?.revision : revision;
    this.#progress = { revision, stale: undefined, lastApplied, lastAttempted: revision };
    return loaded;
  }

  protected parse(tree: DesiredTree): LoadedDesired {
    const before = this.#parsed.get(tree);
    if (before !== undefined) return before;
    const { revision, baseDirectory } = tree;
    const loaded = loadDesired(tree.files, { revision, baseDirectory, tree: this.#deps.treeName });
    this.#parsed.set(tree, loaded);
    return loaded;
  }

  #nothing(stale: Stale, applied: AppliedDesired | undefined): Known<never> {
    this.#progress = this.#refused(stale, applied);
    return unknown(stale.why);
  }

  #refused(stale: Stale, applied: AppliedDesired | undefined): DesiredProgress {
    const { revision, lastAttempted } = this.#progress;
    return {
      revision,
      stale,
      lastApplied: applied?.revision,
      lastAttempted: stale.refused ?? lastAttempted ?? applied?.revision,
    };
  }

  /** Where a person may want just this, the message says how to have it. */
  #withWayOut(stale: Stale): Stale {
    const path = this.#deps.applied?.path;
    const mayBeWanted = stale.code === 'history-rewritten' || stale.code === 'mass-removal';
    if (path === undefined || !mayBeWanted) return stale;
    return { ...stale, resolve: `${stale.resolve}; or, to take it as it is: rm ${path}` };
  }
}

function staleOf(thrown: unknown): Stale {
  if (thrown instanceof DesiredStaleError) return thrown.stale;
  return unreadable(reasonOf(thrown));
}

/** What cannot be remembered as applied is not applied: after a restart it would be followed by anything. */
function refuseUnwritten(thrown: unknown): never {
  const resolve = 'see that the state directory can be written and has room';
  throw new DesiredStaleError({ code: 'unreadable', why: reasonOf(thrown), resolve }, thrown);
}

function refuseMassRemoval(
  applied: AppliedDesired | undefined,
  now: readonly string[],
  refused: string,
): void {
  if (applied === undefined) return;
  const { objects: before, revision } = applied;
  const gone = removedAtOnce(before, now);
  if (gone === undefined) return;
  const named = gone.slice(0, NAMED_MAX).join(', ');
  const more = gone.length > NAMED_MAX ? `, and ${String(gone.length - NAMED_MAX)} more` : '';
  throw new DesiredStaleError({
    code: 'mass-removal',
    why: `${String(gone.length)} of ${String(before.length)} objects would be gone at once (${named}${more}), compared with ${short(revision)}: more than half is taken for a mistake`,
    resolve: 'put them back, or remove them in steps of at most half, each applied before the next',
    refused,
  });
}

/** As people see it in a forge, or enough of a digest. */
function short(revision: string): string {
  return revision.startsWith('sha256:') ? revision.slice(0, 19) : revision.slice(0, 12);
}
