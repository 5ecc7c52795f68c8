import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runningTasksOf } from './support/by-hand.ts';
import { ask, eventually } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const good = '1.1.0+1.1.0';
/** Stays up and answers every page with 503. */
const bad = '1.2.0+1.2.0';

describe('U1: a stateless app, and a version that is unhealthy', () => {
  let world: LiveWorld;
  beforeAll(async () => {
    world = makeLiveWorld(['door']);
    await world.recipe('frontdoor', [good]);
    world.warmApp('door', { recipe: 'frontdoor', version: 'latest', data: 'Stateless' });
    expect((await world.once()).code).toBe(0);
  });
  afterAll(() => world.remove());

  test('ends on the prior version, healthy, by version alone', async () => {
    const app = `${world.stackOf('door')}_app`;
    await world.recipe('frontdoor', [good, bad]);

    const ran = await world.once();

    expect(ran.code).toBe(5);
    expect(await runningTasksOf(world.stackOf('door'))).toHaveLength(1);
    // Swarm starts first and stops then: the container of the version that failed may still be on its way out.
    const version = { status: 200, body: { version: '1.1.0' } };
    await eventually(
      async () => isDeepStrictEqual(await ask(app, '/version'), version),
      'the prior version answers',
    );
    expect(await ask(app, '/health')).toMatchObject({ status: 200 });
    expect(world.read('door/last_good')).toBe(`${good}\n`);
    const upgrade = world.journal('door').filter(({ transition }) => transition === 'upgrade');
    const phases = [...new Set(upgrade.map(({ phase }) => String(phase)))].join(' ');
    expect(phases).toBe('begin prepare deploy judge back-deploy back-judge conclude-back end');
    expect(existsSync(join(world.state, 'door', 'snapshot'))).toBe(false);
  });

  test('A1: one rollback alert, with notes and last log lines', () => {
    const alerts = world.alerts();

    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatchObject({
      kind: 'rollback',
      app: 'door',
      from: good,
      to: bad,
      message: expect.stringContaining('It keeps no data.') as string,
      releaseNotes: [{ version: bad, text: expect.stringContaining('Opening hours') as string }],
    });
    expect((alerts[0]?.['lastLogs'] as string[]).join('\n')).toContain('frontdoor 1.2.0 listens');
  });

  test('the version is quarantined, and another pass does not try it', async () => {
    expect(world.json('door/quarantine.json')).toMatchObject({ version: bad });
    const journal = world.journal('door');
    // Not the service's version: Swarm counts it up once more when it has watched an update for long enough.
    const tasks = await runningTasksOf(world.stackOf('door'));

    expect((await world.once()).code).toBe(0);

    expect(world.journal('door')).toEqual(journal);
    expect(await runningTasksOf(world.stackOf('door'))).toEqual(tasks);
    expect(world.alerts()).toHaveLength(1);
  });
});
