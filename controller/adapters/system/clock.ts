/** The real clock (ports/clock.ts), and the one source of ids. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';

/** Node's timers take no longer wait than this; a longer one would end at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export function createClock(): Clock {
  return {
    now: () => Date.now(),
    sleep: async (ms, signal) => {
      // The timer keeps the process alive: `--once` must not end while something is being waited for.
      for (let left = ms; left > 0 && !signal.aborted; left -= TIMER_MAX_MS) {
        await timer(Math.min(left, TIMER_MAX_MS), signal);
      }
    },
    newId: () => {
      const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase();
      return `${time}-${randomBytes(3).toString('hex')}`;
    },
  };
}

/** The listener is taken off again: a signal may live as long as the process. */
function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(handle);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const handle = setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
  });
}
