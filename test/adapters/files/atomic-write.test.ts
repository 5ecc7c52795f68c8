import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  ensureDirectory,
  ensureNestedDirectory,
  publishDirectory,
  removeFile,
  replaceLink,
  TEMPORARY_NAME,
  writeFileAtomic,
} from '../../../controller/adapters/files/atomic-write.ts';
import type { FileSystem } from '../../../controller/adapters/files/fs.ts';
import { temporaryDirectory } from './samples.ts';
import { atEveryEffect, watchedFs } from './watched-fs.ts';

describe('writeFileAtomic', () => {
  test('syncs the file before it gets its name, and the folder after', async () => {
    const path = join(temporaryDirectory(), 'last_good');
    const fs = watchedFs();

    await writeFileAtomic(path, 'new\n', { fs });

    const steps = fs.effects.map((effect) => effect.split(' ')[0]);
    expect(steps).toEqual(['open', 'write', 'sync', 'rename', 'syncdir']);
    expect(readFileSync(path, 'utf8')).toBe('new\n');
  });

  test.each([{ kind: 'kill' }, { kind: 'ENOSPC' }, { kind: 'EIO' }] as const)(
    'with $kind at any step the file is old or new, never neither',
    async ({ kind }) => {
      const directory = temporaryDirectory();
      const path = join(directory, 'last_good');
      const seen = new Set<string>();
      writeFileSync(path, 'old\n');

      const points = await atEveryEffect(
        kind,
        (fs) => writeFileAtomic(path, 'new\n', { fs }),
        async (_, { threw }) => {
          seen.add(readFileSync(path, 'utf8'));
          expect(threw).toBe(true);
          writeFileSync(path, 'old\n');
        },
      );

      expect(points).toBe(5);
      expect([...seen].sort()).toEqual(['new\n', 'old\n']);
    },
  );

  test('removes its temporary file when the disk is full, and says disk-full', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'last_good');
    const fs = watchedFs({ at: 2, kind: 'ENOSPC' });

    const outcome = writeFileAtomic(path, 'new\n', { fs });

    await expect(outcome).rejects.toMatchObject({ code: 'disk-full' });
    expect(readdirSync(directory)).toEqual([]);
  });

  test('leaves nothing but a dot-file when it is killed', async () => {
    const directory = temporaryDirectory();
    const fs = watchedFs({ at: 3, kind: 'kill' });

    await writeFileAtomic(join(directory, 'last_good'), 'new\n', { fs }).catch(() => undefined);

    expect(readdirSync(directory)).toEqual([expect.stringMatching(TEMPORARY_NAME)]);
  });

  test('gives the file the permissions that were asked for', async () => {
    const path = join(temporaryDirectory(), 'private');

    await writeFileAtomic(path, 'x', { mode: 0o600 });

    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a folder that is missing is an error that names the file', async () => {
    const path = join(temporaryDirectory(), 'gone', 'last_good');

    await expect(writeFileAtomic(path, 'x')).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining(path) as string,
    });
  });
});

describe('publishDirectory', () => {
  test('syncs the directory, renames it and syncs both parents', async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'staging', 'x'), { recursive: true });
    mkdirSync(join(root, 'final'));
    const fs = watchedFs();

    await publishDirectory(join(root, 'staging', 'x'), join(root, 'final', 'x'), fs);

    expect(fs.effects.map((effect) => effect.replaceAll(root, ''))).toEqual([
      'syncdir /staging/x',
      'rename /staging/x -> /final/x',
      'syncdir /final',
      'syncdir /staging',
    ]);
  });

  test('never replaces what has the name already', async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'staging'));
    mkdirSync(join(root, 'final'));
    writeFileSync(join(root, 'final', 'data'), 'known-good');

    const outcome = publishDirectory(join(root, 'staging'), join(root, 'final'));

    await expect(outcome).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(join(root, 'final', 'data'), 'utf8')).toBe('known-good');
  });
});

