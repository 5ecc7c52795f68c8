/** The driver by reflinks keeps what every driver keeps, on file systems that have them; on others there is tar and zstd. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { nodeFileSystem } from '../../../controller/adapters/files/fs.ts';
import { createStateJson } from '../../../controller/adapters/files/state-json.ts';
import { whyNoReflinks } from '../../../controller/adapters/snapshots/clone.ts';
import { createTarSnapshots } from '../../../controller/adapters/snapshots/tar-snapshots.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import { snapshotsConformance } from '../../conformance/snapshots.ts';
import { mountLoop, type LoopFileSystem } from './loop-file-system.ts';
import { recordingFileSystem } from './recording-file-system.ts';
import { ReplacedPrograms } from './replaced-programs.ts';
import { failureOf, never, SnapshotWorld, type MakeSnapshots } from './snapshot-world.ts';

const isRoot = process.getuid?.() === 0;
const manifests = createStateJson(createStateCheck(), () => 'test');
let refusals: string[] = [];
const byTar: MakeSnapshots = (options) => createTarSnapshots({ ...options, manifests });
const byReflink: MakeSnapshots = (options) =>
  createTarSnapshots({
    ...options,
    manifests,
    reflinks: { wanted: () => true, refused: (app, why) => refusals.push(`${app}: ${why}`) },
  });

/** Mounted while the tests of a `describe` run. */
function mounted(...options: Parameters<typeof mountLoop>): () => string {
  let disk: LoopFileSystem | undefined;
  beforeAll(() => {
    if (isRoot) disk = mountLoop(...options);
  });
  afterAll(() => {
    disk?.remove();
  });
  return () => {
    if (disk === undefined) throw new Error('nothing is mounted outside of a test');
    return disk.path;
  };
}

/** An app there, for each test. */
function worldIn(parent: () => string): () => SnapshotWorld {
  let world: SnapshotWorld | undefined;
  beforeEach((context) => {
    if (!isRoot) context.skip('only root can keep the owners of files');
    refusals = [];
    world = new SnapshotWorld(byReflink, parent());
  });
  afterEach(() => {
    world?.remove();
  });
  return () => {
    if (world === undefined) throw new Error('there is no world outside of a test');
    return world;
  };
}

describe.each(['xfs', 'btrfs'] as const)('on %s', (type) => {
  const parent = mounted(type);

  snapshotsConformance('snapshots by reflinks', byReflink, parent);

  describe('what is shared', () => {
    const current = worldIn(parent);

    test('neither a snapshot nor a restore takes room for content', async () => {
      const world = current();
      writeFileSync(join(world.path('data'), 'big'), randomBytes(64 * 2 ** 20));
      execFileSync('sync', ['-f', world.stateDir]);
      const before = freeMib(world.stateDir);

      const manifest = await world.take('t1');
      await world.restore('t1', 'op1');

      expect(manifest.driver).toBe('reflink');
      expect(world.archives()).toEqual(['data.tree', 'uploads.tree']);
      expect(refusals).toEqual([]);
      expect(before - freeMib(world.stateDir)).toBeLessThan(32);
    });

    test('a snapshot stays what it was when the data is written to', async () => {
      const world = current();
      await world.take('t1');
      world.change();

      expect(await world.snapshots().verify('shop', never)).toEqual([]);
    });
  });
});

describe('the two drivers', () => {
  const current = worldIn(mounted('xfs'));

  test('give the same tree the same digest', async () => {
    const world = current();
    const reflinked = await world.take('t1');
    const options = { stateDir: world.stateDir, fs: nodeFileSystem, isRoot };

    const packed = await byTar(options).take(world.takeRequest('t2'), never);

    expect([reflinked.driver, packed.driver]).toEqual(['reflink', 'tar']);
    const figures = ({ volumes }: typeof packed): unknown =>
      volumes.map(({ entries, contentBytes, treeSha256 }) => [entries, contentBytes, treeSha256]);
    expect(figures(packed)).toEqual(figures(reflinked));
  });

  test.each([
    { name: 'by reflinks is restored by a process that takes by tar', take: byReflink, to: byTar },
    { name: 'by tar is restored by a process that takes by reflinks', take: byTar, to: byReflink },
  ])('what was taken $name', async ({ take, to }) => {
    const world = current();
    const options = { stateDir: world.stateDir, fs: nodeFileSystem, isRoot };
    const before = world.listing();
    await take(options).take(world.takeRequest('t1'), never);
    world.change();

    expect(await to(options).verify('shop', never)).toEqual([]);
    await to(options).restore(world.restoreRequest('t1', 'op1'), never);

    expect(world.listing()).toEqual(before);
  });

  test('a snapshot that was moved to where there are no reflinks is restored', async () => {
    const world = current();
    await world.take('t1');
    const before = world.listing();
    const moved = new SnapshotWorld(byReflink);
    try {
      execFileSync('rm', ['-rf', moved.stateDir]);
      execFileSync('cp', ['-a', world.stateDir, moved.stateDir]);
      moved.change();

      await moved.restore('t1', 'op1');

      expect(moved.listing()).toEqual(before);
    } finally {
      moved.remove();
    }
  });
});

