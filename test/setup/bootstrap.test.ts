import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const sources = fileURLToPath(new URL('../../controller/setup/', import.meta.url));

/** Stands for npm: notes that it was called, and makes node_modules as npm would. */
const npm = `#!/bin/sh
echo "$@" >> npm-calls
mkdir -p node_modules/yaml
sleep $(cat npm-takes)
exit $(cat npm-exit-code)
`;

let place: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ci-warm-bootstrap-'));
  const setup = join(place, 'controller', 'setup');
  await mkdir(setup, { recursive: true });
  for (const name of ['bootstrap.mjs', 'other-node.mjs']) {
    await copyFile(join(sources, name), join(setup, name));
  }
  await writeFile(join(setup, 'main.ts'), 'console.log(process.argv[2]); process.exitCode = 6;\n');
  await writeFile(join(place, 'package-lock.json'), '{"first":1}');
  await writeFile(join(place, 'npm-exit-code'), '0');
  await writeFile(join(place, 'npm-takes'), '0');
  await mkdir(join(place, 'bin'));
  await writeFile(join(place, 'bin', 'npm'), npm);
  await chmod(join(place, 'bin', 'npm'), 0o755);
});

afterEach(async () => {
  await rm(place, { recursive: true, force: true });
});

async function bootstrap(...verb: readonly string[]) {
  return execa(process.execPath, [join(place, 'controller', 'setup', 'bootstrap.mjs'), ...verb], {
    cwd: place,
    env: { PATH: `${join(place, 'bin')}:${process.env['PATH'] ?? ''}` },
    reject: false,
  });
}

async function npmCalls(): Promise<number> {
  const text = await readFile(join(place, 'npm-calls'), 'utf8').catch(() => '');
  return text.split('\n').length - 1;
}

describe('the bootstrap', () => {
  test('installs missing packages, then goes on with the verb and its exit code', async () => {
    const { stdout, stderr, exitCode } = await bootstrap('start');

    expect(stdout).toBe('start');
    expect(exitCode).toBe(6);
    expect(await npmCalls()).toBe(1);
    expect(stderr).toMatch(/^npm +installed the packages \(\d+\.\d s\)$/m);
  });

  test('npx finds the Node that came with the packages, also where npm makes no command of it', async () => {
    const ours = join(place, 'node_modules', `node-${process.platform}-${process.arch}`);
    await mkdir(join(ours, 'bin'), { recursive: true });
    await writeFile(join(ours, 'package.json'), '{}');
    await symlink(process.execPath, join(ours, 'bin', 'node'));

    const first = await bootstrap('start');
    const second = await bootstrap('start');

    expect([first.exitCode, second.exitCode]).toEqual([6, 6]);
    expect(await realpath(join(place, 'node_modules', '.bin', 'node'))).toBe(
      await realpath(process.execPath),
    );
  });

  test('does not call npm again as long as package-lock.json stays the same', async () => {
    await bootstrap('start');

    await bootstrap('start');

    expect(await npmCalls()).toBe(1);
  });

  test('calls npm again when package-lock.json has changed', async () => {
    await bootstrap('start');
    await writeFile(join(place, 'package-lock.json'), '{"second":2}');

    await bootstrap('start');

    expect(await npmCalls()).toBe(2);
  });

  test('two at once install once', async () => {
    // Long enough for the second to come while the first is at it.
    await writeFile(join(place, 'npm-takes'), '1');

    const both = await Promise.all([bootstrap('start'), bootstrap('start')]);

    expect(both.map(({ exitCode }) => exitCode)).toEqual([6, 6]);
    expect(await npmCalls()).toBe(1);
  });

  test('a failed installation is one sentence, exit code 1, and tried again the next time', async () => {
    await writeFile(join(place, 'npm-exit-code'), '1');

    const { stdout, stderr, exitCode } = await bootstrap('start');

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('ci-warm: npm install failed: see its message above, then try again.');
    await writeFile(join(place, 'npm-exit-code'), '0');
    expect((await bootstrap('start')).exitCode).toBe(6);
  });

  test('clean takes node_modules away when it was made here', async () => {
    await writeFile(join(place, 'controller', 'setup', 'main.ts'), '');
    await bootstrap('start');

    const { exitCode } = await bootstrap('clean');

    expect(exitCode).toBe(0);
    expect(existsSync(join(place, 'node_modules'))).toBe(false);
  });

  test('clean leaves a node_modules that was there before', async () => {
    await writeFile(join(place, 'controller', 'setup', 'main.ts'), '');
    await mkdir(join(place, 'node_modules'));
    await bootstrap('start');

    await bootstrap('clean');

    expect(existsSync(join(place, 'node_modules'))).toBe(true);
  });

  test('clean leaves node_modules when cleaning failed, so that it can be tried again', async () => {
    await bootstrap('start');

    const { exitCode } = await bootstrap('clean');

    expect(exitCode).toBe(6);
    expect(existsSync(join(place, 'node_modules'))).toBe(true);
  });

  test('clean installs nothing where nothing was made', async () => {
    const { stderr, exitCode } = await bootstrap('clean');

    expect(exitCode).toBe(0);
    expect(stderr).toContain('there is nothing to remove');
    expect(await npmCalls()).toBe(0);
  });
});
