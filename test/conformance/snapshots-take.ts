/** Part of the suite for `Snapshots`: taking, reading and verifying. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';

import type { SnapshotWorld } from '../adapters/snapshots/snapshot-world.ts';
import { failureOf, flipBit, never } from '../adapters/snapshots/snapshot-world.ts';

export function describeTaking(current: () => SnapshotWorld): void {
  let world: SnapshotWorld;
  beforeEach(() => {
    world = current();
  });

  describe('take', () => {
    test('says what it took, and what it belongs to', async () => {
      const manifest = await world.take('t1');

      expect(manifest).toMatchObject({
        id: 't1',
        takenAt: '2026-11-21T09:30:00.000Z',
        identity: world.identity,
        volumes: [
          { volume: 'data', name: 'shop_example_org_data', entries: 4, skipped: [] },
          { volume: 'uploads', name: 'shop_example_org_uploads', entries: 4, skipped: [] },
        ],
      });
      expect(manifest.volumes[0]?.contentBytes).toBe('data before'.length + 5000);
      expect(await world.snapshots().read('shop', never)).toEqual(manifest);
      expect(await world.snapshots().verify('shop', never)).toEqual([]);
    });

    test('leaves the data as it was', async () => {
      const before = world.listing();

      await world.take('t1');

      expect(world.listing()).toEqual(before);
      expect(world.beside('data')).toEqual(['data']);
    });

    test('the snapshot is a relative link, and only the last one is kept', async () => {
      await world.take('t1');
      world.change();
      await world.take('t2');

      const link = join(world.stateDir, 'shop/snapshot');
      expect(readlinkSync(link)).toBe('.snapshots/t2');
      expect(world.stored()).toEqual(['t2']);
      expect((await world.snapshots().read('shop', never))?.id).toBe('t2');
    });

    test('nobody but root can look into it', async () => {
      await world.take('t1');

      expect(statSync(join(world.stateDir, 'shop/.snapshots/t1')).mode & 0o077).toBe(0);
    });

    test('equal trees have equal digests, and a tree with one difference has another', async () => {
      const first = await world.take('t1');
      const same = await world.take('t2');
      chmodSync(join(world.path('data'), 'folder/more'), 0o600);
      const other = await world.take('t3');

      expect(same.volumes[0]?.treeSha256).toBe(first.volumes[0]?.treeSha256);
      expect(other.volumes[0]?.treeSha256).not.toBe(first.volumes[0]?.treeSha256);
      expect(other.volumes[1]?.treeSha256).toBe(first.volumes[1]?.treeSha256);
    });

    test('taking it again under the same id changes nothing and gives the same manifest', async () => {
      const first = await world.take('t1');
      const archive = world.inSnapshot(world.archives()[0] ?? '');
      const before = statSync(archive);

      const second = await world.take('t1');

      expect(second).toEqual(first);
      expect(statSync(archive).ino).toBe(before.ino);
    });

    test('taking it again under the same id is refused when it is damaged', async () => {
      await world.take('t1');
      appendFileSync(world.storedFile(0), 'x');

      const failure = await failureOf(world.take('t1'));

      expect(failure.code).toBe('snapshot-invalid');
    });

    test('a volume without data is an error that names it, and the snapshot before stays', async () => {
      await world.take('t1');
      rmSync(world.path('uploads'), { recursive: true });

      const failure = await failureOf(world.take('t2'));

      expect(failure.code).toBe('snapshot-invalid');
      expect(failure.message).toContain(`volume uploads has no data at ${world.path('uploads')}`);
      expect((await world.snapshots().read('shop', never))?.id).toBe('t1');
    });

    test('an aborted one leaves the snapshot before, and nothing published', async () => {
      await world.take('t1');

      const failure = await failureOf(
        world.snapshots().take(world.takeRequest('t2'), AbortSignal.abort()),
      );

      expect(failure.code).toBe('aborted');
      expect((await world.snapshots().read('shop', never))?.id).toBe('t1');
      expect(world.stored()).not.toContain('t2');
    });

    test('what an earlier one left half done is deleted, and no other app is touched', async () => {
      const mine = join(world.stateDir, 'shop/.snapshots/.staging-dead');
      const other = join(world.stateDir, 'other/.snapshots/.staging-alive');
      for (const directory of [mine, other]) mkdirSync(directory, { recursive: true });

      // First of all: its room may be what a new one needs.
      await failureOf(world.snapshots().take(world.takeRequest('t1'), AbortSignal.abort()));

      expect(existsSync(mine)).toBe(false);
      expect(existsSync(other)).toBe(true);
    });

    test.each([
      { name: 'an app', request: { app: '../shop' } },
      { name: 'an id', request: { id: '../../t1' } },
    ])('$name that is no name never becomes a path', async ({ request }) => {
      const failure = await failureOf(
        world.snapshots().take(world.takeRequest('t1', request), never),
      );

      expect(failure.code).toBe('state-invalid');
    });

    test('is refused to anybody but root, with a sentence', async () => {
      const failure = await failureOf(
        world.snapshots({ isRoot: false }).take(world.takeRequest('t1'), never),
      );

      expect(failure.message).toContain('needs root');
      expect(world.stored()).toEqual([]);
    });
  });

  describe('read and verify', () => {
    test('without a snapshot there is null, and a sentence', async () => {
      expect(await world.snapshots().read('shop', never)).toBeNull();
      expect(await world.snapshots().verify('shop', never)).toEqual(['shop has no snapshot.']);
    });

    test('a damaged manifest is told, never taken for no snapshot', async () => {
      await world.take('t1');
      truncateSync(world.inSnapshot('manifest.json'), 100);

      const failure = await failureOf(world.snapshots().read('shop', never));

      expect(failure.code).toBe('snapshot-invalid');
    });

    test('a pointer that leads to the manifest of another snapshot is told', async () => {
      await world.take('t1');
      const directory = join(world.stateDir, 'shop/.snapshots');
      renameSync(join(directory, 't1'), join(directory, 't9'));
      unlinkSync(join(world.stateDir, 'shop/snapshot'));
      symlinkSync('.snapshots/t9', join(world.stateDir, 'shop/snapshot'));

      const failure = await failureOf(world.snapshots().read('shop', never));

      expect(failure.code).toBe('snapshot-invalid');
    });

    test('a pointer that leads nowhere is told, never taken for no snapshot', async () => {
      mkdirSync(join(world.stateDir, 'shop'), { recursive: true });
      symlinkSync('.snapshots/gone', join(world.stateDir, 'shop/snapshot'));

      const failure = await failureOf(world.snapshots().read('shop', never));

      expect(failure.code).toBe('snapshot-invalid');
    });

    test('each damaged archive gets a sentence', async () => {
      await world.take('t1');
      flipBit(world.storedFile(0));
      rmSync(world.inSnapshot(world.archives()[1] ?? ''), { recursive: true });

      const problems = await world.snapshots().verify('shop', never);

      expect(problems).toHaveLength(2);
      expect(problems[0]).toMatch(/the tar stream is damaged|is not the one that was packed/);
      expect(problems[1]).toMatch(/the archive .* is missing\./);
    });
  });
}
