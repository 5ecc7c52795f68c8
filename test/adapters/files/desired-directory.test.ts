import {
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDesiredDirectory } from '../../../controller/adapters/files/desired-directory.ts';
import {
  DEPTH_MAX,
  FILE_BYTES_MAX,
  FILES_MAX,
} from '../../../controller/adapters/files/desired-scan.ts';
import { nodeFileSystem, type FileSystem } from '../../../controller/adapters/files/fs.ts';
import type { DesiredSource, DesiredTree } from '../../../controller/ports/desired-source.ts';
import { clock, recordedLog, temporaryDirectory } from './samples.ts';
import { watchedFs } from './watched-fs.ts';

const never = new AbortController().signal;

/** Long before the clock's time, so that the file counts as settled. */
const longAgo = new Date('2026-11-01T00:00:00Z');

function put(root: string, path: string, text: string | Buffer, changedAt = longAgo): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, changedAt, changedAt);
  return file;
}

function source(directory: string, fs: FileSystem = nodeFileSystem): DesiredSource {
  return createDesiredDirectory({ directory, clock, log: recordedLog(), fs });
}

function problemsOf(tree: DesiredTree): Readonly<Record<string, string>> {
  return Object.fromEntries(tree.files.map(({ path, problem = 'none' }) => [path, problem]));
}

describe('read', () => {
  test('finds every YAML file below the directory, whatever the case of its name, in order, and nothing else', async () => {
    const root = temporaryDirectory();
    const wanted = ['B.YAML', 'a.yaml', 'b.yml', 'two\nlines.yaml'];
    for (const path of [...wanted, 'warm-apps/x.yaml', 'warm-apps/deep/y.yml']) {
      put(root, path, path);
    }
    for (const path of [
      'README.md',
      '.hidden.yaml',
      'c.json',
      '.git/c.yaml',
      'a.yaml~',
      'x.yaml.swp',
      'xyaml',
    ]) {
      put(root, path, 'no');
    }

    const tree = await source(root).read(never);

    expect(tree.baseDirectory).toBe(root);
    expect(tree.files.map(({ path, text }) => [path, text])).toEqual([
      ...wanted.map((path) => [path, path]),
      ['warm-apps/deep/y.yml', 'warm-apps/deep/y.yml'],
      ['warm-apps/x.yaml', 'warm-apps/x.yaml'],
    ]);
  });

  test('the revision is a digest of what the files say and where they are', async () => {
    const root = temporaryDirectory();
    const other = temporaryDirectory();
    put(root, 'a.yaml', 'one');
    put(other, 'a.yaml', 'one', new Date('2026-10-01T00:00:00Z'));

    const first = (await source(root).read(never)).revision;
    const elsewhere = (await source(other).read(never)).revision;
    put(root, 'a.yaml', 'two');
    const changed = (await source(root).read(never)).revision;
    put(root, 'b.yaml', '');
    const added = (await source(root).read(never)).revision;

    expect(first).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(elsewhere).toBe(first);
    expect(new Set([first, changed, added]).size).toBe(3);
  });

  test('an unchanged tree is the same object, and no file is read again', async () => {
    const root = temporaryDirectory();
    put(root, 'a.yaml', 'one');
    put(root, 'sub/b.yaml', 'two');
    const fs = watchedFs();
    const desired = source(root, fs);
    const first = await desired.read(never);
    fs.clear();

    const second = await desired.read(never);

    expect(second).toBe(first);
    expect(fs.reads).toEqual([]);
  });

  test('after a change of one file the others are the same objects', async () => {
    const root = temporaryDirectory();
    put(root, 'a.yaml', 'one');
    const changed = put(root, 'b.yaml', 'two');
    const fs = watchedFs();
    const desired = source(root, fs);
    const before = await desired.read(never);
    fs.clear();

    put(root, 'b.yaml', 'three', new Date('2026-11-02T00:00:00Z'));
    const after = await desired.read(never);

    expect(after.files[0]).toBe(before.files[0]);
    expect(after.files[1]?.text).toBe('three');
    expect(fs.reads).toEqual([changed]);
  });

  test('a second change that bears the same stamp is found', async () => {
    const root = temporaryDirectory();
    const justNow = new Date(clock.now());
    put(root, 'a.yaml', 'version: 1', justNow);
    const stamp = nodeFileSystem.stat(join(root, 'a.yaml'));
    const desired = source(root, { ...nodeFileSystem, stat: (path) => samePlace(path) });
    const samePlace = (path: string): ReturnType<FileSystem['stat']> =>
      path.endsWith('a.yaml') ? stamp : nodeFileSystem.stat(path);
    await desired.read(never);

    put(root, 'a.yaml', 'version: 2', justNow);

    expect((await desired.read(never)).files[0]?.text).toBe('version: 2');
  });

  test('touched but unchanged files do not make another tree', async () => {
    const root = temporaryDirectory();
    put(root, 'a.yaml', 'one');
    const desired = source(root);
    const before = await desired.read(never);

    put(root, 'a.yaml', 'one', new Date('2026-11-02T00:00:00Z'));

    expect(await desired.read(never)).toBe(before);
  });
});

