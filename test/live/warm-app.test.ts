import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, containersOf, servicesOf } from './support/swarm.ts';
import { startCiWarm } from './support/program.ts';
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

  test('other users of the host read neither its data nor its env, and are told as much as they may know', async () => {
    chmodSync(world.folder, 0o755);
    const volumes = join(world.state, 'book', 'volumes');
    // As an earlier version made it: the next start mends it.
    chmodSync(volumes, 0o755);
    chmodSync(join(world.state, 'book', 'journal.jsonl'), 0o644);
    const again = await world.once();
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('is closed to other users from now on');

    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const asNobody = (...args: string[]) =>
      startCiWarm([...args, '--state', world.state], { HOME: '/' }, nobody).ended;
    const isRefused = (...command: string[]): boolean =>
      spawnSync('setpriv', [...nobody.slice(1), ...command]).status !== 0;
    expect(isRefused('ls', volumes)).toBe(true);
    const closed = ['journal.jsonl', 'last_good.json'].map((file) =>
      join(world.state, 'book', file),
    );
    expect(closed.map((path) => isRefused('cat', path))).toEqual([true, true]);
    expect(isRefused('cat', join(world.state, 'book', 'last_good'))).toBe(false);
    for (const verb of ['status', 'get all', 'alerts', 'describe book', 'explain book']) {
      const ran = await asNobody(...verb.split(' '));
      expect(ran.code).toBe(0);
      expect(ran.stderr).not.toContain('closed to this user');
    }
    for (const verb of ['history book', 'events', 'snapshot list']) {
      const ran = await asNobody(...verb.split(' '));
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain('/book/last_good.json is closed to this user: ask as root');
    }

    for (const path of closed) chownSync(path, 0, 65534);
    expect(await asNobody('history', 'book')).toMatchObject({ code: 0, stderr: '' });
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
