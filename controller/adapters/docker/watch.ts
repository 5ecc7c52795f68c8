/**
 * Events of the Engine as wake-ups without data. They are hints: a manager's stream says nothing of tasks on other
 * nodes, and slow readers lose events silently, so whoever is woken reads the world.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage } from 'node:http';
import type { Connection } from './connect.ts';
import { dialStream } from './dial.ts';

/**
 * Health checks of every container create `exec_*` events all the time: those are left out at the source. So are configs,
 * for leases are renewed in them all the time, and one that a service uses cannot be removed.
 */
const filters = {
  type: ['container', 'service', 'node', 'network', 'volume', 'secret'],
  event: ['create', 'update', 'remove', 'start', 'die', 'destroy', 'health_status'],
};

const request = {
  path: '/events?',
  method: 'GET',
  query: { filters },
  registryAuth: undefined,
} as const;

export interface WatchPace {
  /** A burst (a stack deploy is dozens of events) wakes at its beginning, and then at most once in this time. */
  readonly quietMs: number;
  /** Between two attempts to open the stream: the first, doubled each time up to the last. */
  readonly backOffFirstMs: number;
  readonly backOffMaxMs: number;
}

const usualPace: WatchPace = { quietMs: 500, backOffFirstMs: 1_000, backOffMaxMs: 30_000 };

/**
 * Calls `onChange` when something may have changed, and after each time that the stream was opened: what happened while
 * it was closed is not told again. Opens it again by itself; resolves when the signal aborts, never rejects.
 */
export async function watchEvents(
  connection: Connection,
  onChange: () => void,
  signal: AbortSignal,
  pace: WatchPace = usualPace,
): Promise<void> {
  const wake = coalesce(onChange, pace.quietMs);
  let backOffMs = pace.backOffFirstMs;
  while (!signal.aborted) {
    try {
      await connection.ask(
        'listen for events',
        signal,
        async (docker, abortSignal) => {
          const stream = await dialStream(docker, request, abortSignal);
          backOffMs = pace.backOffFirstMs;
          wake.now();
          await readToEnd(stream, wake.now);
        },
        Infinity,
      );
    } catch {
      // Not told: the pass that it would have woken finds out by itself, and says so.
    }
    await sleep(backOffMs, undefined, { signal }).catch(() => undefined);
    backOffMs = Math.min(backOffMs * 2, pace.backOffMaxMs);
  }
  wake.stop();
}

async function readToEnd(stream: IncomingMessage, onData: () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  stream.on('data', onData);
  stream.on('error', reject);
  stream.on('close', () => {
    resolve(undefined);
  });
  await promise;
}

interface Coalesced {
  readonly now: () => void;
  readonly stop: () => void;
}

function coalesce(onChange: () => void, quietMs: number): Coalesced {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  function quiet(): void {
    timer = undefined;
    if (!again) return;
    again = false;
    now();
  }
  function now(): void {
    if (timer !== undefined) {
      again = true;
      return;
    }
    onChange();
    timer = setTimeout(quiet, quietMs);
  }
  return {
    now,
    stop() {
      clearTimeout(timer);
    },
  };
}
