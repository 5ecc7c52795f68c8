import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withLock } from '../../controller/setup/lock.ts';

let place: string;
let file: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ci-warm-lock-'));
  file = join(place, 'new-folder', 'lock');
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(place, { recursive: true, force: true });
});

async function isFree(): Promise<boolean> {
  return !(await execa('flock', ['-n', file, 'true'], { reject: false })).failed;
}

describe('the lock of the ground', () => {
  test('is held against other processes until the work is done', async () => {
    const during = await withLock(file, isFree);

    expect(during).toBe(false);
    expect(await isFree()).toBe(true);
  });

  test('is free again after work that failed', async () => {
    const work = withLock(file, () => Promise.reject(new Error('no')));

    await expect(work).rejects.toThrow('no');
    expect(await isFree()).toBe(true);
  });

  test('the second waits for the first, and says so', async () => {
    const steps: string[] = [];
    const { promise: started, resolve: start } = Promise.withResolvers<undefined>();
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
    const first = withLock(file, async () => {
      start(undefined);
      await released;
      steps.push('first');
    });
    await started;
    const write = vi.spyOn(process.stderr, 'write').mockImplementation(() => {
      release(undefined);
      return true;
    });

    await withLock(file, () => Promise.resolve(steps.push('second')));

    await first;
    expect(steps).toEqual(['first', 'second']);
    expect(write).toHaveBeenCalledWith(expect.stringContaining('waiting for it'));
  });
});