describe('replaceLink', () => {
  test('killed at any step the link leads to the old or to the new', async () => {
    const link = join(temporaryDirectory(), 'snapshot');
    const seen = new Set<string>();
    await replaceLink(link, '.snapshots/old');

    const points = await atEveryEffect(
      'kill',
      (fs) => replaceLink(link, '.snapshots/new', fs),
      async () => {
        seen.add(readlinkSync(link));
        await replaceLink(link, '.snapshots/old');
      },
    );

    expect(points).toBe(3);
    expect([...seen].sort()).toEqual(['.snapshots/new', '.snapshots/old']);
  });

  test('leaves a real directory in its place alone', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'snapshot'));

    const outcome = replaceLink(join(directory, 'snapshot'), '.snapshots/new');

    await expect(outcome).rejects.toMatchObject({ code: 'conflict' });
    expect(readdirSync(directory)).toEqual(['snapshot']);
  });
});

test.each([
  { name: 'a directory is published', act: publish, steps: 3 },
  { name: 'a link is replaced', act: replace, steps: 3 },
])('with any step failing it is never said that $name', async ({ act, steps }) => {
  const outcomes: boolean[] = [];

  const points = await atEveryEffect('EIO', act, async (_, { threw }) => {
    outcomes.push(threw);
  });

  expect(points).toBe(steps);
  expect(outcomes).not.toContain(false);
});

async function publish(fs: FileSystem): Promise<void> {
  const root = temporaryDirectory();
  mkdirSync(join(root, 'staging'));
  await publishDirectory(join(root, 'staging'), join(root, 'final'), fs);
}

async function replace(fs: FileSystem): Promise<void> {
  await replaceLink(join(temporaryDirectory(), 'snapshot'), '.snapshots/new', fs);
}

describe('ensureDirectory and removeFile', () => {
  test('every directory that is made is made durable in its parent', async () => {
    const root = temporaryDirectory();
    const fs = watchedFs();

    await ensureDirectory(join(root, 'a', 'b'), fs);

    expect(fs.effects.map((effect) => effect.replaceAll(root, ''))).toEqual([
      'mkdir /a',
      'syncdir ',
      'mkdir /a/b',
      'syncdir /a',
    ]);
  });

  test('where the kernel lets nobody make one it fails, and does not try for ever', async () => {
    await expect(ensureDirectory('/proc/ci-warm/state')).rejects.toThrow(
      'cannot create the directory /proc/ci-warm',
    );
  });

  test('a file in its place is an error that names it', async () => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, '');

    await expect(ensureDirectory(join(path, 'below'))).rejects.toThrow(path);
  });

  test('a directory that is there costs nothing', async () => {
    const fs = watchedFs();

    await ensureDirectory(temporaryDirectory(), fs);

    expect(fs.effects).toEqual([]);
  });

  test.each([
    { name: 'that is there', isThere: true },
    { name: 'that is made', isThere: false },
  ])('a nested directory $name has durable names on both levels', async ({ isThere }) => {
    const root = temporaryDirectory();
    if (isThere) mkdirSync(join(root, 'a', 'b'), { recursive: true });
    const fs = watchedFs();

    await ensureNestedDirectory(join(root, 'a', 'b'), fs);

    const effects = fs.effects.map((effect) => effect.replaceAll(root, ''));
    expect(effects.slice(-2)).toEqual(['syncdir ', 'syncdir /a']);
  });

  test('a file that is gone already is fine to remove', async () => {
    await expect(removeFile(join(temporaryDirectory(), 'gone'))).resolves.toBeUndefined();
    await expect(removeFile(join(temporaryDirectory(), 'no/folder'))).resolves.toBeUndefined();
  });

  test('a directory that could not be made durable is made again by the next attempt', async () => {
    const path = join(temporaryDirectory(), 'guestbook');
    const fs = watchedFs({ at: 2, kind: 'EIO' });

    await expect(ensureDirectory(path, fs)).rejects.toMatchObject({ code: 'tool-failed' });
    const before = fs.effects.length;
    await ensureDirectory(path, fs);

    const steps = fs.effects.slice(before).map((effect) => effect.split(' ')[0]);
    expect(steps).toEqual(['mkdir', 'syncdir']);
  });

  test('that a file is gone is made durable, whoever removed it', async () => {
    const path = join(temporaryDirectory(), 'quarantine.json');
    writeFileSync(path, '{}');
    const fs = watchedFs({ at: 2, kind: 'EIO' });

    await expect(removeFile(path, fs)).rejects.toMatchObject({ code: 'tool-failed' });
    const before = fs.effects.length;
    await removeFile(path, fs);

    expect(fs.effects.slice(before).join()).toContain('syncdir');
  });
});
