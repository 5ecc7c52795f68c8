/**
 * What every store of leases behind our port does: held against the real one in test/live/, and against the one in memory
 * that other tests use.
 */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Claim, Leases, LeaseView } from '../../controller/ports/lease.ts';

const live = new AbortController().signal;

export function claimOf(holder: string, beat: number, more: Partial<Claim> = {}): Claim {
  const renewedAt = new Date(Date.parse('2026-11-21T09:00:00Z') + beat * 1000).toISOString();
  const session = `session of ${holder}`;
  return { holder, session, beat, renewedAt, ttlMs: 60_000, isGivenUp: false, ...more };
}

/** Declares the suite. `open` makes the way to a store; two of them lead to the same one. */
export function describeLeases(open: () => Leases, dispose: () => Promise<void>): void {
  describe('a lease', () => {
    let scope: string;
    let here: Leases;
    let there: Leases;

    const taken = async (holder: string, beat = 1): Promise<LeaseView> => {
      expect(await here.write(scope, undefined, claimOf(holder, beat), live)).toBe(true);
      return looked(here);
    };
    const looked = async (leases: Leases): Promise<LeaseView> => {
      const view = await leases.look(scope, live);
      if (view === undefined) throw new Error('there is no lease');
      return view;
    };

    beforeEach(() => {
      scope = `${randomBytes(20).toString('hex')}.a-domain-of-some-length.example.org`;
      here = open();
      there = open();
    });
    afterEach(dispose);

    test('is not there before somebody takes it', async () => {
      expect(await here.look(scope, live)).toBeUndefined();
    });

    test('is seen by everybody as it was taken, and is one of its scope alone', async () => {
      await taken('ada');

      expect(await there.look(scope, live)).toMatchObject(claimOf('ada', 1));
      expect(await there.look(`other.${scope}`, live)).toBeUndefined();
    });

    test('is taken by one of two who both saw none', async () => {
      const both = await Promise.all([
        here.write(scope, undefined, claimOf('ada', 1), live),
        there.write(scope, undefined, claimOf('bea', 1), live),
      ]);

      expect(both.sort()).toEqual([false, true]);
    });

    test('shows another version after it was renewed, and what is new', async () => {
      const seen = await taken('ada');

      expect(await here.write(scope, seen, claimOf('ada', 2), live)).toBe(true);

      const now = await looked(there);
      expect(now).toMatchObject(claimOf('ada', 2));
      expect(now.version).not.toBe(seen.version);
    });

    test('is not taken over by who did not see that it was renewed', async () => {
      const seen = await taken('ada');
      await here.write(scope, seen, claimOf('ada', 2), live);

      expect(await there.write(scope, seen, claimOf('bea', 1), live)).toBe(false);
      expect(await looked(here)).toMatchObject({ holder: 'ada', beat: 2 });
    });

    test('is not renewed by who did not see that it was taken over', async () => {
      const seen = await taken('ada');
      await there.write(scope, seen, claimOf('bea', 1), live);

      expect(await here.write(scope, seen, claimOf('ada', 2), live)).toBe(false);
      expect(await looked(here)).toMatchObject({ holder: 'bea' });
    });

    test('that was given up and removed is not there, and removing it again is fine', async () => {
      await here.write(scope, await taken('ada'), claimOf('ada', 2, { isGivenUp: true }), live);
      const seen = await looked(here);

      await here.remove(seen, live);
      await here.remove(seen, live);

      expect(await here.look(scope, live)).toBeUndefined();
    });

    test('that was given up and not removed is replaced by one of two', async () => {
      await here.write(scope, await taken('ada'), claimOf('ada', 2, { isGivenUp: true }), live);
      const seen = await looked(here);
      const first = await there.write(scope, seen, claimOf('bea', 1), live);

      expect(first).toBe(true);
      expect(await here.write(scope, seen, claimOf('cleo', 1), live)).toBe(false);
      expect(await looked(here)).toMatchObject(claimOf('bea', 1));
    });

    test('that somebody made since stays when the one before it is removed', async () => {
      await here.write(scope, await taken('ada'), claimOf('ada', 2, { isGivenUp: true }), live);
      const seen = await looked(here);
      await there.write(scope, seen, claimOf('bea', 1), live);

      await here.remove(seen, live);

      expect(await looked(here)).toMatchObject(claimOf('bea', 1));
    });
  });
}
