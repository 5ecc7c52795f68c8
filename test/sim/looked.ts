/** What the controllers of a world have looked at, and when: what they could know of. */
export class Looked {
  readonly #viewed = new Map<string, number>();
  readonly #served = new Map<string, number>();
  #incarnation = 0;
  #sinceMs = Infinity;

  /** A pass gets to see a repository's releases. Passes of one controller do not overlap. */
  onView(recipe: string, incarnation: number, nowMs: number): void {
    this.#viewed.set(recipe, nowMs);
    if (incarnation === this.#incarnation) return;
    this.#incarnation = incarnation;
    this.#sinceMs = nowMs;
  }

  /** What the last look at the repository has seen was there at this moment. */
  viewedMs(recipe: string): number {
    return this.#viewed.get(recipe) ?? -Infinity;
  }

  /** A stack is probed; for so long it has answered without a break. 0: it does not. */
  onProbe(stack: string, servedMs: number): void {
    this.#served.set(stack, servedMs);
  }

  /** At the last probe, for how long the stack had answered. */
  servedMs(stack: string): number {
    return this.#served.get(stack) ?? 0;
  }

  /** When the controller of now first looked at anything. */
  get sinceMs(): number {
    return this.#sinceMs;
  }
}
