/**
 * Who waits for a pass: whoever asks gets the first one that begins after the question, so that it saw everything that
 * was there when they asked. A pass that failed saw nothing; they wait for the next.
 */
import type { Pass } from './pass.ts';

type Waiter = (pass: Pass) => void;

export class PassBoard {
  #waiters = new Set<Waiter>();

  /** To be called before a pass looks at anything. What is returned is told what came of it; undefined: it failed. */
  begin(): (pass: Pass | undefined) => void {
    const waiters = this.#waiters;
    this.#waiters = new Set();
    return (pass) => {
      for (const waiter of waiters) {
        if (pass === undefined) this.#waiters.add(waiter);
        else waiter(pass);
      }
    };
  }

  /** The next pass that begins, when it is over. Throws the signal's reason when that aborts first. */
  async next(signal: AbortSignal): Promise<Pass> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Pass>();
    const onAbort = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('nobody waits any more'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiters.add(resolve);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}
