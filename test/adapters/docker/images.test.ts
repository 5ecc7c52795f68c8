import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { createImages } from '../../../controller/adapters/docker/images.ts';
import { failing, ok, useScriptedEngines } from './scripted-engine.ts';
import type { Reply } from './scripted-engine.ts';

const live = new AbortController().signal;
const start = useScriptedEngines();

const digest = `sha256:${'a'.repeat(64)}`;
const older = `sha256:${'b'.repeat(64)}`;
const id = `sha256:${'c'.repeat(64)}`;
const web = '127.0.0.1:5055/web';

const registryHas = ok({ Descriptor: { digest } });
const registryDown = failing(500, 'Get "http://127.0.0.1:5055/v2/": dial tcp: connection refused');
const registryDenies = failing(500, 'unauthorized: authentication required');
const registryLacks = failing(404, 'manifest unknown: manifest unknown');
const askRegistry = `GET /distribution/${web}:1.0/json`;
const lookTagged = `GET /images/${web}:1.0/json`;
const lookPinned = `GET /images/${web}@${digest}/json`;
const pullImage = 'POST /images/create';
const tagImage = `POST /images/${web}@${digest}/tag`;

function progress(...lines: readonly unknown[]): Reply {
  return (response) => {
    response.writeHead(200);
    for (const line of lines) response.write(`${JSON.stringify(line)}\r\n`);
    response.end();
  };
}

describe('ensure', () => {
  test('a tag is resolved by its registry, pulled by digest, tagged, and pinned', async () => {
    const scripted = await start({
      [askRegistry]: registryHas,
      [pullImage]: progress({ status: 'Pulling' }, { status: 'Download complete' }),
      [tagImage]: { status: 201, body: undefined },
    });

    const pinned = await createImages(scripted.connection).ensure(`${web}:1.0`, live);

    expect(pinned).toBe(`${web}@${digest}`);
    const [pull, tag] = scripted.asked
      .filter(({ method }) => method === 'POST')
      .map(({ url }) => new URLSearchParams(url.split('?')[1]));
    expect(pull?.get('tag')).toBe(digest);
    expect([tag?.get('repo'), tag?.get('tag')]).toEqual([web, '1.0']);
  });

  test('what is here already is not pulled again', async () => {
    const scripted = await start({
      [askRegistry]: registryHas,
      [lookTagged]: ok({ Id: id, RepoDigests: [`${web}@${digest}`] }),
      [lookPinned]: ok({ Id: id, RepoDigests: [`${web}@${digest}`] }),
    });

    await createImages(scripted.connection).ensure(`${web}:1.0`, live);

    expect(scripted.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('a tag that moved is pulled at its new digest, although an older one is here', async () => {
    const scripted = await start({
      [askRegistry]: registryHas,
      [lookTagged]: ok({ Id: id, RepoDigests: [`${web}@${older}`] }),
      [pullImage]: progress({ status: 'Download complete' }),
      [tagImage]: { status: 201, body: undefined },
    });

    const pinned = await createImages(scripted.connection).ensure(`${web}:1.0`, live);

    expect(pinned).toBe(`${web}@${digest}`);
    expect(scripted.asked.some(({ path }) => path === '/images/create')).toBe(true);
  });

  test.each([
    { name: 'does not answer', reply: registryDown },
    { name: 'has lost the tag', reply: registryLacks },
  ])('what is here is pinned as it is when the registry $name', async ({ reply }) => {
    const { connection } = await start({
      [askRegistry]: reply,
      [lookTagged]: ok({ Id: id, RepoDigests: [`other/web@${digest}`, `${web}@${older}`] }),
    });

    await expect(createImages(connection).ensure(`${web}:1.0`, live)).resolves.toBe(
      `${web}@${older}`,
    );
  });

  test.each([
    { name: 'that no registry ever saw', repoDigests: null },
    { name: 'that came from one under another name', repoDigests: [`other/web@${digest}`] },
  ])('an image $name is pinned by its id, without asking one', async ({ repoDigests }) => {
    const scripted = await start({ [lookTagged]: ok({ Id: id, RepoDigests: repoDigests }) });

    await expect(createImages(scripted.connection).ensure(`${web}:1.0`, live)).resolves.toBe(id);

    expect(scripted.asked).toHaveLength(1);
  });

  test.each([
    { name: 'a registry that does not answer', reply: registryDown, code: 'registry-unavailable' },
    { name: 'a registry that refuses us', reply: registryDenies, code: 'registry-denied' },
    { name: 'a registry that does not have it', reply: registryLacks, code: 'image-missing' },
  ])('nothing here, and $name: $code', async ({ reply, code }) => {
    const { connection } = await start({ [askRegistry]: reply });

    await expect(createImages(connection).ensure(`${web}:1.0`, live)).rejects.toMatchObject({
      code,
    });
  });

  test.each([
    { name: 'a full disk', error: 'write /x: no space left on device', code: 'disk-full' },
    {
      name: 'a registry that went away',
      error: 'Get "http://x": EOF: EOF',
      code: 'registry-unavailable',
    },
    { name: 'a registry that refuses us', error: 'unauthorized', code: 'registry-denied' },
    { name: 'a layer that is gone', error: 'unknown blob', code: 'image-missing' },
  ])(
    'an error inside the pull counts, though the answer was 200: $name',
    async ({ error, code }) => {
      const { connection } = await start({
        [pullImage]: progress({ status: 'Pulling' }, { errorDetail: { message: error }, error }),
      });

      await expect(createImages(connection).ensure(`${web}@${digest}`, live)).rejects.toMatchObject(
        {
          code,
          message: expect.stringContaining(error) as string,
        },
      );
    },
  );

  test('a pinned reference asks no registry, and loses the tag beside its digest', async () => {
    const scripted = await start({ [lookPinned]: ok({ Id: id }) });

    await expect(
      createImages(scripted.connection).ensure(`${web}:1.0@${digest}`, live),
    ).resolves.toBe(`${web}@${digest}`);

    expect(scripted.asked).toHaveLength(1);
  });

  test('an id is present or missing: nobody can be asked for it', async () => {
    const { connection } = await start({});

    await expect(createImages(connection).ensure(id, live)).rejects.toMatchObject({
      code: 'image-missing',
    });
  });
});

describe('a registry that this host has logged in to', () => {
  test('is told who asks, for a digest and for what it names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ci-warm-login-'));
    const auth = Buffer.from('me:secret').toString('base64');
    const auths = { '127.0.0.1:5055': { auth } };
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths }));
    vi.stubEnv('DOCKER_CONFIG', folder);
    const scripted = await start({
      [askRegistry]: registryHas,
      [pullImage]: progress({ status: 'Download complete' }),
      [tagImage]: { status: 201, body: undefined },
    });

    try {
      await createImages(scripted.connection).ensure(`${web}:1.0`, live);
    } finally {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    }

    const told = scripted.asked
      .filter(({ method, path }) => [askRegistry, pullImage].includes(`${method} ${path}`))
      .map(({ headers }) => Buffer.from(String(headers['x-registry-auth']), 'base64').toString());
    const me = { username: 'me', password: 'secret', serveraddress: '127.0.0.1:5055' };
    expect(told.map((one): unknown => JSON.parse(one))).toEqual([me, me]);
  });
});

