import { describe, expect, test } from 'vitest';
import { acquireLock } from '../../../controller/adapters/files/lock.ts';
import { waitForLock } from '../../../controller/adapters/files/wait-for-lock.ts';
import { temporaryDirectory } from './samples.ts';

const options = { pid: process.pid, startedAt: '2026-11-21T09:30:00.000Z' };

describe('a daemon that finds its state directory held', () => {
  test('says once by whom, and has the lock when it is free', async () => {
    const wanted = { stateDir: temporaryDirectory(), ...options };
    const first = await acquireLock(wanted);
    const told: string[] = [];
    const isTold = Promise.withResolvers<undefined>();

    const waiting = waitForLock(
      wanted,
      (why) => {
        told.push(why);
        isTold.resolve(undefined);
      },
      new AbortController().signal,
    );
    await isTold.promise;
    await first.release();
    const second = await waiting;

    expect(told).toEqual([expect.stringContaining(`process ${String(process.pid)}`)]);
    expect(second).toBeDefined();
    await second?.release();
  });

  test('stops waiting when it is told to stop', async () => {
    const wanted = { stateDir: temporaryDirectory(), ...options };
    const first = await acquireLock(wanted);
    const stop = new AbortController();

    const waiting = waitForLock(wanted, () => stop.abort(), stop.signal);

    await expect(waiting).resolves.toBeUndefined();
    await first.release();
  });
});
