/** Images against the real Engine and the registry on loopback: what is pinned can be deployed, pulled again, and found. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createImages } from '../../controller/adapters/docker/images.ts';
import type { Images } from '../../controller/ports/images.ts';
import { registryAddress, registryDigest } from '../../controller/setup/registry.ts';
import { openEngineWorld } from './engine-world.ts';
import type { LiveEngineWorld } from './engine-world.ts';

const live = new AbortController().signal;
let world: LiveEngineWorld;
let images: Images;
/** The same image under a name that the registry on loopback has. */
let name = '';

beforeAll(async () => {
  world = await openEngineWorld();
  images = createImages(world.connection);
  name = `${registryAddress}/${world.stack}`;
  docker('tag', world.image, `${name}:1`);
  docker('push', '--quiet', `${name}:1`);
});

afterAll(async () => {
  const digest = await digestInRegistry();
  if (digest !== undefined) {
    await fetch(`${manifests()}/${digest}`, { method: 'DELETE' });
  }
  await removeHere();
  await world.dispose();
});

describe('ensure', () => {
  test('pins what the registry has, also after the image was removed here', async () => {
    const pinned = await images.ensure(`${name}:1`, live);
    await removeHere();
    const gone = await images.isPresent(pinned, live);
    const again = await images.ensure(`${name}:1`, live);

    expect(pinned).toBe(`${name}@${(await digestInRegistry()) ?? ''}`);
    expect(gone).toBe(false);
    expect(again).toBe(pinned);
    await expect(images.isPresent(pinned, live)).resolves.toBe(true);
    await expect(images.ensure(pinned, live)).resolves.toBe(pinned);
    const here = await world.docker.getImage(`${name}:1`).inspect();
    expect(here.RepoDigests).toContain(pinned);
  });

  test('pins an image that was only built here by its id, or by the digest that containerd gives it', async () => {
    const pinned = await images.ensure(world.image, live);

    const { Id, RepoDigests } = await world.docker.getImage(world.image).inspect();
    const [repository = ''] = world.image.split(':');
    // Docker's own store knows a digest only of what a registry has.
    const digest = RepoDigests.find((known) => known.startsWith(`${repository}@`));
    expect(pinned).toBe(digest ?? Id);
    await expect(images.isPresent(pinned, live)).resolves.toBe(true);
  });

  test('a tag that the registry does not have is missing', async () => {
    await expect(images.ensure(`${name}:2`, live)).rejects.toMatchObject({
      code: 'image-missing',
    });
  });

  test('a registry that nobody keeps gives no answer', async () => {
    await expect(images.ensure('127.0.0.1:1/nothing:1', live)).rejects.toMatchObject({
      code: 'registry-unavailable',
    });
  });
});

describe.each([
  { what: 'a digest', reference: () => `${name}:1` },
  { what: 'an image id', reference: () => world.image },
])('a service pinned by $what', ({ reference }) => {
  test('is deployed as it is pinned, and runs', async () => {
    const pinned = await images.ensure(reference(), live);
    const file = join(world.folder, 'compose.yml');
    const service = {
      image: pinned,
      command: ['sleep', '60'],
      stop_grace_period: '0s',
      deploy: { endpoint_mode: 'dnsrr' },
    };
    writeFileSync(file, JSON.stringify({ version: '3.8', services: { app: service } }));

    docker('stack', 'deploy', '--resolve-image', 'never', '-c', file, world.stack);
    const task = await world.until('its task runs', async () => {
      const view = await world.engine.observeStack(world.stack, live);
      return view.tasks.find((each) => each.state === 'running');
    });

    expect(task.image).toBe(pinned);
    await removeServices();
  });
});

async function removeServices(): Promise<void> {
  const { services } = await world.engine.observeStack(world.stack, live);
  for (const { id } of services) await world.engine.removeService(id, live);
  await world.until('its tasks are gone', async () => {
    const { tasks } = await world.engine.observeStack(world.stack, live);
    return tasks.length === 0 ? true : undefined;
  });
}

function docker(...args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Removes the image under its name of the registry; the one that was built here stays. */
async function removeHere(): Promise<void> {
  const here = await world.docker.listImages({ filters: { reference: [name] } });
  for (const image of here) {
    for (const reference of [...(image.RepoTags ?? []), ...(image.RepoDigests ?? [])]) {
      if (!reference.startsWith(name)) continue;
      // The last tag takes the digest with it.
      await world.docker.getImage(reference).remove().catch(ignoreMissing);
    }
  }
}

function ignoreMissing(thrown: unknown): void {
  if ((thrown as { readonly statusCode?: number }).statusCode !== 404) throw thrown;
}

function manifests(): string {
  return `http://${registryAddress}/v2/${world.stack}/manifests`;
}

async function digestInRegistry(): Promise<string | undefined> {
  return registryDigest(world.stack, '1');
}
