/** Part of the suite for `Snapshots`: killed at any call, and with too little room (S2). */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';

import { nodeFileSystem, type FileSystem } from '../../controller/adapters/files/fs.ts';
import { dyingFileSystem } from '../adapters/snapshots/dying-file-system.ts';
import type { SnapshotWorld } from '../adapters/snapshots/snapshot-world.ts';
import { failureOf, never } from '../adapters/snapshots/snapshot-world.ts';
import { listTree } from '../adapters/snapshots/tree-listing.ts';

const minute = 60_000;

export function describeFaults(current: () => SnapshotWorld): void {
  let world: SnapshotWorld;
  beforeEach(() => {
    world = current();
  });

  describe('a manifest that', () => {
    const failing = (code: string): FileSystem => ({
      ...nodeFileSystem,
      read: () => Promise.reject(Object.assign(new Error(`${code}: read`), { code })),
    });

    test.each([
      { name: 'the disk does not give', code: 'EIO', failure: 'tool-failed' },
      { name: 'may not be read', code: 'EACCES', failure: 'tool-failed' },
      { name: 'is not there', code: 'ENOENT', failure: 'snapshot-invalid' },
    ])('$name is told as $failure: no answer is no damage (L1)', async ({ code, failure }) => {
      await world.take('t1');
      const snapshots = world.snapshots({ fs: failing(code) });
      const request = world.restoreRequest('t1', 'op1');

      const failures = await Promise.all([
        failureOf(snapshots.read('shop', never)),
        failureOf(snapshots.verify('shop', never)),
        failureOf(snapshots.restore(request, never)),
      ]);
      const refused = await snapshots.refusal(request, never).catch(() => 'nothing was said');

      expect(failures.map((one) => one.code)).toEqual([failure, failure, failure]);
      expect(refused === 'nothing was said').toBe(failure === 'tool-failed');
    });
  });

  describe('killed at any call', () => {
    test(
      'taking leaves the old snapshot or the new one, whole; done again, the new one',
      { timeout: minute },
      async () => {
        await world.take('t1');
        const data = world.listing();
        const seen = new Set<string>();

        const points = await forEachDeath(async (at) => {
          const mine = world.copy();
          try {
            const death = dyingFileSystem(nodeFileSystem, at);
            const dead = mine.snapshots({ fs: death.fs });
            await dead.take(mine.takeRequest('t2'), death.signal).catch(() => undefined);

            const left = await mine.snapshots().read('shop', never);
            seen.add(left?.id ?? 'none');
            expect(await mine.snapshots().verify('shop', never)).toEqual([]);
            expect((await mine.take('t2')).id).toBe('t2');
            expect(await mine.snapshots().verify('shop', never)).toEqual([]);
            expect(mine.stored()).toEqual(['t2']);
            expect(mine.listing()).toEqual(data);
            return death.hasDied();
          } finally {
            mine.remove();
          }
        });

        expect([...seen]).toEqual(['t1', 't2']);
        expect(points).toBeGreaterThan(12);
      },
    );

    test(
      'restoring, done again, ends with all volumes restored and what they displaced kept',
      { timeout: minute },
      async () => {
        const before = world.listing();
        await world.take('t1');
        world.change();
        const changed = world.listing();

        const points = await forEachDeath(async (at) => {
          const mine = world.copy();
          try {
            const death = dyingFileSystem(nodeFileSystem, at);
            const dead = mine.snapshots({ fs: death.fs });
            await dead
              .restore(mine.restoreRequest('t1', 'op1'), death.signal)
              .catch(() => undefined);

            expectNoMixture(mine, before, changed);
            await mine.restore('t1', 'op1');
            expect(mine.listing()).toEqual(before);
            for (const volume of ['data', 'uploads']) {
              expect(mine.beside(volume)).toEqual(['data', 'displaced-op1']);
              const displaced = listTree(join(mine.path(volume), '../displaced-op1'));
              expect(displaced).toEqual(changed[volume]);
            }
            return death.hasDied();
          } finally {
            mine.remove();
          }
        });

        expect(points).toBeGreaterThan(10);
      },
    );

    test('dropping what was displaced never leaves half of it under its name', async () => {
      await world.take('t1');
      world.change();
      await world.restore('t1', 'op1');

      await forEachDeath(async (at) => {
        const mine = world.copy();
        try {
          const death = dyingFileSystem(nodeFileSystem, at);
          const dead = mine.snapshots({ fs: death.fs });
          await dead.dropDisplaced('shop', mine.volumes, death.signal).catch(() => undefined);

          const displaced = join(mine.path('data'), '../displaced-op1');
          if (existsSync(displaced)) expect(listTree(displaced)).toHaveLength(3);
          await mine.snapshots().dropDisplaced('shop', mine.volumes, never);
          expect(mine.beside('data')).toEqual(['data']);
          return death.hasDied();
        } finally {
          mine.remove();
        }
      });
    });
  });

  describe('with too little room', () => {
    test('measures what an upgrade needs: the snapshot, and the data once more for the way back', async () => {
      writeFileSync(join(world.path('data'), 'big'), randomBytes(3_000_000));

      const { freeBytes, neededBytes } = await world.snapshots().room('shop', world.volumes, never);

      expect(freeBytes).toBeGreaterThan(0);
      expect(neededBytes).toBeGreaterThan(6_000_000);
      expect(neededBytes).toBeLessThan(8_000_000);
    });

    test('taking fails as a full disk, before it or in the middle, and the snapshot before stays', async (context) => {
      const small = smallDisk(world.stateDir, context.skip);
      const mine = world.elsewhere(small.path);
      try {
        await mine.take('t1');
        const outside = join(world.stateDir, 'outside/data');
        mkdirSync(outside, { recursive: true });
        writeFileSync(join(outside, 'big'), randomBytes(24 * 2 ** 20));
        const volumes = [{ volume: 'data', name: 'shop_example_org_data', path: outside }];

        // The last snapshot was small, so this one is begun.
        const middle = await failureOf(
          mine.snapshots().take(mine.takeRequest('t2', { volumes }), never),
        );
        expect(middle.code).toBe('disk-full');
        expect(mine.stored()).toEqual(['t1']);
        expect(await mine.snapshots().verify('shop', never)).toEqual([]);

        // Of an app that has none, the data is measured first.
        const request = { app: 'other', volumes, identity: { ...mine.identity, app: 'other' } };
        const before = await failureOf(
          mine.snapshots().take(mine.takeRequest('o1', request), never),
        );
        expect(before.code).toBe('disk-full');
        expect(before.message).toContain('nothing was touched');
      } finally {
        small.remove();
      }
    });

    test('restoring fails as a full disk, and the data stays', async (context) => {
      const small = smallDisk(world.stateDir, context.skip);
      const volumes = [
        {
          volume: 'data',
          name: 'shop_example_org_data',
          path: join(small.path, 'volumes/data/data'),
        },
      ];
      try {
        mkdirSync(join(small.path, 'volumes/data/data'), { recursive: true });
        writeFileSync(join(small.path, 'volumes/data/data/big'), randomBytes(10 * 2 ** 20));
        await world.snapshots().take(world.takeRequest('t1', { volumes }), never);
        const before = listTree(join(small.path, 'volumes/data/data'));

        const failure = await failureOf(
          world.snapshots().restore(world.restoreRequest('t1', 'op1', { volumes }), never),
        );

        expect(failure.code).toBe('disk-full');
        expect(listTree(join(small.path, 'volumes/data/data'))).toEqual(before);
      } finally {
        small.remove();
      }
    });
  });
}

