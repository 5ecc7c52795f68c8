import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProgramUnder } from '../../controller/setup/find-program.ts';

let unpacked: string;

beforeEach(async () => {
  unpacked = await mkdtemp(join(tmpdir(), 'ci-warm-unpacked-'));
});

afterEach(async () => {
  await rm(unpacked, { recursive: true, force: true });
});

async function bring(file: string, mode: number): Promise<void> {
  await mkdir(dirname(join(unpacked, file)), { recursive: true });
  await writeFile(join(unpacked, file), '');
  await chmod(join(unpacked, file), mode);
}

describe('a program in the files of a package', () => {
  test.each([
    { name: 'Debian 12 has busybox in bin', file: 'bin/busybox' },
    { name: 'Debian 13 has it in usr/bin', file: 'usr/bin/busybox' },
    { name: 'daemons are in usr/sbin', file: 'usr/sbin/busybox' },
  ])('$name', async ({ file }) => {
    await bring(file, 0o755);

    expect(await findProgramUnder(unpacked, 'busybox')).toBe(join(unpacked, file));
  });

  test('a file of its name that is no program is not taken for it', async () => {
    await bring('usr/bin/busybox', 0o644);

    expect(await findProgramUnder(unpacked, 'busybox')).toBeUndefined();
  });

  test('the system’s own program is not taken for it', async () => {
    expect(await findProgramUnder(unpacked, 'tar')).toBeUndefined();
  });
});