describe('the order of what is done', () => {
  const current = worldIn(mounted('xfs'));

  test('the copies are read and synced before the snapshot is published', async () => {
    const world = current();
    await world.take('t1');
    const programs = new ReplacedPrograms();
    const recorded = recordingFileSystem(nodeFileSystem, join(world.stateDir, 'shop'));
    try {
      // Each says so where the file system's calls are recorded.
      const note = join(world.stateDir, 'note');
      programs.replace('sync', `"$real" "$@" && echo "$@" >> ${note}`);

      await world.snapshots({ fs: recorded.fs }).take(world.takeRequest('t2'), never);

      const staging = join(world.stateDir, 'shop/.snapshots/.staging-t2');
      expect(execFileSync('cat', [note], { encoding: 'utf8' })).toBe(
        `-f ${staging}/data.tree\n-f ${staging}/uploads.tree\n`,
      );
      expect(recorded.calls.filter((call) => !call.includes('by-reflink'))).toEqual([
        'make .snapshots/.staging-t2',
        'sync .snapshots/.staging-t2/.manifest.json.*.tmp',
        'rename .snapshots/.staging-t2/.manifest.json.*.tmp .snapshots/.staging-t2/manifest.json',
        'sync .snapshots/.staging-t2',
        'sync .snapshots/.staging-t2',
        'rename .snapshots/.staging-t2 .snapshots/t2',
        'sync .snapshots',
        'rename .snapshot.*.tmp snapshot',
        'sync .',
        'remove .snapshots/t1',
      ]);
    } finally {
      programs.remove();
    }
  });
});

describe('the order of a restore', () => {
  const current = worldIn(mounted('xfs'));

  test('each copy is synced when it is there, and before any data is moved away', async () => {
    const world = current();
    await world.take('t1');
    const programs = new ReplacedPrograms();
    const note = join(world.stateDir, 'note');
    try {
      programs.replace(
        'cp',
        `for last; do :; done\n"$real" "$@" && echo "cp $(basename "$last")" >> ${note}`,
      );
      programs.replace('sync', `ls "$2" >> ${note}\n"$real" "$@"`);

      await world.restore('t1', 'op1');

      const copied = ['cp restoring-op1.partial', 'data', 'restoring-op1.partial', ''].join('\n');
      expect(readFileSync(note, 'utf8')).toBe(copied.repeat(2));
    } finally {
      programs.remove();
    }
  });
});

describe('a program that does not do its work', () => {
  const current = worldIn(mounted('xfs'));
  let programs: ReplacedPrograms;
  beforeEach(() => {
    programs = new ReplacedPrograms();
  });
  afterEach(() => {
    programs.remove();
  });

  /** After a copy of a tree; `$last` is the copy. */
  const spoilCopies = (spoil: string): void => {
    programs.replace(
      'cp',
      `for last; do :; done\n"$real" "$@" || exit\ncase $1 in --recursive) ${spoil};; esac`,
    );
  };
  const spoils = [
    { name: 'loses a mode', spoil: 'chmod 600 "$last/folder/more"' },
    { name: 'loses a time', spoil: 'touch "$last/folder/more"' },
    { name: 'forgets a file', spoil: 'rm "$last/folder/more"' },
    {
      name: 'splits a hard link',
      spoil: 'rm "$last/link"; "$real" -p "$last/content" "$last/link"',
    },
  ];

  test.each(spoils)('a cp that $name when a snapshot is taken is caught', async ({ spoil }) => {
    const world = current();
    await world.take('t1');
    execFileSync('ln', [join(world.path('data'), 'content'), join(world.path('data'), 'link')]);
    spoilCopies(spoil);

    const failure = await failureOf(world.take('t2'));

    expect(failure.code).toBe('tool-failed');
    expect(failure.message).toContain('is not what is in');
    expect(world.stored()).toEqual(['t1']);
  });

  test.each(spoils)('a cp that $name is caught before anything is swapped', async ({ spoil }) => {
    const world = current();
    execFileSync('ln', [join(world.path('data'), 'content'), join(world.path('data'), 'link')]);
    await world.take('t1');
    world.change();
    const before = world.listing();
    spoilCopies(spoil);

    const failure = await failureOf(world.restore('t1', 'op1'));

    expect(failure.code).toBe('snapshot-invalid');
    expect(world.listing()).toEqual(before);
    expect(world.beside('data')).toEqual(['data']);
  });

  test('data that changes while it is copied is not published', async () => {
    const world = current();
    spoilCopies(`echo x >> ${join(world.path('data'), 'content')}`);

    const failure = await failureOf(world.take('t1'));

    expect(failure.message).toContain('something changed meanwhile');
    expect(world.stored()).toEqual([]);
  });

  test.each(['take', 'restore'] as const)('where sync fails, %s does nothing', async (act) => {
    const world = current();
    await world.take('t1');
    world.change();
    const before = world.listing();
    programs.replace('sync', 'echo "sync: error syncing: Input/output error" >&2; exit 1');

    const failure = await failureOf(act === 'take' ? world.take('t2') : world.restore('t1', 'op1'));

    expect(failure.message).toContain('Input/output error');
    expect(world.listing()).toEqual(before);
    expect(world.stored()).toEqual(['t1']);
  });
});

