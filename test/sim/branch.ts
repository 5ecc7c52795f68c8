/**
 * The branch that people push what they want to, and what may be wrong with it: it was rewritten, it is away, or most of it
 * is gone. Whatever it held before is in the controller's mirror.
 */
import type { Stale } from '../../controller/model/desired-stale.ts';
import type { DesiredTree } from '../../controller/ports/desired-source.ts';
import type { DesiredProgress } from '../../controller/reconcile/load.ts';

export type Trouble = 'rewritten' | 'away' | 'half-gone';

export class Branch {
  readonly #trees = new Map<string, DesiredTree>();
  #tip: DesiredTree;
  #trouble: { readonly kind: Trouble; readonly sinceMs: number } | undefined;
  #followed: string | undefined;

  constructor(tip: DesiredTree) {
    this.#tip = tip;
    this.#trees.set(tip.revision, tip);
  }

  /** What a look at it finds. */
  get tip(): DesiredTree {
    if (this.#trouble?.kind === 'rewritten') {
      return { ...this.#tip, revision: `rewritten ${this.#tip.revision}` };
    }
    if (this.#trouble?.kind !== 'half-gone') return this.#tip;
    const files = this.#tip.files.filter(({ path }) => path === 'settings.yaml');
    return { ...this.#tip, revision: `half of ${this.#tip.revision}`, files };
  }

  get isTroubled(): boolean {
    return this.#trouble !== undefined;
  }

  push(tip: DesiredTree): void {
    this.#tip = tip;
    this.#trees.set(tip.revision, tip);
  }

  at(revision: string): DesiredTree | undefined {
    return this.#trees.get(revision);
  }

  /** Says whether it does: only what is followed already can be refused to be left. */
  begin(kind: Trouble, nowMs: number): boolean {
    if (this.#trouble !== undefined || this.#followed !== this.#tip.revision) return false;
    this.#trouble = { kind, sinceMs: nowMs };
    return true;
  }

  end(): void {
    this.#trouble = undefined;
  }

  /** Why a source with a history says that its newest state may not be followed. */
  refusal(applied: string | undefined): Stale | undefined {
    const resolve = 'push it as it was';
    if (this.#trouble?.kind === 'away') {
      return { code: 'fetch-failed', why: 'the repository does not answer', resolve };
    }
    if (this.#trouble?.kind === 'rewritten' && applied !== undefined) {
      const why = 'the history was rewritten';
      return { code: 'history-rewritten', why, resolve, refused: this.tip.revision };
    }
    const isEmpty = this.tip.files.length === 0;
    return isEmpty ? { code: 'empty', why: 'there is no file', resolve } : undefined;
  }

  /** L1: what a load that began then has come to. */
  onLoaded({ stale, lastApplied }: DesiredProgress, beganMs: number): string | undefined {
    const isRefused = this.#trouble !== undefined && beganMs > this.#trouble.sinceMs;
    if (!isRefused) this.#followed = lastApplied;
    else if (stale === undefined || lastApplied !== this.#followed) {
      return `desired state is followed although it is to be refused: ${this.#trouble?.kind ?? ''}`;
    }
    return undefined;
  }
}
