/**
 * Recipe repositories by git: a bare mirror for each, read from its objects.
 *
 * What an idle pass costs: for a repository on this machine a handful of `stat` calls, for a remote one nothing until
 * `minIntervalMs` has gone by, and then one `git ls-remote`. A view that has not changed is the same object as before.
 *
 * A remote that does not answer is `no-answer`, never an empty list of releases (L1); commits that the mirror has can be
 * read and deployed all the same, because the way back must not depend on a forge.
 */
import { join } from 'node:path';

import { CiWarmError } from '../../model/failure.ts';
import { parseCommitSha } from '../../model/names.ts';
import type { RecipeView } from '../../model/recipe.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Recipes } from '../../ports/recipes.ts';
import { readTextsOf } from './commit-texts.ts';
import { readDiff } from './diff.ts';
import { exportTree } from './export-tree.ts';
import { FileCache, type Files } from './file-cache.ts';
import { readGit, type Mirror } from './git.ts';
import { borrowMirror, ensureMirror, fetchRemote, lookAtRemote, type Remote } from './mirror.ts';
import { readReleases } from './releases.ts';
import { repositorySourceOf, type RepositorySource } from './repository-url.ts';
import { isSettled, isUnchanged, stampOf, type SourceStamp } from './source-stamp.ts';

export interface GitRecipesOptions {
  /** Mirrors are kept in `.cache/recipes/` below it; they can be deleted while ci-warm does not run. */
  readonly stateDir: string;
  /**
   * A folder of this look's own, gone after it, for whoever has no lock: mirrors below it borrow from those that are kept,
   * and nothing of the state directory is written. Left out: the mirrors are used as they are.
   */
  readonly scratch?: string;
  readonly clock: Pick<Clock, 'now'>;
  /** How long a remote's answer is good for; default 60 s. Repositories on this machine are looked at in every pass. */
  readonly minIntervalMs?: number;
}

interface Seen {
  readonly refs: string;
  readonly view: RecipeView;
  readonly lookedAtMs: number;
  /** Of a repository on this machine; undefined: it cannot be trusted to differ after the next change. */
  readonly stamp: SourceStamp | undefined;
}

const INTERVAL_MS = 60_000;
const CACHE = '.cache';

/** One for the process: what it remembers is what makes an idle pass cheap. */
export function createGitRecipes(options: GitRecipesOptions): Recipes {
  const repositories = new Map<string, Repository>();
  const cache = new FileCache();
  const repository = (recipe: string, url: string): Repository => {
    const key = `${recipe}\n${url}`;
    const one = repositories.get(key) ?? new Repository(recipe, url, options);
    repositories.set(key, one);
    return one;
  };
  return {
    view: async (recipe, url, signal) => await repository(recipe, url).view(signal),
    files: async (recipe, url, commit, signal) => {
      const key = `${recipe}\n${url}\n${commit}`;
      const files = cache.get(key) ?? (await repository(recipe, url).files(commit, signal));
      cache.set(key, files);
      return files;
    },
    filesOf: (recipe, url, commits, signal) => repository(recipe, url).filesOf(commits, signal),
    diff: async (recipe, url, { from, to }, signal) => {
      if (from === to) return '';
      await repository(recipe, url).mirrorWith(from, signal);
      const mirror = await repository(recipe, url).mirrorWith(to, signal);
      return await readDiff(mirror, { from, to }, signal);
    },
    export: async (recipe, url, commit, directory, signal) => {
      const mirror = await repository(recipe, url).mirrorWith(commit, signal);
      await exportTree(mirror, commit, directory, signal);
    },
  };
}