describe('isPresent', () => {
  test.each([
    { pinned: id, look: `GET /images/${id}/json` },
    { pinned: `${web}@${digest}`, look: lookPinned },
  ])('$pinned', async ({ pinned, look }) => {
    const scripted = await start({ [look]: ok({ Id: id }) });
    const images = createImages(scripted.connection);

    await expect(images.isPresent(pinned, live)).resolves.toBe(true);
    scripted.answer({});
    await expect(images.isPresent(pinned, live)).resolves.toBe(false);
  });

  test('L1: no answer is not "no"', async () => {
    const { connection } = await start({ [lookPinned]: failing(500, 'x') });

    await expect(
      createImages(connection).isPresent(`${web}@${digest}`, live),
    ).rejects.toMatchObject({ code: 'no-answer' });
  });
});

describe('ofContainer', () => {
  const lookContainer = 'GET /containers/c1/json';
  const lookImage = `GET /images/${id}/json`;

  test('is the digest of the image that it runs, whatever its tag means today', async () => {
    const { connection, asked } = await start({
      [lookContainer]: ok({ Image: id }),
      [lookImage]: ok({ Id: id, RepoDigests: [`other/app@${digest}`, `${web}@${digest}`] }),
    });

    await expect(createImages(connection).ofContainer('c1', `${web}:1`, live)).resolves.toBe(
      `${web}@${digest}`,
    );
    expect(asked).toHaveLength(2);
  });

  test('is its id where no registry ever saw it', async () => {
    const { connection } = await start({
      [lookContainer]: ok({ Image: id }),
      [lookImage]: ok({ Id: id, RepoDigests: null }),
    });

    await expect(createImages(connection).ofContainer('c1', `${web}:1`, live)).resolves.toBe(id);
  });

  test.each([
    { name: 'the container is gone', script: {} },
    { name: 'its image is gone', script: { [lookContainer]: ok({ Image: id }) } },
  ])('fails when $name', async ({ script }) => {
    const { connection } = await start(script);

    await expect(
      createImages(connection).ofContainer('c1', `${web}:1`, live),
    ).rejects.toMatchObject({ code: 'image-missing' });
  });

  test('L1: no answer is not "gone"', async () => {
    const { connection } = await start({ [lookContainer]: failing(500, 'x') });

    await expect(
      createImages(connection).ofContainer('c1', `${web}:1`, live),
    ).rejects.toMatchObject({ code: 'no-answer' });
  });
});