/** Runs `attempt` with a death at call 1, 2, 3 … until one lives to its end. Answers how many died. */
async function forEachDeath(attempt: (at: number) => Promise<boolean>): Promise<number> {
  for (let at = 1; at < 200; at += 1) {
    if (!(await attempt(at))) return at - 1;
  }
  throw new Error('it never came to its end');
}

/**
 * No volume's data is anything but all old, all new, or moved away with both beside it; and none is new while another
 * one's new data was not verified yet.
 */
function expectNoMixture(
  world: SnapshotWorld,
  before: Record<string, readonly string[]>,
  changed: Record<string, readonly string[]>,
): void {
  const now = world.listing();
  const states = ['data', 'uploads'].map((volume) => {
    const names = world.beside(volume);
    const verified = names.includes('restoring-op1');
    if (now[volume]?.length === 0) {
      expect(names).toEqual(['displaced-op1', 'restoring-op1']);
      return { isNew: true, verified };
    }
    const isNew = JSON.stringify(now[volume]) === JSON.stringify(before[volume]);
    if (!isNew) expect(now[volume]).toEqual(changed[volume]);
    return { isNew, verified: verified || isNew };
  });
  if (states.some(({ isNew }) => isNew)) {
    expect(states.every(({ verified }) => verified)).toBe(true);
  }
}

/** A file system of 16 MiB, in memory. */
function smallDisk(
  parent: string,
  skip: (reason: string) => never,
): { readonly path: string; remove(): void } {
  const path = join(parent, 'small');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'ci-warm-test', path], {
      stdio: 'pipe',
    });
  } catch {
    skip('this machine does not let root mount a file system');
  }
  return {
    path,
    remove: () => {
      execFileSync('umount', [path]);
    },
  };
}