describe('where blocks cannot be shared, snapshots are taken by tar and zstd, and somebody is told', () => {
  const bare = mounted('xfs', ['-m', 'reflink=0']);
  const btrfs = mounted('btrfs');
  beforeEach((context) => {
    if (!isRoot) context.skip('only root can keep the owners of files');
    refusals = [];
  });

  test('on a file system without reflinks', async () => {
    const world = new SnapshotWorld(byReflink, bare());

    const manifest = await world.take('t1');

    expect(manifest).toMatchObject({
      driver: 'tar',
      noReflinks: expect.stringContaining('Operation not supported') as unknown,
    });
    expect(await world.snapshots().read('shop', never)).toEqual(manifest);

    expect(world.archives()).toEqual(['data.tar.zst', 'uploads.tar.zst']);
    expect(refusals).toEqual([expect.stringMatching(/^shop: .*Operation not supported/)]);
    world.remove();
  });

  test('when one volume is on another disk', async () => {
    const world = new SnapshotWorld(byReflink, btrfs());
    const elsewhere = new SnapshotWorld(byReflink, bare());
    const volumes = [...world.volumes.slice(1), ...elsewhere.volumes.slice(0, 1)];

    const manifest = await world.snapshots().take(world.takeRequest('t1', { volumes }), never);

    expect(manifest.driver).toBe('tar');
    expect(refusals).toEqual([expect.stringContaining('Invalid cross-device link')]);
    world.remove();
    elsewhere.remove();
  });

  test('when one file of many has its blocks to itself', async () => {
    const world = new SnapshotWorld(byReflink, btrfs());
    const database = join(world.path('uploads'), 'database');
    writeFileSync(database, '');
    execFileSync('chattr', ['+C', database]);
    writeFileSync(database, 'x'.repeat(100_000));
    const before = world.listing();

    const manifest = await world.take('t1');
    world.change();
    await world.restore('t1', 'op1');

    expect(manifest).toMatchObject({
      driver: 'tar',
      noReflinks: expect.stringContaining('failed to clone') as unknown,
    });
    expect(world.archives()).toEqual(['data.tar.zst', 'uploads.tar.zst']);
    expect(refusals).toEqual([
      expect.stringMatching(/^shop: packing volume uploads .*failed to clone/s),
    ]);
    expect(world.listing()).toEqual(before);
    world.remove();
  });
});

describe('a look in advance', () => {
  const xfs = mounted('xfs');
  const bare = mounted('xfs', ['-m', 'reflink=0']);

  test('says whether reflinks can be made, and leaves nothing behind', async (context) => {
    if (!isRoot) context.skip('only root can mount a file system');

    expect(await whyNoReflinks(xfs())).toBeUndefined();
    expect(await whyNoReflinks(bare())).toContain('operation not supported');
    expect(await whyNoReflinks(join(xfs(), 'missing'))).toContain('no such file');
    expect([...readdirSync(xfs()), ...readdirSync(bare())]).toEqual([]);
  });
});

function freeMib(path: string): number {
  execFileSync('sync', ['-f', path]);
  const { bavail, bsize } = statfsSync(path);
  return (bavail * bsize) / 2 ** 20;
}
