/** Repositories that ask who one is: https behind a password, and ssh. Everything is on loopback. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { desired, make, ops, signal, source, staleOf, useOps } from './desired-ops.ts';

useOps();

const user = 'deploy';
const token = 'CANARY-token';
const basic = `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;

describe('https behind a password', () => {
  test('is read with what a credential helper gives; nobody else comes to see it', async () => {
    const { address, seen } = await forge();
    const stored = join(ops.folder, 'credentials');
    writeFileSync(stored, `${address.replace('//', `//${user}:${token}@`)}\n`);
    configure(`[credential]\n\thelper = store --file=${stored}\n`);
    const [commit] = make([desired({ 'a.yaml': 'one' })]);

    const tree = await source({ address: `${address}/ops.git` }).read(signal);

    expect(tree.revision).toBe(commit);
    expect(tree.files[0]?.text).toBe('one');
    expect(seen.admitted).toBeGreaterThan(1);
    expect(seen.commands.join('\n')).toContain('ls-remote');
    expect(seen.commands.filter((line) => line.includes(token))).toEqual([]);
    expect(filesWith(token)).toEqual([stored]);
    expect(JSON.stringify([tree, ops.log.lines])).not.toContain(token);
  });

  test('is read with what GIT_ASKPASS gives', async () => {
    const { address } = await forge();
    make([desired({ 'a.yaml': 'one' })]);
    const answer = `case "$1" in Username*) echo ${user};; *) cat '${join(ops.folder, 'token')}';; esac`;
    writeFileSync(join(ops.folder, 'token'), token);
    vi.stubEnv('GIT_ASKPASS', program('askpass', answer));

    const tree = await source({ address: `${address}/ops.git` }).read(signal);

    expect(tree.files[0]?.text).toBe('one');
  });

  test.each([
    { name: 'without a password', given: undefined },
    { name: 'with a wrong one', given: 'CANARY-wrong' },
  ])('$name nobody is asked, and it is refused', async ({ given }) => {
    const { address, seen } = await forge();
    make([desired({ 'a.yaml': 'one' })]);
    const stored = join(ops.folder, 'credentials');
    if (given !== undefined) {
      writeFileSync(stored, `${address.replace('//', `//${user}:${given}@`)}\n`);
      configure(`[credential]\n\thelper = store --file=${stored}\n`);
    }

    const stale = await staleOf(source({ address: `${address}/ops.git` }).read(signal));

    expect(stale.code).toBe('fetch-failed');
    expect(stale.resolve).toContain(`git ls-remote ${address}/ops.git`);
    expect(seen.admitted).toBe(0);
    expect(JSON.stringify([stale, ops.log.lines])).not.toContain('CANARY');
  });

  test('of a server that nobody vouches for is not asked for its repository', async () => {
    const { address, seen } = await forge();
    make([desired({ 'a.yaml': 'one' })]);
    writeFileSync(join(ops.folder, 'gitconfig'), '');

    const stale = await staleOf(source({ address: `${address}/ops.git` }).read(signal));

    expect(stale.why).toContain('certificate');
    expect(seen.commands).toEqual([]);
  });
});

describe('ssh', () => {
  const address = 'ssh://git@git.example.org/srv/ops.git';
  /** What stands in for ssh and the host that it leads to: it writes down how it is called, and serves the repository. */
  const sshTo = (name: string): string =>
    program(
      name,
      `printf '%s\\n' "${name} $*" >> '${join(ops.folder, 'calls')}'\nexec git-upload-pack '${ops.repository}'`,
    );
  const calls = (): readonly string[] =>
    readFileSync(join(ops.folder, 'calls'), 'utf8').trim().split('\n');

  test('is read as the user that the URL names, and ssh is told to ask nobody', async () => {
    sshTo('ssh');
    const [commit] = make([desired({ 'a.yaml': 'one' })]);

    const tree = await source({ address }).read(signal);

    expect(tree.revision).toBe(commit);
    for (const call of calls()) {
      expect(call).toMatch(/^ssh -o BatchMode=yes .*git@git\.example\.org git-upload-pack/);
    }
  });

  test('the command that the configuration of the user names is called instead', async () => {
    sshTo('ssh');
    configure(`[core]\n\tsshCommand = ${sshTo('ssh-with-key')} -i /etc/ci-warm/key\n`);
    make([desired({ 'a.yaml': 'one' })]);

    await source({ address }).read(signal);

    for (const call of calls()) expect(call).toMatch(/^ssh-with-key -i \/etc\/ci-warm\/key /);
  });

  test('GIT_SSH_COMMAND counts for more than either', async () => {
    configure(`[core]\n\tsshCommand = ${sshTo('ssh-with-key')}\n`);
    vi.stubEnv('GIT_SSH_COMMAND', sshTo('ssh-of-service'));
    make([desired({ 'a.yaml': 'one' })]);

    await source({ address }).read(signal);

    for (const call of calls()) expect(call).toMatch(/^ssh-of-service /);
  });

  test('a service without HOME has that of its user', async () => {
    vi.stubEnv('HOME', undefined);
    const home = homedir();
    program('ssh', `printf '%s' "$HOME" > '${join(ops.folder, 'home')}'\nexit 255`);

    await staleOf(source({ address }).read(signal));

    expect(readFileSync(join(ops.folder, 'home'), 'utf8')).toBe(home);
  });
});

