/**
 * Virtual time: a heap of timers and nothing else. No real clock is ever read; whoever drives the world runs one timer
 * after another, in order of time and, within one moment, in order of making.
 */

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  /** Running it lets a promise settle: whoever waits must get its turn before the next timer. */
  readonly isAwaited: boolean;
  isCancelled: boolean;
}

export class SimTime {
  #nowMs: number;
  #made = 0;
  readonly #heap: Timer[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Returns how to cancel it. */
  after(delayMs: number, run: () => void, isAwaited = false): () => void {
    const order = (this.#made += 1);
    const atMs = this.#nowMs + Math.max(0, delayMs);
    const timer: Timer = { atMs, order, run, isAwaited, isCancelled: false };
    this.#heap.push(timer);
    this.#up(this.#heap.length - 1);
    return () => {
      timer.isCancelled = true;
    };
  }

  /** `awaited`: somebody's promise may have settled. `idle`: there is none until `untilMs`, which it is then. */
  runNext(untilMs = Infinity): 'idle' | 'quiet' | 'awaited' {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || (!first.isCancelled && first.atMs > untilMs)) {
        if (untilMs !== Infinity) this.#nowMs = Math.max(this.#nowMs, untilMs);
        return 'idle';
      }
      this.#removeFirst();
      if (first.isCancelled) continue;
      this.#nowMs = Math.max(this.#nowMs, first.atMs);
      first.run();
      return first.isAwaited ? 'awaited' : 'quiet';
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down(0);
  }

  #up(from: number): void {
    for (let place = from; place > 0;) {
      const parent = (place - 1) >> 1;
      if (!this.#swapUnlessOrdered(parent, place)) return;
      place = parent;
    }
  }

  #down(from: number): void {
    for (let place = from; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const child = this.#isBefore(right, left) ? right : left;
      if (child >= this.#heap.length || !this.#swapUnlessOrdered(place, child)) return;
      place = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one === undefined || other === undefined) return false;
    return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
  }

  #swapUnlessOrdered(parent: number, child: number): boolean {
    const [upper, lower] = [this.#heap[parent], this.#heap[child]];
    if (upper === undefined || lower === undefined || !this.#isBefore(child, parent)) return false;
    this.#heap[parent] = lower;
    this.#heap[child] = upper;
    return true;
  }
}

/** Lets everything that can go on without time go on. A promise that failed, and that nobody looks at, ends the process. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * The same where only promises can go on: Node runs all of them before its next tick, and does not go round its event
 * loop for it, which costs far more. What nobody looks at shows at the next `turn`.
 */
export async function turnOfPromises(): Promise<void> {
  // The tick has to be asked for where promises run: elsewhere it would come before them.
  await Promise.resolve();
  await new Promise<void>((resolve) => {
    process.nextTick(resolve);
  });
}
