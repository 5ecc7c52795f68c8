/** The package as it is published: built, packed, unpacked beside its dependencies, and run. */
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
}

let place: string;
let unpacked: string;
let files: readonly string[];
let manifest: Manifest;

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'ci-warm-package-'));
  manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as Manifest;
  await execa('npm', ['run', 'build'], { cwd: root });
  await execa('npm', ['pack', '--pack-destination', place], { cwd: root });
  const archive = path.join(place, `ci-warm-${manifest.version}.tgz`);
  await execa('tar', ['-xzf', archive, '-C', place]);
  unpacked = path.join(place, 'package');
  files = await readdir(unpacked, { recursive: true });
  await mkdir(path.join(unpacked, 'node_modules'));
  for (const name of Object.keys(manifest.dependencies)) {
    await symlink(path.join(root, 'node_modules', name), path.join(unpacked, 'node_modules', name));
  }
}, 120_000);

afterAll(async () => {
  await rm(place, { recursive: true });
});

async function ciWarm(...args: readonly string[]) {
  const command = path.join(unpacked, manifest.bin['ci-warm'] ?? expect.fail('no bin'));
  return execa(process.execPath, [command, ...args], { reject: false, stdin: 'ignore' });
}

describe('the package', () => {
  test('holds the built program, its schemas and its licence, and no source', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'controller/ci-warm.mjs',
        'dist/controller/main.js',
        'dist/schema/desired/warm-app.schema.json',
        'schema/desired/warm-app.schema.json',
      ]),
    );
    expect(files.filter((file) => file.endsWith('.ts'))).toEqual([]);
    expect(files.filter((file) => /^(test|examples|desired)\b/.test(file))).toEqual([]);
  });

  test('`ci-warm --help` says what can be typed', async () => {
    const { stdout, stderr, exitCode } = await ciWarm('--help');

    expect(stdout, stderr).toMatch(/Usage: ci-warm/);
    expect(exitCode).toBe(0);
  });

  test('`ci-warm version` says which it is', async () => {
    const { stdout } = await ciWarm('version');

    expect(stdout).toContain(manifest.version);
  });

  test('`ci-warm validate` finds its schemas', async () => {
    const { stdout, stderr, exitCode } = await ciWarm('validate', path.join(root, 'desired'));

    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  });
});

test('a checkout runs from its sources', async () => {
  const { stdout, exitCode } = await execa(
    process.execPath,
    [path.join(root, 'controller/ci-warm.mjs'), '--help'],
    { reject: false, stdin: 'ignore' },
  );

  expect(stdout).toMatch(/Usage: ci-warm/);
  expect(exitCode).toBe(0);
});
