/** The driver by tar and zstd keeps what every driver of snapshots keeps, and does not trust its tools. */
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createStateJson } from '../../../controller/adapters/files/state-json.ts';
import { createTarSnapshots } from '../../../controller/adapters/snapshots/tar-snapshots.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import { snapshotsConformance } from '../../conformance/snapshots.ts';
import { ReplacedPrograms } from './replaced-programs.ts';
import { failureOf, never, SnapshotWorld, type MakeSnapshots } from './snapshot-world.ts';

const manifests = createStateJson(createStateCheck(), () => 'test');
const make: MakeSnapshots = (options) => createTarSnapshots({ ...options, manifests });

snapshotsConformance('snapshots by tar and zstd', make);

describe('much data', () => {
  let world: SnapshotWorld | undefined;
  let programs: ReplacedPrograms;
  beforeEach((context) => {
    if (process.getuid?.() !== 0) context.skip('only root can keep the owners of files');
    world = new SnapshotWorld(make);
    programs = new ReplacedPrograms();
  });
  afterEach(() => {
    programs.remove();
    world?.remove();
  });

  test('is packed in large pieces, which keep the cores busier, and comes back as it was', async () => {
    if (world === undefined) return;
    const database = join(world.path('data'), 'database');
    execFileSync('fallocate', ['--length', '300MiB', database]);
    execFileSync('dd', [
      'if=/dev/urandom',
      `of=${database}`,
      'bs=1M',
      'count=40',
      'conv=notrunc',
      'status=none',
    ]);
    const asked = join(world.stateDir, 'asked');
    programs.replace('zstd', `echo "$@" >> '${asked}'; exec "$real" "$@"`);
    const before = world.listing();

    await world.take('t1');
    world.change();
    rmSync(database);
    await world.restore('t1', 'op1');

    expect(world.listing()).toEqual(before);
    expect(readFileSync(asked, 'utf8')).toContain('-B16MiB');
  });
});

describe('a tool that does not do its work', () => {
  let world: SnapshotWorld | undefined;
  let programs: ReplacedPrograms;

  beforeEach((context) => {
    if (process.getuid?.() !== 0) context.skip('only root can keep the owners of files');
    world = new SnapshotWorld(make);
    programs = new ReplacedPrograms();
  });
  afterEach(() => {
    programs.remove();
    world?.remove();
  });

  const replace = (program: string, script: string): void => {
    programs.replace(program, script);
  };

  const current = (): SnapshotWorld => {
    if (world === undefined) throw new Error('there is no world outside of a test');
    return world;
  };

  test.each([
    { name: 'loses a mode', spoil: 'chmod 600 "$last/folder/more"' },
    { name: 'loses a time', spoil: 'touch "$last/folder/more"' },
    { name: 'loses a directory’s mode', spoil: 'chmod 700 "$last/folder"' },
    { name: 'forgets a file', spoil: 'rm "$last/folder/more"' },
    { name: 'makes one too many', spoil: 'mkdir "$last/folder/extra"' },
    { name: 'replaces a file by a link', spoil: 'ln -sf / "$last/content"' },
  ])('a tar that $name when it unpacks is caught before anything is swapped', async ({ spoil }) => {
    const mine = current();
    await mine.take('t1');
    mine.change();
    const before = mine.listing();
    replace(
      'tar',
      `for last; do :; done\n"$real" "$@" || exit\ncase $1 in --extract) ${spoil};; esac`,
    );

    const failure = await failureOf(mine.restore('t1', 'op1'));

    expect(['snapshot-invalid', 'tool-failed']).toContain(failure.code);
    expect(mine.listing()).toEqual(before);
    expect(mine.beside('data')).toEqual(['data']);
  });

  test('data that could not be synced is not swapped in', async () => {
    const mine = current();
    await mine.take('t1');
    mine.change();
    const before = mine.listing();
    replace('sync', 'echo "sync: error syncing: Input/output error" >&2; exit 1');

    const failure = await failureOf(mine.restore('t1', 'op1'));

    expect(failure.message).toContain('Input/output error');
    expect(mine.listing()).toEqual(before);
    expect(mine.beside('data')).toEqual(['data']);
  });

  test('an rm that dies half way leaves no half of a displaced tree under its name', async () => {
    const mine = current();
    await mine.take('t1');
    await mine.restore('t1', 'op1');
    replace('rm', 'for last; do :; done\n"$real" "$last/content"\nexit 1');

    await failureOf(mine.snapshots().dropDisplaced('shop', mine.volumes, never));

    expect(mine.beside('data')).toEqual(['.trash-displaced-op1', 'data']);
    programs.restore();
    await mine.snapshots().dropDisplaced('shop', mine.volumes, never);
    expect(mine.beside('data')).toEqual(['data']);
  });

  test('an archive that could not be read while it was written is read again at rest', async () => {
    const mine = current();
    const first = await mine.take('t1');
    // What is seen at first is not what is there in the end.
    replace(
      'zstd',
      'case "$*" in *--version*|*-d*) exec "$real" "$@";; esac\n' +
        'archive=$(readlink /proc/$$/fd/1)\nhead -c 500 /dev/urandom\nsleep 0.1\nexec "$real" "$@" > "$archive"',
    );

    const second = await mine.take('t2');

    expect(second.volumes).toEqual(first.volumes);
    expect(await mine.snapshots().verify('shop', never)).toEqual([]);
  });

  test('a tree that could not be read while it was made is read again at rest', async () => {
    const mine = current();
    const before = mine.listing();
    await mine.take('t1');
    mine.change();
    replace(
      'tar',
      `case "$*" in *--files-from=-*) test -e ${programs.directory}/once || { touch ${programs.directory}/once; exit 1; };; esac\nexec "$real" "$@"`,
    );

    await mine.restore('t1', 'op1');

    expect(mine.listing()).toEqual(before);
  });

  test('a tar that says that a file changed meanwhile publishes nothing', async () => {
    const mine = current();
    await mine.take('t1');
    replace('tar', '"$real" "$@"; echo "tar: ./content: file changed as we read it" >&2; exit 1');

    const failure = await failureOf(mine.take('t2'));

    expect(failure.message).toContain('file changed as we read it');
    expect(mine.stored()).toEqual(['t1']);
  });

  test('a zstd that loses the end of an archive is caught before it is published', async () => {
    const mine = current();
    await mine.take('t1');
    replace(
      'zstd',
      'case "$*" in *--version*|*-d*) exec "$real" "$@";; esac\n"$real" "$@" | head -c 200',
    );

    const failure = await failureOf(mine.take('t2'));

    expect(failure.code).toBe('snapshot-invalid');
    expect(mine.stored()).toEqual(['t1']);
    expect((await mine.snapshots().read('shop', never))?.id).toBe('t1');
  });

  test('a tar that is not GNU tar is refused', async () => {
    replace('tar', 'echo "bsdtar 3.7.2"');

    const failure = await failureOf(current().take('t1'));

    expect(failure.message).toContain('is not GNU tar');
    expect(current().stored()).toEqual([]);
  });

  test('a zstd that is not there is named', async () => {
    for (const program of ['tar', 'du', 'rm', 'sh']) {
      const real = execFileSync('which', [program], { encoding: 'utf8' }).trim();
      symlinkSync(real, join(programs.directory, program));
    }
    mkdirSync(join(programs.directory, 'empty'));
    process.env['PATH'] = programs.directory;

    const failure = await failureOf(current().take('t1'));

    expect(failure.message).toContain('`zstd` is not installed');
  });
});