describe('L1: what cannot be read is never "nothing is wanted"', () => {
  test.each([
    { name: 'is missing', make: (root: string): void => rmSync(root, { recursive: true }) },
    { name: 'is empty', make: (): void => undefined },
    { name: 'holds no YAML', make: (root: string): void => void put(root, 'README.md', 'x') },
    {
      name: 'is a file',
      make: (root: string): void => {
        rmSync(root, { recursive: true });
        writeFileSync(root, '');
      },
    },
  ])('a directory that $name is no answer', async ({ make }) => {
    const root = join(temporaryDirectory(), 'desired');
    mkdirSync(root);
    make(root);

    await expect(source(root).read(never)).rejects.toMatchObject({
      code: 'no-answer',
      message: expect.stringContaining(root) as string,
    });
  });

  test('a tree that comes back is read as before', async () => {
    const root = join(temporaryDirectory(), 'desired');
    put(root, 'a.yaml', 'one');
    const desired = source(root);
    const before = await desired.read(never);
    renameSync(root, `${root}-away`);
    await expect(desired.read(never)).rejects.toMatchObject({ code: 'no-answer' });

    renameSync(`${root}-away`, root);

    expect(await desired.read(never)).toBe(before);
  });

  test('each file that cannot be read is in the tree with its problem, beside the sound ones', async () => {
    const root = temporaryDirectory();
    put(root, 'a.yaml', 'sound');
    put(root, 'large.yaml', Buffer.alloc(FILE_BYTES_MAX + 1));
    put(root, 'latin.yaml', Buffer.from([0x66, 0xfc, 0x72]));
    symlinkSync('nowhere.yaml', join(root, 'dangling.yaml'));
    put(root, '../elsewhere/c.yaml', 'not followed');
    symlinkSync(join(root, '../elsewhere'), join(root, 'linked'));
    put(root, `${'d/'.repeat(DEPTH_MAX)}e.yaml`, 'too deep');

    const tree = await source(root).read(never);

    expect(problemsOf(tree)).toEqual({
      'a.yaml': 'none',
      'dangling.yaml': 'is a link to nowhere.yaml, which is not there; mend or remove it',
      [`d${'/d'.repeat(DEPTH_MAX - 1)}`]: expect.stringContaining('deep') as string,
      'large.yaml': expect.stringContaining('larger than 1024 KiB') as string,
      'latin.yaml': expect.stringContaining('UTF-8') as string,
      linked: expect.stringContaining('link to a directory') as string,
    });
  });

  test('a link to a file is that file, and a link may be the root', async () => {
    const home = temporaryDirectory();
    put(home, 'real/a.yaml', 'one');
    put(home, 'store/b.yaml', 'two');
    symlinkSync('../store/b.yaml', join(home, 'real', 'b.yaml'));
    symlinkSync('real', join(home, 'current'));

    const tree = await source(join(home, 'current')).read(never);

    expect(tree.files.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(tree.baseDirectory).toBe(join(home, 'current'));
  });

  test.each([
    { name: 'cannot be read', read: 'EACCES', problem: 'make it readable' },
    { name: 'went away meanwhile', read: 'ENOENT', problem: 'cannot be read' },
  ])('a file that $name keeps its place', async ({ read, problem }) => {
    const root = temporaryDirectory();
    put(root, 'a.yaml', 'one');
    const refuse = (): Promise<never> =>
      Promise.reject(Object.assign(new Error(read), { code: read }));

    const tree = await source(root, { ...nodeFileSystem, read: refuse }).read(never);

    expect(tree.files).toEqual([
      { path: 'a.yaml', text: undefined, problem: expect.stringContaining(problem) as string },
    ]);
  });

  test('a folder that cannot be listed keeps its place', async () => {
    const root = temporaryDirectory();
    put(root, 'a.yaml', 'one');
    put(root, 'closed/b.yaml', 'two');
    const list: FileSystem['list'] = (path) => {
      if (path.endsWith('closed')) throw new Error('EACCES: permission denied');
      return nodeFileSystem.list(path);
    };

    const tree = await source(root, { ...nodeFileSystem, list }).read(never);

    expect(problemsOf(tree)).toMatchObject({
      closed: expect.stringContaining('cannot be listed') as string,
    });
  });

  test('a file that keeps changing while it is read is not taken half written', async () => {
    const root = temporaryDirectory();
    const file = put(root, 'a.yaml', 'one');
    let count = 0;
    const read: FileSystem['read'] = (path) => {
      count += 1;
      writeFileSync(file, 'x'.repeat(count));
      return nodeFileSystem.read(path);
    };

    const tree = await source(root, { ...nodeFileSystem, read }).read(never);

    expect(problemsOf(tree)['a.yaml']).toContain('changes while it is being read');
  });

  test('more files than anybody writes by hand are the wrong directory', async () => {
    const root = temporaryDirectory();
    const list: FileSystem['list'] = () =>
      Array.from({ length: FILES_MAX + 1 }, (_, index) => ({
        name: `${String(index)}.yaml`,
        kind: 'file',
      }));

    await expect(source(root, { ...nodeFileSystem, list }).read(never)).rejects.toMatchObject({
      code: 'no-answer',
      message: expect.stringContaining('more than 5000') as string,
    });
  });

  test('stops when it is asked to', async () => {
    const root = temporaryDirectory();
    put(root, 'a.yaml', 'one');

    await expect(source(root).read(AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('the scan finds what a watch loses', () => {
  test('a directory that is swapped by rename', async () => {
    const root = temporaryDirectory();
    put(root, 'apps/a.yaml', 'old');
    const desired = source(root);
    await desired.read(never);

    put(root, '.next/a.yaml', 'new');
    renameSync(join(root, 'apps'), join(root, '.old'));
    renameSync(join(root, '.next'), join(root, 'apps'));

    expect((await desired.read(never)).files[0]?.text).toBe('new');
  });

  test('a root link that is pointed elsewhere', async () => {
    const home = temporaryDirectory();
    put(home, 'one/a.yaml', 'old');
    put(home, 'two/a.yaml', 'new');
    symlinkSync('one', join(home, 'current'));
    const desired = source(join(home, 'current'));
    await desired.read(never);

    unlinkSync(join(home, 'current'));
    symlinkSync('two', join(home, 'current'));

    expect((await desired.read(never)).files[0]?.text).toBe('new');
  });
});
