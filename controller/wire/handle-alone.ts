/** The composition of a controller for one command: of what a person asks for where no controller runs. */
import { resolve } from 'node:path';
import { acquireLock } from '../adapters/files/lock.ts';
import { createStderrLog } from '../adapters/system/log.ts';
import type { ControlAnswer, ControlRequest } from '../model/control.ts';
import { CiWarmError } from '../model/failure.ts';
import { createControl } from '../reconcile/control.ts';
import { runForever } from '../reconcile/loop.ts';
import { keepLease } from './keep-lease.ts';
import type { LookOptions } from './look-only.ts';
import { wire } from './wire.ts';

export interface AloneOptions extends LookOptions {
  readonly timeoutMs: number;
}

/**
 * What a command asks for, where no controller runs: this process is the controller until it is done, and sees to no
 * other app. Errors: `busy` (another process is the controller), `no-answer` (Docker), `timed-out`: what was asked for
 * is written down, and the next start goes on with it.
 */
export async function handleAlone(
  options: AloneOptions,
  request: Extract<ControlRequest, { readonly name: string }>,
): Promise<ControlAnswer> {
  const log = await createStderrLog('info', process.env);
  const stateDir = resolve(options.state);
  const startedAt = new Date().toISOString();
  const lock = await acquireLock({ stateDir, pid: process.pid, startedAt });
  const stop = new AbortController();
  const onAbort = (): void => {
    stop.abort();
  };
  options.signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(onAbort, options.timeoutMs);
  try {
    const wired = wire({ ...options, stateDir, log, startedAt, holdsLock: true });
    await wired.engine.observe(stop.signal);
    const lease = await keepLease(wired, stateDir, log, stop.signal);
    const deps = { ...wired, lease, onlyApp: request.name };
    const loop = runForever(deps, stop.signal);
    try {
      return await createControl(deps).handle(request, stop.signal);
    } catch (thrown) {
      if (options.signal.aborted || !stop.signal.aborted) throw thrown;
      const message = `not done within ${String(Math.round(options.timeoutMs / 1000))} s; it is written down, and the next start of a controller goes on with it`;
      throw new CiWarmError('timed-out', message, thrown);
    } finally {
      stop.abort();
      await loop;
      await lease.close();
    }
  } finally {
    clearTimeout(timer);
    await lock.release();
  }
}
