import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createClock } from '../../../controller/adapters/system/clock.ts';

function fakeTimers(): void {
  vi.useFakeTimers({ now: Date.parse('2026-11-21T09:30:00Z') });
  onTestFinished(() => void vi.useRealTimers());
}

describe('createClock', () => {
  test('sleeps as long as it was asked to, also longer than a timer can', async () => {
    fakeTimers();
    const clock = createClock();
    const month = 30 * 24 * 3_600_000;
    let woke: number | undefined;
    void clock.sleep(month, new AbortController().signal).then(() => (woke = clock.now()));

    await vi.advanceTimersByTimeAsync(month - 1);
    const before = woke;
    await vi.advanceTimersByTimeAsync(1);

    expect(before).toBeUndefined();
    expect(woke).toBe(Date.parse('2026-12-21T09:30:00Z'));
  });

  test('wakes at once when the signal aborts, and leaves neither timer nor listener', async () => {
    fakeTimers();
    const stop = new AbortController();
    const removed = vi.spyOn(stop.signal, 'removeEventListener');
    const sleep = createClock().sleep(60_000, stop.signal);

    stop.abort();

    await expect(sleep).resolves.toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
    expect(removed).toHaveBeenCalledTimes(1);
  });

  test.each([
    { name: 'no time', ms: 0, signal: new AbortController().signal },
    { name: 'an aborted signal', ms: 60_000, signal: AbortSignal.abort() },
  ])('with $name it does not sleep at all', async ({ ms, signal }) => {
    fakeTimers();

    await createClock().sleep(ms, signal);

    expect(vi.getTimerCount()).toBe(0);
  });

  test('makes ids that sort by time, are safe as file names and differ within a second', () => {
    fakeTimers();
    const clock = createClock();

    const ids = Array.from({ length: 20 }, () => clock.newId());

    for (const id of ids) expect(id).toMatch(/^20261121t093000-[0-9a-f]{6}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
