import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, containersOf, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';
const patch = '1.0.1+1.0.1';
const minor = '1.1.0+1.1.0';

describe('a stateful app and a stateless one, from nothing to an upgrade', () => {
  let world: LiveWorld;
  beforeAll(async () => {
    world = makeLiveWorld(['book', 'door']);
    await world.recipe('guestbook', [first, patch]);
    await world.recipe('frontdoor', ['1.0.0+1.0.0']);
    world.warmApp('book', { recipe: 'guestbook', version: first, data: 'Stateful' });
    world.warmApp('door', { recipe: 'frontdoor', version: 'latest', data: 'Stateless' });
  });
  afterAll(() => world.remove());

  test('from nothing both are installed, and it exits 0', async () => {
    const ran = await world.once();

    expect(ran.stderr).not.toContain('Error');
    expect(ran.code).toBe(0);
    expect(await ask(`${world.stackOf('book')}_app`, '/version')).toMatchObject({
      status: 200,
      body: { version: '1.0.0' },
    });
    expect((await servicesOf(world.stackOf('door'))).length).toBe(1);
    expect(world.read('book/last_good')).toBe(`${first}\n`);
  });

  test('L3: run again it changes nothing', async () => {
    const before = [
      await servicesOf(world.stackOf('book')),
      await servicesOf(world.stackOf('door')),
    ];

    const ran = await world.once();

    expect(ran.code).toBe(0);
    expect([
      await servicesOf(world.stackOf('book')),
      await servicesOf(world.stackOf('door')),
    ]).toEqual(before);
  });

  test('a good upgrade with a migration keeps the rows, moves last_good, and keeps the data of before', async () => {
    const app = `${world.stackOf('book')}_app`;
    await ask(app, '/entries', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'hello', author: 'ada' }),
    });
    await world.recipe('guestbook', [first, patch, minor]);
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });

    const ran = await world.once();

    expect(ran.code).toBe(0);
    expect(world.read('book/last_good')).toBe(`${minor}\n`);
    expect(await ask(app, '/version')).toMatchObject({ body: { version: '1.1.0' } });
    expect(JSON.stringify((await ask(app, '/entries')).body)).toContain('hello');
    expect(world.json('book/snapshot/manifest.json')).toMatchObject({
      identity: { version: first },
    });
    expect(await containersOf(world.stackOf('book'))).toHaveLength(1);
    expect(world.alerts()).toEqual([]);
  });
});
