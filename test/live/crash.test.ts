import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, eventually } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const good = '1.1.0+1.1.0';
const better = '1.5.0+1.5.0';
const bad = '1.4.1+1.4.1';

/** Kills the controller, as a power cut would, as soon as the journal says that this phase has begun. */
async function killDuring(world: LiveWorld, phase: string): Promise<void> {
  const controller = world.controller();
  await eventually(
    () =>
      Promise.resolve(
        world
          .journal('book')
          .some((one) => one['transition'] === 'upgrade' && one['phase'] === phase),
      ),
    `${phase} has begun`,
    120_000,
  );
  controller.child.kill('SIGKILL');
  await controller.ended;
}

describe.each([
  { phase: 'undeploy', target: better, endsOn: better, code: 0 },
  { phase: 'snapshot', target: better, endsOn: better, code: 0 },
  { phase: 'deploy', target: better, endsOn: better, code: 0 },
  { phase: 'judge', target: bad, endsOn: good, code: 5 },
  { phase: 'back-restore', target: bad, endsOn: good, code: 5 },
])('L2: killed during $phase of an upgrade to $target', ({ phase, target, endsOn, code }) => {
  let world: LiveWorld;
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    await world.recipe('guestbook', [good]);
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
    await world.once();
    await ask(`${world.stackOf('book')}_app`, '/entries', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'precious', author: 'ada' }),
    });
    await world.recipe('guestbook', [good, target]);
  });
  afterAll(() => world.remove());

  test(`the next start ends on ${endsOn}, healthy, with its data`, async () => {
    await killDuring(world, phase);

    const ran = await world.once();

    expect(ran.code).toBe(code);
    expect(world.read('book/last_good')).toBe(`${endsOn}\n`);
    const entries = await ask(`${world.stackOf('book')}_app`, '/entries');
    expect(JSON.stringify(entries.body)).toContain('precious');
    expect(await ask(`${world.stackOf('book')}_app`, '/version')).toMatchObject({
      status: 200,
      body: { version: endsOn.split('+')[1] },
    });
    expect(world.alerts().map((alert) => alert['kind'])).toEqual(code === 5 ? ['rollback'] : []);
  });
});