/** Adds to git's configuration of the user. */
function configure(text: string): void {
  writeFileSync(join(ops.folder, 'gitconfig'), text, { flag: 'a' });
}

/** An executable script in a folder of PATH. Returns its path. */
function program(name: string, text: string): string {
  const path = join(ops.folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Files of the test that hold the text, but for the certificate's. */
function filesWith(text: string): readonly string[] {
  return readdirSync(ops.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(text));
}

interface Seen {
  admitted: number;
  /** Command lines of every process of git's, while one of them was being answered. */
  readonly commands: string[];
}

/** Serves the test's folder by git's own program over TLS, to whoever knows the token. git trusts its certificate. */
async function forge(): Promise<{ readonly address: string; readonly seen: Seen }> {
  const seen: Seen = { admitted: 0, commands: [] };
  const pem = certificate();
  const server = createServer({ cert: readFileSync(pem.cert), key: readFileSync(pem.key) });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    seen.commands.push(...gitCommands());
    if (request.headers.authorization !== basic) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="ops"' }).end();
      return;
    }
    seen.admitted += 1;
    serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  configure(`[http]\n\tsslCAInfo = ${pem.cert}\n`);
  const { port } = server.address() as AddressInfo;
  return { address: `https://127.0.0.1:${String(port)}`, seen };
}

function certificate(): { readonly cert: string; readonly key: string } {
  const cert = join(ops.folder, 'cert.pem');
  const key = join(ops.folder, 'key.pem');
  const form = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', ...form, ...name, '-days', '2', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  return { cert, key };
}

function gitCommands(): readonly string[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const line = readFileSync(join('/proc', name, 'cmdline'), 'utf8').replaceAll('\0', ' ');
      return line.includes('git') ? [line] : [];
    } catch {
      return [];
    }
  });
}

/** One request answered by `git http-backend`, which speaks CGI. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'https://127.0.0.1');
  const backend = spawn(join(execPath(), 'git-http-backend'), [], {
    env: {
      PATH: dirname(process.execPath) + ':/usr/bin:/bin',
      GIT_PROJECT_ROOT: ops.folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      REQUEST_METHOD: request.method ?? '',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: user,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.on('close', () => {
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf('\r\n\r\n');
    const headers = answer.toString('latin1', 0, end).split('\r\n');
    const status = headers.find((line) => line.startsWith('Status: '))?.slice('Status: '.length);
    for (const line of headers) {
      const [name = '', ...value] = line.split(': ');
      if (name !== 'Status') response.setHeader(name, value.join(': '));
    }
    response.statusCode = Number((status ?? '200').slice(0, 3));
    response.end(answer.subarray(end + 4));
  });
}

function execPath(): string {
  return execFileSync('git', ['--exec-path']).toString().trim();
}
