/** Part of the suite for `Snapshots`: restoring, what is kept of the data before, and what is refused (S3). */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';

import type { SnapshotIdentity } from '../../controller/model/snapshot.ts';
import { makeFidelityTree, SOCKET, SPARSE_BYTES } from '../adapters/snapshots/fidelity-tree.ts';
import type { SnapshotWorld } from '../adapters/snapshots/snapshot-world.ts';
import { failureOf, flipBit, never } from '../adapters/snapshots/snapshot-world.ts';
import { listTree } from '../adapters/snapshots/tree-listing.ts';

const minute = 60_000;

export function describeRestoring(current: () => SnapshotWorld): void {
  let world: SnapshotWorld;
  beforeEach(() => {
    world = current();
  });

  describe('restore', () => {
    test(
      'brings back everything that a tree may hold, but the socket, which it names',
      { timeout: 2 * minute },
      async () => {
        const path = world.path('data');
        rmSync(path, { recursive: true });
        mkdirSync(path);
        await makeFidelityTree(path);
        const before = listTree(path);
        const manifest = await world.take('t1');
        execFileSync('rm', ['-rf', path]);
        mkdirSync(path);
        writeFileSync(join(path, 'plain'), 'other');

        await world.restore('t1', 'op1');

        expect(listTree(path)).toEqual(before.filter((line) => !line.includes(SOCKET)));
        expect(manifest.volumes[0]?.skipped).toEqual([SOCKET]);
        expect(manifest.volumes[0]?.entries).toBe(before.length - 1);
        const sparse = statSync(join(path, 'sparse'));
        expect(sparse.size).toBe(SPARSE_BYTES);
        expect(sparse.blocks * 512).toBeLessThan(1024 * 1024);
      },
    );

    test('a restored tree taken again has the same digest', async () => {
      const first = await world.take('t1');
      world.change();
      await world.restore('t1', 'op1');

      const second = await world.take('t2');

      expect(second.volumes.map(({ treeSha256 }) => treeSha256)).toEqual(
        first.volumes.map(({ treeSha256 }) => treeSha256),
      );
    });

    test('an empty volume comes back empty', async () => {
      const path = world.path('data');
      rmSync(path, { recursive: true });
      mkdirSync(path, { mode: 0o710 });
      const before = world.listing();
      await world.take('t1');
      writeFileSync(join(path, 'new'), 'new');

      await world.restore('t1', 'op1');

      expect(world.listing()).toEqual(before);
    });

    test('data that is gone altogether comes back', async () => {
      const before = world.listing();
      await world.take('t1');
      rmSync(join(world.path('data'), '..'), { recursive: true });

      await world.restore('t1', 'op1');

      expect(world.listing()).toEqual(before);
    });

    test('keeps what it displaced until it is told to drop it', async () => {
      await world.take('t1');
      world.change();
      const changed = listTree(world.path('data'));

      await world.restore('t1', 'op1');

      expect(world.beside('data')).toEqual(['data', 'displaced-op1']);
      expect(listTree(join(world.path('data'), '../displaced-op1'))).toEqual(changed);
      await world.snapshots().dropDisplaced('shop', world.volumes, never);
      await world.snapshots().dropDisplaced('shop', world.volumes, never);
      expect(world.beside('data')).toEqual(['data']);
    });

    test('done again with the same operation it changes nothing', async () => {
      await world.take('t1');
      world.change();
      await world.restore('t1', 'op1');
      writeFileSync(join(world.path('data'), 'content'), 'written since');
      const after = world.listing();

      await world.restore('t1', 'op1');

      expect(world.listing()).toEqual(after);
    });

    test('what a killed one left half unpacked is not built upon', async () => {
      const before = world.listing();
      await world.take('t1');
      const partial = join(world.path('data'), '../restoring-op1.partial');
      mkdirSync(partial);
      writeFileSync(join(partial, 'rubbish'), 'x');
      writeFileSync(`${partial}.names`, 'rubbish');

      await world.restore('t1', 'op1');

      expect(world.listing()).toEqual(before);
      expect(world.beside('data')).toEqual(['data', 'displaced-op1']);
    });

    test('done again with another operation it restores again, and keeps both', async () => {
      const before = world.listing();
      await world.take('t1');
      world.change();
      await world.restore('t1', 'op1');
      world.change();
      await world.restore('t1', 'op2');

      expect(world.listing()).toEqual(before);
      expect(world.beside('data')).toEqual(['data', 'displaced-op1', 'displaced-op2']);
    });

    test('an adopted volume elsewhere is restored beside itself', async () => {
      const elsewhere = join(world.stateDir, 'elsewhere/shop_data/_data');
      mkdirSync(elsewhere, { recursive: true });
      writeFileSync(join(elsewhere, 'content'), 'adopted');
      const volumes = [{ volume: 'data', name: 'shop_example_org_data', path: elsewhere }];
      const before = listTree(elsewhere);
      await world.snapshots().take(world.takeRequest('t1', { volumes }), never);
      writeFileSync(join(elsewhere, 'content'), 'changed');

      const request = world.restoreRequest('t1', 'op1', { volumes });
      await world.snapshots().restore(request, never);

      expect(listTree(elsewhere)).toEqual(before);
      expect(existsSync(join(elsewhere, '../displaced-op1/content'))).toBe(true);
    });

    test('volumes that share a folder do not meet, nor do those of another app', async () => {
      const shared = join(world.stateDir, 'srv');
      const volumes = ['data', 'uploads'].map((volume) => ({
        volume,
        name: `shop_example_org_${volume}`,
        path: join(shared, `shop-${volume}`),
      }));
      for (const { volume, path } of volumes) {
        mkdirSync(path, { recursive: true });
        writeFileSync(join(path, 'content'), volume);
      }
      mkdirSync(join(shared, 'other-data.displaced-op7'));
      mkdirSync(join(shared, 'other-data.restoring-op7'));
      await world.snapshots().take(world.takeRequest('t1', { volumes }), never);
      const before = volumes.map(({ path }) => listTree(path));
      for (const { path } of volumes) writeFileSync(join(path, 'content'), 'changed');

      const request = world.restoreRequest('t1', 'op1', { volumes });
      await world.snapshots().restore(request, never);
      await world.snapshots().dropDisplaced('shop', volumes, never);

      expect(volumes.map(({ path }) => listTree(path))).toEqual(before);
      expect(readdirSync(shared).sort()).toEqual([
        'other-data.displaced-op7',
        'other-data.restoring-op7',
        'shop-data',
        'shop-uploads',
      ]);
    });

    test('is refused to anybody but root, with a sentence', async () => {
      await world.take('t1');
      const before = world.listing();

      const failure = await failureOf(
        world.snapshots({ isRoot: false }).restore(world.restoreRequest('t1', 'op1'), never),
      );

      expect(failure.message).toContain('needs root');
      expect(world.listing()).toEqual(before);
    });
  });

  describe('a snapshot that does not belong here is refused, and nothing is touched', () => {
    const rows: readonly {
      readonly name: string;
      readonly says: string;
      readonly change?: Partial<SnapshotIdentity>;
      readonly damage?: (world: SnapshotWorld) => void | Promise<void>;
      readonly id?: string;
    }[] = [
      { name: 'another app', change: { app: 'other' }, says: 'app' },
      { name: 'another recipe', change: { recipe: 'other' }, says: 'recipe' },
      { name: 'another domain', change: { domain: 'x.example.org' }, says: 'domain' },
      { name: 'another stack', change: { stack: 'x' }, says: 'stack' },
      { name: 'another node', change: { nodeId: 'node2' }, says: 'node' },
      {
        name: 'a secret of the same name and another id',
        change: { secrets: { shop_example_org_password_v1: 'secret2' } },
        says: 'the secret `shop_example_org_password_v1` is another one now',
      },
      { name: 'a secret that is gone', change: { secrets: {} }, says: 'the app does not have' },
      {
        name: 'a secret that is new',
        change: { secrets: { shop_example_org_password_v1: 'secret1', more: 'secret3' } },
        says: 'secret `more`',
      },
      { name: 'another snapshot than asked for', id: 't0', says: '`t0` is asked for' },
      {
        name: 'an archive that is cut',
        damage: (w) => {
          const file = w.storedFile(1);
          truncateSync(file, statSync(file).size - 1);
        },
        says: ' and should ',
      },
      {
        name: 'an archive with one bit turned',
        damage: (w) => {
          flipBit(w.storedFile(1));
        },
        says: 'Nothing was touched',
      },
      {
        name: 'an archive that is gone',
        damage: (w) => {
          rmSync(w.inSnapshot(w.archives()[0] ?? ''), { recursive: true });
        },
        says: 'is missing',
      },
      {
        name: "another app's archive",
        damage: async (w) => {
          await w.takeOther('other', 'o1');
          w.swapArchive('other', w.archives()[0] ?? '');
        },
        says: 'archive',
      },
      {
        name: 'a manifest with another digest of the tree',
        damage: (w) => {
          editVolume(w, { treeSha256: 'f'.repeat(64) });
        },
        says: 'treeSha256',
      },
      {
        name: 'a manifest with another number of entries',
        damage: (w) => {
          editVolume(w, { entries: 5 });
        },
        says: 'entries',
      },
      {
        name: 'a manifest whose archive is a path',
        damage: (w) => {
          editVolume(w, { archive: '..' });
        },
        says: 'cannot be the archive',
      },
      {
        name: 'a manifest without a volume of the app',
        damage: (w) => {
          w.editManifest((manifest) => {
            manifest['volumes'] = [];
          });
        },
        says: 'volume `data`',
      },
      {
        name: 'a manifest of another format',
        damage: (w) => {
          w.editManifest((manifest) => {
            manifest['apiVersion'] = 'ci-warm.dev/v2';
          });
        },
        says: 'manifest.json is damaged',
      },
      {
        name: 'no manifest',
        damage: (w) => {
          unlinkSync(w.inSnapshot('manifest.json'));
        },
        says: 'manifest.json',
      },
      {
        name: 'no snapshot',
        damage: (w) => {
          unlinkSync(join(w.stateDir, 'shop/snapshot'));
        },
        says: 'there is no snapshot',
      },
    ];

    test.each(rows)('$name', async ({ change, damage, id, says }) => {
      await world.take('t1');
      world.change();
      await damage?.(world);
      const before = world.listing();
      const identity = { ...world.identity, ...change };

      const failure = await failureOf(
        world.snapshots().restore(world.restoreRequest(id ?? 't1', 'op1', { identity }), never),
      );

      expect(failure.code).toBe('snapshot-invalid');
      expect(failure.message).toContain(says);
      expect(world.listing()).toEqual(before);
      expect(world.beside('data')).not.toContain('displaced-op1');
      expect(world.beside('uploads')).not.toContain('displaced-op1');
    });
  });

  describe('set aside', () => {
    test('moves the data away, deletes nothing, and may be repeated', async () => {
      const before = listTree(world.path('data'));
      const [place] = world.volumes;
      const places = place === undefined ? [] : [place];

      await world.snapshots().setAside('shop', 'op1', places, never);
      await world.snapshots().setAside('shop', 'op1', places, never);

      expect(world.beside('data')).toEqual(['aside-op1']);
      expect(listTree(join(world.path('data'), '../aside-op1'))).toEqual(before);
    });

    test('never replaces what was set aside before', async () => {
      await world.snapshots().setAside('shop', 'op1', world.volumes, never);
      mkdirSync(world.path('data'));

      await world.snapshots().setAside('shop', 'op1', world.volumes, never);

      expect(world.beside('data')).toEqual(['aside-op1', 'aside-op1.2']);
    });
  });
}

function editVolume(world: SnapshotWorld, change: Record<string, unknown>): void {
  world.editManifest((manifest) => {
    const [first, ...others] = manifest['volumes'] as Record<string, unknown>[];
    manifest['volumes'] = [{ ...first, ...change }, ...others];
  });
}
