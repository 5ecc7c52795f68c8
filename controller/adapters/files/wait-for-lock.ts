/** The lock of a state directory for a daemon: waited for, since the next one may be meant to take over. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CiWarmError } from '../../model/failure.ts';
import { acquireLock, type LockOptions, type StateLock } from './lock.ts';

const RETRY_MS = 2_000;

/**
 * Takes the lock as soon as it is free. `onBusy` is told once, by whom it is held. Undefined when the signal aborted
 * first. Errors: `tool-failed`, `disk-full`.
 */
export async function waitForLock(
  options: LockOptions,
  onBusy: (why: string) => void,
  signal: AbortSignal,
): Promise<StateLock | undefined> {
  let isTold = false;
  while (!signal.aborted) {
    try {
      return await acquireLock(options);
    } catch (thrown) {
      if (!(thrown instanceof CiWarmError) || thrown.code !== 'busy') throw thrown;
      if (!isTold) onBusy(thrown.message);
      isTold = true;
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
