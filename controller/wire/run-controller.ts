/** The composition of a controller that works until it is told to stop, or with `once` until nothing is left to do. */
import { resolve } from 'node:path';
import { closeToOthers } from '../adapters/files/close-to-others.ts';
import { acquireLock } from '../adapters/files/lock.ts';
import { waitForLock } from '../adapters/files/wait-for-lock.ts';
import { createStderrLog } from '../adapters/system/log.ts';
import { shownLocation } from '../model/desired-location.ts';
import { createControl } from '../reconcile/control.ts';
import { runForever, runOnce, type LoopDeps } from '../reconcile/loop.ts';
import { deliverBeside } from '../reconcile/outbox.ts';
import { judgeOnce } from '../reconcile/verdict.ts';
import type { Wake } from '../reconcile/wake.ts';
import { keepLease } from './keep-lease.ts';
import { openControl } from './open-control.ts';
import { wire, type WireOptions } from './wire.ts';

export interface ControllerOptions {
  /** The desired tree, as typed: a directory, or a repository. */
  readonly desired: string;
  /** Of a repository, follow only commits with a good signature. */
  readonly desiredSigned: boolean;
  /** The state directory. */
  readonly state: string;
  readonly once: boolean;
  readonly signal: AbortSignal;
}

/**
 * Runs the controller and returns its exit code. Where another one holds the state directory, or the lease in the Swarm,
 * it waits; with `once` it throws `busy`.
 */
export async function runController(options: ControllerOptions): Promise<number> {
  const log = await createStderrLog('info', process.env);
  const stateDir = resolve(options.state);
  const startedAt = new Date().toISOString();
  const wanted = { stateDir, pid: process.pid, startedAt };
  const lock = options.once
    ? await acquireLock(wanted)
    : await waitForLock(
        wanted,
        (why) => log.warn('waits until it is alone', { why }),
        options.signal,
      );
  if (lock === undefined) return 0;
  try {
    return await work({ ...options, stateDir, log, startedAt });
  } finally {
    await lock.release();
  }
}

/** With the lock held. The leases are given back whatever happens. */
async function work(options: ControllerOptions & Omit<WireOptions, 'holdsLock'>): Promise<number> {
  const { stateDir, log, signal } = options;
  const closed = closeToOthers(stateDir);
  for (const path of closed.paths) log.info('is closed to other users from now on', { path });
  for (const why of closed.troubles) log.warn('other users may read the data of an app', { why });
  const { leases, outbox, ...wired } = wire({ ...options, holdsLock: true });
  const lease = await keepLease({ ...wired, leases }, stateDir, log, signal);
  const deps = { ...wired, lease };
  const commands = await openControl(stateDir, createControl(withFreshLook(deps)), log);
  try {
    log.info('controller starts', { desired: shownLocation(options.desired), state: stateDir });
    if (!options.once) {
      await deliverBeside(outbox, signal, () => runForever(deps, signal));
      return 0;
    }
    const pass = await deliverBeside(outbox, signal, () => runOnce(deps, signal));
    return pass === undefined ? 0 : judgeOnce(pass, deps.runners.ended, deps.reporter.statuses);
  } finally {
    await commands.close();
    await lease.close();
  }
}

/** A command that waits for the next pass waits for desired state as it is now, not as its timer saw it last. */
function withFreshLook(
  deps: LoopDeps,
): Omit<LoopDeps, 'wake'> & { readonly wake: Pick<Wake, 'activate'> } {
  const activate = (): void => {
    deps.source.lookAnew?.();
    deps.wake.activate();
  };
  return { ...deps, wake: { activate } };
}
