import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployByHand, runningTasksOf } from './support/by-hand.ts';
import { ask, docker, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';
const patch = '1.0.1+1.0.1';
const minor = '1.1.0+1.1.0';
const versionLabel = "        - 'coop-cloud.${STACK_NAME}.version=1.0.0+1.0.0'\n";

function repositoryOf(world: LiveWorld): string {
  return join(world.folder, 'recipes', 'guestbook.git');
}

async function mountpointOf(stack: string): Promise<string> {
  const { Mountpoint } = await docker.getVolume(`${stack}_data`).inspect();
  return Mountpoint;
}

async function write(stack: string, message: string): Promise<void> {
  await ask(`${stack}_app`, '/entries', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, author: 'ada' }),
  });
}

describe('an app that a person deployed before, and its labels say which version', () => {
  let world: LiveWorld;
  let stack = '';
  let running: readonly string[] = [];
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    stack = world.stackOf('book');
    await world.recipe('guestbook', [first, patch]);
    const domain = `warm-book.${world.baseDomain}`;
    await deployByHand({ repository: repositoryOf(world), tag: first, stack, domain });
    await write(stack, 'hello');
    running = await runningTasksOf(stack);
    world.warmApp('book', { recipe: 'guestbook', version: first, data: 'Stateful' });
  });
  afterAll(() => world.remove());

  test('is adopted by `controller --once`: its tasks and containers are the same', async () => {
    const ran = await world.once();

    expect(ran.stderr).not.toContain('Error');
    expect(ran.code).toBe(0);
    expect(await runningTasksOf(stack)).toEqual(running);
    expect(world.read('book/last_good')).toBe(`${first}\n`);
    const [service] = await servicesOf(stack);
    expect(world.json('book/last_good.json')).toMatchObject({
      version: first,
      images: { app: service?.image.replace(/:[^:@/]+@/, '@') },
    });
    expect(service?.labels).toMatchObject({ 'dev.ci-warm.app': 'book' });
    expect(world.alerts()).toEqual([]);
  });

  test('is in sync from then on (L3)', async () => {
    const before = await servicesOf(stack);

    const ran = await world.once();

    expect(ran.code).toBe(0);
    expect(await servicesOf(stack)).toEqual(before);
    expect(await runningTasksOf(stack)).toEqual(running);
  });

  test('is upgraded like any other, and keeps its rows on the volume that it had', async () => {
    const place = await mountpointOf(stack);
    await world.recipe('guestbook', [first, patch, minor]);
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });

    const ran = await world.once();

    expect(ran.code).toBe(0);
    expect(world.read('book/last_good')).toBe(`${minor}\n`);
    expect(JSON.stringify((await ask(`${stack}_app`, '/entries')).body)).toContain('hello');
    expect(await mountpointOf(stack)).toBe(place);
    expect(readdirSync(dirname(place))).toEqual(['_data']);
    expect(world.json('book/snapshot/manifest.json')).toMatchObject({
      identity: { version: first },
    });
  });
});

describe('an app that says nowhere which version it is, its image not pinned', () => {
  let world: LiveWorld;
  let stack = '';
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    stack = world.stackOf('book');
    await world.recipe('guestbook', [first, patch]);
    await deployByHand({
      repository: repositoryOf(world),
      tag: first,
      stack,
      domain: `warm-book.${world.baseDomain}`,
      edits: [[versionLabel, '']],
      resolveImage: 'never',
    });
    await write(stack, 'hello');
  });
  afterAll(() => world.remove());

  test('is held with the newest, and what to do is said', async () => {
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
    const before = await servicesOf(stack);

    const ran = await world.once();

    expect(ran.code).toBe(0);
    expect(await servicesOf(stack)).toEqual(before);
    expect(world.alerts()).toMatchObject([{ kind: 'held-adoption' }]);
    expect(JSON.stringify(world.alerts())).toContain('put the tag that runs under version');
  });

  test('is adopted as the version that people pin, by what its container runs', async () => {
    world.warmApp('book', { recipe: 'guestbook', version: first, data: 'Stateful' });
    const running = await runningTasksOf(stack);

    const ran = await world.once();

    expect(ran.code).toBe(0);
    expect(await runningTasksOf(stack)).toEqual(running);
    const lastGood = world.json('book/last_good.json') as { images: { app: string } };
    expect(lastGood.images.app).toMatch(/^127\.0\.0\.1:5055\/guestbook@sha256:/);
    expect((await world.once()).code).toBe(0);
    expect(await runningTasksOf(stack)).toEqual(running);
  });

  test('U1: after a failed upgrade it runs as before on the same volume, and nothing lies about beside it', async () => {
    const place = await mountpointOf(stack);
    await world.recipe('guestbook', [first, '1.4.0+1.4.0']);
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });

    const ran = await world.once();

    expect(ran.code).toBe(5);
    expect(world.read('book/last_good')).toBe(`${first}\n`);
    expect(await ask(`${stack}_app`, '/version')).toMatchObject({ body: { version: '1.0.0' } });
    expect(JSON.stringify((await ask(`${stack}_app`, '/entries')).body)).toContain('hello');
    expect(await mountpointOf(stack)).toBe(place);
    expect(readdirSync(dirname(place))).toEqual(['_data']);
  });
});

describe('an app that a person deployed otherwise than its recipe has it', () => {
  let world: LiveWorld;
  let stack = '';
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    stack = world.stackOf('book');
    await world.recipe('guestbook', [first, patch]);
    await deployByHand({
      repository: repositoryOf(world),
      tag: first,
      stack,
      domain: `warm-book.${world.baseDomain}`,
      env: { GUESTBOOK_TITLE: 'a title of their own' },
      edits: [
        ['guestbook:1.0.0', 'guestbook:1.0.1'],
        [
          'services:\n',
          'services:\n  extra: {image: "127.0.0.1:5055/guestbook:1.0.1", entrypoint: [sleep, "600"]}\n',
        ],
      ],
    });
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
  });
  afterAll(() => world.remove());

  test('is held with each difference and no value of a variable, and nothing of it is touched (G1)', async () => {
    const [before, running] = [await servicesOf(stack), await runningTasksOf(stack)];

    const ran = await world.once();

    expect(ran.code).toBe(0);
    expect(world.read('status/warmapp/book.json')).toContain('HeldAdoption');
    const [alert, ...others] = world.alerts() as {
      kind: string;
      reasons: { reason: string }[];
    }[];
    expect(others).toEqual([]);
    expect(alert?.kind).toBe('held-adoption');
    expect(alert?.reasons.map(({ reason }) => reason)).toEqual([
      'ForeignEnvironment',
      'ForeignImage',
      'ForeignService',
    ]);
    expect(JSON.stringify(alert)).not.toContain('of their own');
    expect(await servicesOf(stack)).toEqual(before);
    expect(await runningTasksOf(stack)).toEqual(running);
    expect(existsSync(join(world.state, 'book', 'last_good'))).toBe(false);
  });
});
