/** What only a process can show: its exit code, its two streams, its colours, its signals. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';

import { ciWarm } from '../build/ci-warm.ts';
import { writeStateDirectory } from '../build/state-directory.ts';

const main = path.resolve(import.meta.dirname, '../../controller/main.ts');

let state: string;

beforeAll(async () => {
  state = await mkdtemp(path.join(tmpdir(), 'ci-warm-cli-'));
  await writeStateDirectory(state);
});

afterAll(async () => {
  await rm(state, { recursive: true });
});

describe('streams and exit codes', () => {
  test('help is data: on stdout, with exit code 0', async () => {
    const { exitCode, stdout, stderr } = await ciWarm(['--help']);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Usage: ci-warm');
  });

  test('data goes to stdout, and what is said about it to stderr', async () => {
    const { exitCode, stdout, stderr } = await ciWarm(['alerts', '--state', state]);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ID +SEVERITY/);
    expect(stderr).toContain(`ci-warm alerts ack --state ${state} ID`);
  });

  test('a mistake of usage is said on stderr, with exit code 2', async () => {
    const { exitCode, stdout, stderr } = await ciWarm(['gte']);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Did you mean get?');
  });

  test('what cannot be done is said on stderr, with its own exit code and without a stack', async () => {
    const { exitCode, stdout, stderr } = await ciWarm(['status', '--state', '/nonexistent']);

    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).not.toContain('    at ');
  });

  test('a stack is shown only to whoever asks for it', async () => {
    const { stderr } = await ciWarm(['status', '--state', '/nonexistent', '--verbose']);

    expect(stderr).toContain('    at ');
  });

  test('a reader that stops reading is no failure: the exit code is the one that it would be', async () => {
    const tree = path.resolve(import.meta.dirname, '../corpus/desired/domain-bad/desired');
    const { ended, child } = start(['validate', tree]);
    child.stdout.destroy();

    expect(await ended).toEqual({ code: 2, signal: null });
  });

  test('an answer that cannot be written is a failure, and said: a full disk leaves half of it', async ({
    skip,
  }) => {
    if (!existsSync('/dev/full')) skip('this system has no /dev/full');
    const full = await open('/dev/full', 'w');
    onTestFinished(() => full.close());
    const { status, stderr } = spawnSync(process.execPath, [main, 'schema', 'WarmApp'], {
      stdio: ['ignore', full.fd, 'pipe'],
      encoding: 'utf8',
    });

    expect(status).toBe(1);
    expect(stderr).toMatch(/^ci-warm: what was asked for cannot be written to stdout: ENOSPC/);
  });

  test('the version is said as a line and as JSON', async () => {
    const line = await ciWarm(['version']);
    const json = await ciWarm(['version', '-o', 'json']);

    expect(line.stdout).toMatch(
      /^ci-warm \d+\.\d+\.\d+ \(ci-warm\.dev\/v1, Node \d+\.\d+\.\d+\)\n$/,
    );
    expect(JSON.parse(json.stdout)).toMatchObject({ apiVersion: 'ci-warm.dev/v1' });
  });
});

describe('colour', () => {
  const escape = '\u001b[';

  test.each([
    { name: 'without a terminal there is none', env: {}, coloured: false },
    { name: 'CI alone brings none', env: { CI: 'true' }, coloured: false },
    { name: 'FORCE_COLOR brings it', env: { FORCE_COLOR: '1' }, coloured: true },
    { name: 'NO_COLOR wins', env: { FORCE_COLOR: '1', NO_COLOR: '1' }, coloured: false },
  ])('$name', async ({ env, coloured }) => {
    const { stdout } = await ciWarm(['get', 'warmapps', '--state', state], { env });

    expect(stdout.includes(escape)).toBe(coloured);
  });

  test('colours do not shift columns', async () => {
    const env = { FORCE_COLOR: '1' };
    const plain = await ciWarm(['get', 'warmapps', '--state', state]);
    const coloured = await ciWarm(['get', 'warmapps', '--state', state], { env });

    // eslint-disable-next-line no-control-regex -- the sequences are what is taken away
    expect(coloured.stdout.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
  });
});

const settings = [
  'apiVersion: ci-warm.dev/v1',
  'kind: Settings',
  'metadata: { name: host }',
  'spec: { baseDomain: ci.example.org }',
  '',
].join('\n');

describe('the controller and its signals', () => {
  async function running() {
    const place = await mkdtemp(path.join(state, 'controller-'));
    await mkdir(path.join(place, 'desired'));
    await writeFile(path.join(place, 'desired', 'settings.yaml'), settings);
    const args = ['controller', '--desired', path.join(place, 'desired'), '--state', place];
    const { child, ended } = start(args);
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        if (chunk.includes('controller starts')) resolve();
      });
    });
    return { child, ended, args };
  }

  test.each([
    { name: 'SIGINT', code: 130 },
    { name: 'SIGTERM', code: 143 },
  ] as const)('$name stops it well, and it says so by exit code $code', async ({ name, code }) => {
    const { child, ended } = await running();

    child.kill(name);

    expect(await ended).toEqual({ code, signal: null });
  });

  test('--once beside a controller on the same state is refused with exit code 7', async () => {
    const { child, ended, args } = await running();

    const second = await ciWarm([...args, '--once']);
    child.kill('SIGTERM');
    await ended;

    expect(second.exitCode).toBe(7);
    expect(second.stderr).not.toContain('    at ');
  });
});

describe('the controller with --once', () => {
  test('says what is not as it should be, and where to read more', async () => {
    const place = await mkdtemp(path.join(state, 'once-'));
    const env = { DOCKER_HOST: 'unix:///nonexistent.sock' };
    const args = ['--desired', path.join(place, 'nonexistent'), '--state', place];

    const { exitCode, stderr } = await ciWarm(['controller', '--once', ...args], { env });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('ci-warm: an object is invalid, or newer desired state is not');
    expect(stderr.endsWith(`\nNext: ci-warm status --state ${place}\n`)).toBe(true);
  });
});

describe('talking to a running controller', () => {
  async function running() {
    const place = await mkdtemp(path.join(state, 'asked-'));
    await mkdir(path.join(place, 'desired'));
    await writeFile(path.join(place, 'desired/settings.yaml'), settings);
    const args = ['--desired', path.join(place, 'desired'), '--state', path.join(place, 'state')];
    const { child, ended } = start(['controller', ...args]);
    await vi.waitFor(() => stat(path.join(place, 'state/control.sock')), { timeout: 20_000 });
    return { child, ended, args, socket: path.join(place, 'state/control.sock') };
  }

  test('reconcile waits for a look that begins now; only its owner may ask', async () => {
    const { child, ended, args, socket } = await running();

    const { exitCode, stdout, stderr } = await ciWarm(['reconcile', ...args]);
    const { mode } = await stat(socket);
    child.kill('SIGTERM');
    await ended;

    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'Looked: all 1 objects are ready.\n',
    });
    expect(mode & 0o777).toBe(0o600);
    await expect(stat(socket)).rejects.toThrow('ENOENT');
  });

  test('another user is refused by the mode of the socket, and told so', async (context) => {
    if (process.getuid?.() !== 0) context.skip('only root can be another user');
    const asNobody = async (args: readonly string[]) => {
      const user = ['--reuid=65534', '--regid=65534', '--clear-groups'];
      return await execa('setpriv', [...user, process.execPath, main, ...args], {
        reject: false,
        stdin: 'ignore',
        extendEnv: false,
        env: { PATH: process.env['PATH'] ?? '' },
        timeout: 30_000,
      });
    };
    if ((await asNobody(['version'])).exitCode !== 0) {
      context.skip('this checkout is closed to other users');
    }
    const { child, ended, args, socket } = await running();
    // Nothing but the socket itself keeps anybody out.
    for (const place of [state, path.dirname(path.dirname(socket)), path.dirname(socket)]) {
      await chmod(place, 0o755);
    }

    const refused = await asNobody(['reconcile', ...args]);
    await chmod(socket, 0o666);
    const letIn = await asNobody(['reconcile', ...args]);
    child.kill('SIGTERM');
    await ended;

    expect(refused).toMatchObject({ exitCode: 4, stdout: '' });
    expect(refused.stderr).toContain('EACCES');
    expect(refused.stderr).toContain('only its owner and root may talk to the controller');
    expect(letIn).toMatchObject({ exitCode: 0 });
  });

  test('the socket of a killed controller is nobody: exit code 4, and the next one replaces it', async () => {
    const { child, ended, args } = await running();
    child.kill('SIGKILL');
    await ended;

    const alone = await ciWarm(['reconcile', ...args]);
    const next = start(['controller', ...args]);
    const asked = await vi.waitFor(
      async () => {
        const ran = await ciWarm(['reconcile', ...args]);
        expect(ran.exitCode).not.toBe(4);
        return ran;
      },
      { timeout: 20_000 },
    );
    next.child.kill('SIGTERM');
    await next.ended;

    expect(alone).toMatchObject({ exitCode: 4 });
    expect(asked).toMatchObject({ exitCode: 0 });
  });
});

/** A process that goes on while the test does something to it. */
function start(args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      resolve({ code, signal });
    });
  });
  return { child, ended };
}
