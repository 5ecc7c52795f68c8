import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';
const major = '1.6.0+2.0.0';

/** Each is what a person does at a shell, and what the next pass has to undo. */
describe('what somebody changed by hand', () => {
  let world: LiveWorld;
  let app: string;
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    await world.recipe('guestbook', [first]);
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
    app = `${world.stackOf('book')}_app`;
    expect((await world.once()).code).toBe(0);
    await ask(app, '/entries', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'hello', author: 'ada' }),
    });
    await world.recipe('guestbook', [first, major]);
  });
  afterAll(() => world.remove());

  test.each([
    { name: 'a service that was removed', args: ['service', 'rm'] },
    {
      name: 'a service that was scaled to nothing',
      args: ['service', 'update', '--detach', '--replicas', '0'],
    },
    {
      name: 'a service with another variable',
      args: ['service', 'update', '--detach', '--env-add', 'EDITED=1'],
    },
  ])(
    '$name is put back as last_good has it, with its data, and is then left alone',
    async ({ args }) => {
      execFileSync('docker', [...args, app]);

      const ran = await world.once();

      expect(ran.code).toBe(0);
      expect(world.read('book/last_good')).toBe(`${first}\n`);
      expect(await ask(app, '/version')).toMatchObject({ body: { version: '1.0.0' } });
      expect(JSON.stringify((await ask(app, '/entries')).body)).toContain('hello');
      const repaired = await servicesOf(world.stackOf('book'));
      expect((await world.once()).code).toBe(0);
      expect(await servicesOf(world.stackOf('book'))).toEqual(repaired);
    },
  );
});
