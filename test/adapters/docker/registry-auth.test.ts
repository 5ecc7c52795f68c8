import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  findAuth,
  helperOf,
  readHelperAnswer,
  readRegistryAuth,
} from '../../../controller/adapters/docker/registry-auth.ts';

const encoded = (pair: string): string => Buffer.from(pair).toString('base64');

describe('findAuth', () => {
  test.each([
    {
      name: "a registry's own entry",
      auths: { 'images.example.org': { auth: encoded('me:se:cret') } },
      registry: 'images.example.org',
      expected: { username: 'me', password: 'se:cret', serveraddress: 'images.example.org' },
    },
    {
      name: "Docker's hub under its old address",
      auths: { 'https://index.docker.io/v1/': { auth: encoded('me:secret') } },
      registry: 'docker.io',
      expected: {
        username: 'me',
        password: 'secret',
        serveraddress: 'https://index.docker.io/v1/',
      },
    },
    {
      name: 'an entry that is a whole URL',
      auths: { 'https://images.example.org/v2/': { auth: encoded('me:secret') } },
      registry: 'images.example.org',
      expected: {
        username: 'me',
        password: 'secret',
        serveraddress: 'https://images.example.org/v2/',
      },
    },
    {
      name: 'a token instead of a password',
      auths: { 'images.example.org': { auth: encoded('me:'), identitytoken: 'tok' } },
      registry: 'images.example.org',
      expected: { username: 'me', identitytoken: 'tok', serveraddress: 'images.example.org' },
    },
    {
      name: 'another port is another registry',
      auths: { 'images.example.org:5000': { auth: encoded('me:secret') } },
      registry: 'images.example.org',
      expected: undefined,
    },
    {
      name: 'an entry whose credentials a helper keeps has none',
      auths: { 'images.example.org': {} },
      registry: 'images.example.org',
      expected: undefined,
    },
    { name: 'nobody logged in', auths: undefined, registry: 'docker.io', expected: undefined },
  ])('$name', ({ auths, registry, expected }) => {
    expect(findAuth(auths === undefined ? {} : { auths }, registry)).toEqual(expected);
  });
});

describe('helperOf', () => {
  test.each([
    { name: "a registry's own helper", registry: 'images.example.org', expected: 'own' },
    { name: "Docker's hub by its old address", registry: 'docker.io', expected: 'hub' },
    { name: 'the store for all others', registry: 'other.example.org', expected: 'store' },
  ])('$name', ({ registry, expected }) => {
    const credHelpers = { 'images.example.org': 'own', 'https://index.docker.io/v1/': 'hub' };

    expect(helperOf({ credHelpers, credsStore: 'store' }, registry)).toBe(expected);
  });

  test('there is none where none is set up', () => {
    expect(helperOf({ credsStore: '' }, 'images.example.org')).toBeUndefined();
  });
});

describe('readHelperAnswer', () => {
  test.each([
    {
      name: 'a name and a password',
      answer: { ServerURL: 'x', Username: 'me', Secret: 'hidden' },
      expected: { username: 'me', password: 'hidden' },
    },
    {
      name: 'a token',
      answer: { ServerURL: 'x', Username: '<token>', Secret: 'hidden' },
      expected: { identitytoken: 'hidden' },
    },
    { name: 'no secret', answer: { Username: 'me' }, expected: undefined },
  ])('$name', ({ answer, expected }) => {
    expect(readHelperAnswer(JSON.stringify(answer))).toEqual(expected);
  });
});

describe('readRegistryAuth with a helper', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ci-warm-auth-'));
    const auths = { 'images.example.org': { auth: encoded('old:old') } };
    const credHelpers = { 'images.example.org': 'test', 'bad.example.org': '../sh' };
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths, credHelpers }));
    vi.stubEnv('DOCKER_CONFIG', folder);
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  function helper(script: string): void {
    const program = join(folder, 'docker-credential-test');
    writeFileSync(program, `#!/bin/sh\nread -r server\n${script}\n`);
    chmodSync(program, 0o755);
  }

  async function ask(registry = 'images.example.org'): Promise<unknown> {
    return readRegistryAuth(registry, new AbortController().signal);
  }

  test('it is told the registry on standard input, and what it answers counts alone', async () => {
    helper(`[ "$1" = get ] && printf '{"Username":"me","Secret":"for %s"}' "$server"`);

    await expect(ask()).resolves.toEqual({
      username: 'me',
      password: 'for images.example.org',
      serveraddress: 'images.example.org',
    });
  });

  test('where it has none the registry is asked as anybody', async () => {
    helper(`echo 'credentials not found in native keychain'; exit 1`);

    await expect(ask()).resolves.toBeUndefined();
  });

  test('a helper that fails is told, without a word of what it printed', async () => {
    helper(`echo '{"Secret":"hunter2"'; exit 1`);

    await expect(ask()).rejects.toMatchObject({ code: 'tool-failed' });
    await expect(ask()).rejects.not.toMatchObject({
      message: expect.stringContaining('hunter2') as string,
    });
  });

  test('a helper that is not installed is told', async () => {
    await expect(ask()).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('docker-credential-test') as string,
    });
  });

  test('a name that leads elsewhere is not run', async () => {
    await expect(ask('bad.example.org')).rejects.toMatchObject({
      message: expect.stringContaining('no name of a helper') as string,
    });
  });
});
