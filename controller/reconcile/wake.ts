/** Wake-ups without data: however many come while a pass runs, one more pass follows. */
import type { Clock } from '../ports/clock.ts';

export class Wake {
  readonly #clock: Clock;
  #isPending = false;
  #ring: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something may have changed: look soon. Takes no argument on purpose; every pass reads the world again. */
  activate = (): void => {
    this.#isPending = true;
    this.#ring?.();
  };

  /** Resolves at the next activation (at once when one is pending), after `longestMs`, or when the signal aborts. */
  async wait(longestMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#isPending && !signal.aborted) {
      const stop = new AbortController();
      const stopSleep = (): void => {
        // Nobody reads why; without a word of ours Node makes an error with a stack, at every wake-up.
        stop.abort('woken');
      };
      this.#ring = stopSleep;
      signal.addEventListener('abort', stopSleep, { once: true });
      await this.#clock.sleep(longestMs, stop.signal);
      signal.removeEventListener('abort', stopSleep);
      this.#ring = undefined;
    }
    this.#isPending = false;
  }
}
