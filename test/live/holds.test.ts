import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containersOf, docker, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.1.0+1.1.0';
const manual = '1.2.0+1.2.0';
const harmless = '1.3.0+1.3.0';
const major = '1.6.0+2.0.0';

describe('G1: a held upgrade touches nothing', () => {
  let world: LiveWorld;
  let stack: string;
  let before: unknown;
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    stack = world.stackOf('book');
    await world.recipe('guestbook', [first]);
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
    await world.once();
    before = await everything();
  });
  afterAll(() => world.remove());

  async function everything(): Promise<unknown> {
    const images = await docker.listImages();
    const volumes = await docker.listVolumes();
    return {
      services: await servicesOf(stack),
      containers: await containersOf(stack),
      volumes: volumes.Volumes.map((volume) => volume.Name).filter((name) =>
        name.startsWith(stack),
      ),
      images: images
        .filter((image) => (image.RepoTags ?? []).some((tag) => tag.includes('/guestbook')))
        .map((image) => image.Id)
        .sort(),
    };
  }

  test('G3: a manual migration in the notes of a version in between holds the one above it', async () => {
    await world.recipe('guestbook', [first, manual, harmless]);

    const ran = await world.once();

    expect(ran.code).toBe(0);
    expect(await everything()).toEqual(before);
    expect(world.alerts()).toMatchObject([
      {
        kind: 'held-manual-migration',
        app: 'book',
        to: harmless,
        reasons: [{ reason: 'ManualMigration', file: `release/${manual}` }],
      },
    ]);
    expect(JSON.stringify(world.alerts()[0]?.['releaseNotes'])).toContain(manual);
  });

  test('all reasons are told at once, and a held app is Ready and UpgradeHeld', async () => {
    await world.recipe('guestbook', [first, manual, harmless, major]);

    await world.once();

    expect(await everything()).toEqual(before);
    const alert = world.alerts().find((one) => one['to'] === major);
    expect((alert?.['reasons'] as { reason: string }[]).map((one) => one.reason).sort()).toEqual([
      'AppMajor',
      'ImageMajor',
      'ManualMigration',
    ]);
    const status = world.json('status/warmapp/book.json') as {
      conditions: { type: string; status: string }[];
    };
    const conditions = Object.fromEntries(status.conditions.map((one) => [one.type, one.status]));
    expect(conditions).toMatchObject({ Ready: 'True', UpgradeHeld: 'True' });
  });

  test('A1: told once, not in every pass and not after a restart', async () => {
    const count = world.alerts().length;

    for (let pass = 0; pass < 3; pass += 1) await world.once();

    expect(world.alerts()).toHaveLength(count);
  });

  test('approved: another tag lifts nothing', async () => {
    world.warmApp('book', {
      recipe: 'guestbook',
      version: 'latest',
      data: 'Stateful',
      approved: '9.0.0+9.0.0',
    });

    expect((await world.once()).code).toBe(0);
    expect(await everything()).toEqual(before);
  });

  test('approved: that tag lets exactly it through', async () => {
    world.warmApp('book', {
      recipe: 'guestbook',
      version: 'latest',
      data: 'Stateful',
      approved: harmless,
    });

    expect((await world.once()).code).toBe(0);
    expect(world.read('book/last_good')).toBe(`${harmless}\n`);
  });
});