class Repository {
  readonly #source: RepositorySource;
  readonly #remote: Remote;
  readonly #options: GitRecipesOptions;
  #mirror: Mirror | undefined;
  #seen: Seen | undefined;
  /** Commits that the mirror has: it never loses one. */
  readonly #commits = new Set<string>();
  /** One talk with the remote at a time: git's own locks would make the second fail. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(recipe: string, url: string, options: GitRecipesOptions) {
    this.#source = repositorySourceOf(recipe, url);
    const address = this.#source.kind === 'local' ? this.#source.path : this.#source.url;
    this.#remote = { recipe, address };
    this.#options = options;
  }

  async view(signal: AbortSignal): Promise<RecipeView> {
    return this.#fromMemory() ?? (await this.#inTurn(() => this.#look(signal)));
  }

  async files(commit: string, signal: AbortSignal): Promise<Files> {
    const mirror = await this.mirrorWith(commit, signal);
    const files = (await readTextsOf(mirror, [commit], signal)).get(commit);
    if (files !== undefined) return files;
    throw new CiWarmError('tool-failed', `git has commit ${commit}, and not its tree`);
  }

  /** The remote is asked only where one is missing, and once. */
  async filesOf(
    commits: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Files>> {
    const asked = commits.filter((commit) => parseCommitSha(commit) !== undefined);
    const mirror = await this.#inTurn(() => this.#openMirror(signal));
    const found = await readTextsOf(mirror, asked, signal);
    if (asked.every((commit) => found.has(commit))) return found;
    await this.#inTurn(() => fetchRemote(mirror, this.#remote, signal));
    return await readTextsOf(mirror, asked, signal);
  }

  /** The mirror, with this commit in it. The remote is asked only when it is not. */
  async mirrorWith(commit: string, signal: AbortSignal): Promise<Mirror> {
    if (parseCommitSha(commit) === undefined) {
      throw new CiWarmError('recipe-invalid', `\`${commit}\` is no whole commit id`);
    }
    const mirror = await this.#inTurn(() => this.#openMirror(signal));
    if (await this.#has(mirror, commit, signal)) return mirror;
    await this.#inTurn(() => fetchRemote(mirror, this.#remote, signal));
    if (await this.#has(mirror, commit, signal)) return mirror;
    throw new CiWarmError(
      'recipe-invalid',
      `recipe ${this.#remote.recipe} has no commit ${commit}: its history was rewritten, or it is another repository now`,
    );
  }

  async #has(mirror: Mirror, commit: string, signal: AbortSignal): Promise<boolean> {
    if (this.#commits.has(commit)) return true;
    if (!(await hasCommit(mirror, commit, signal))) return false;
    this.#commits.add(commit);
    return true;
  }

  /** What was seen last, where nothing can have changed since; or, for a remote, hardly can have. */
  #fromMemory(): RecipeView | undefined {
    if (this.#seen === undefined) return undefined;
    const isFresh =
      this.#source.kind === 'local' && this.#seen.stamp !== undefined
        ? isUnchanged(this.#seen.stamp, stampOf(this.#source.path))
        : this.#source.kind === 'remote' &&
          this.#options.clock.now() - this.#seen.lookedAtMs <
            (this.#options.minIntervalMs ?? INTERVAL_MS);
    return isFresh ? this.#seen.view : undefined;
  }

  async #look(signal: AbortSignal): Promise<RecipeView> {
    const remembered = this.#fromMemory();
    if (remembered !== undefined) return remembered;
    const lookedAtMs = this.#options.clock.now();
    // Before the look: a change in between is then seen the next time.
    const stamp = this.#source.kind === 'local' ? stampOf(this.#source.path) : undefined;
    const mirror = await this.#openMirror(signal);
    const refs = await lookAtRemote(mirror, this.#remote, signal);
    const view =
      this.#seen?.refs === refs.text
        ? this.#seen.view
        : await this.#fetchAndRead(mirror, refs.head, signal);
    this.#seen = {
      refs: refs.text,
      view,
      lookedAtMs,
      stamp: stamp !== undefined && isSettled(stamp, lookedAtMs) ? stamp : undefined,
    };
    return view;
  }

  async #fetchAndRead(
    mirror: Mirror,
    head: string | undefined,
    signal: AbortSignal,
  ): Promise<RecipeView> {
    await fetchRemote(mirror, this.#remote, signal);
    return { releases: await readReleases(mirror, head, signal) };
  }

  async #openMirror(signal: AbortSignal): Promise<Mirror> {
    const { stateDir, scratch } = this.#options;
    const kept = join(stateDir, CACHE);
    this.#mirror ??= await (scratch === undefined
      ? ensureMirror(kept, this.#remote, signal)
      : borrowMirror(kept, join(scratch, CACHE), this.#remote, signal));
    return this.#mirror;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => undefined);
    return await result;
  }
}

async function hasCommit(mirror: Mirror, commit: string, signal: AbortSignal): Promise<boolean> {
  const input = `${commit}^{commit}\n`;
  const doing = 'looking for a commit';
  const { stdout } = await readGit(mirror, doing, ['cat-file', '--batch-check'], signal, input);
  return stdout.startsWith(`${commit} commit `);
}
