import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';
const minor = '1.1.0+1.1.0';
const unhealthy = '1.4.0+1.4.0';
const crashing = '1.4.1+1.4.1';

/** Installs the guestbook at 1.1 with one entry in it. */
async function installed(world: LiveWorld): Promise<void> {
  await world.recipe('guestbook', [minor]);
  world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
  const ran = await world.once();
  if (ran.code !== 0) throw new Error(`the install ended with ${String(ran.code)}: ${ran.stderr}`);
  await ask(`${world.stackOf('book')}_app`, '/entries', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'precious', author: 'ada' }),
  });
}

describe.each([
  {
    name: 'that migrates and is then unhealthy',
    bad: unhealthy,
    reason: /CrashLoop|ProbeFailed|NotConverged/,
  },
  { name: 'that destroys data and crash-loops', bad: crashing, reason: /CrashLoop/ },
])('U1: an upgrade to a version $name', ({ bad, reason }) => {
  let world: LiveWorld;
  let before: string;
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    await installed(world);
  });
  afterAll(() => world.remove());

  test('ends on the prior version, healthy, and says so by exit code 5', async () => {
    await world.recipe('guestbook', [minor, bad]);

    const ran = await world.once();

    expect(ran.code).toBe(5);
    expect(await ask(`${world.stackOf('book')}_app`, '/version')).toMatchObject({
      status: 200,
      body: { version: '1.1.0' },
    });
    expect(JSON.stringify((await ask(`${world.stackOf('book')}_app`, '/entries')).body)).toContain(
      'precious',
    );
    expect(world.read('book/last_good')).toBe(`${minor}\n`);
  });

  test('the data is what the snapshot holds, byte for byte', () => {
    const restored = world.journal('book').filter((record) => record['phase'] === 'back-restore');

    expect(restored.map((record) => record['event'])).toEqual(['intent', 'outcome']);
    expect(restored.at(-1)).toMatchObject({ result: { kind: 'ok' } });
    expect(world.json('book/snapshot/manifest.json')).toMatchObject({
      identity: { version: minor },
    });
  });

  test('A1: one rollback alert, with the last log lines and the window in which it served', () => {
    const alerts = world.alerts();

    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatchObject({ kind: 'rollback', app: 'book', from: minor, to: bad });
    expect(String(alerts[0]?.['message'])).toContain('may have served from');
    expect(JSON.stringify(alerts[0]?.['reasons'])).toMatch(reason);
    expect((alerts[0]?.['lastLogs'] as string[]).join('\n')).toContain('guestbook');
  });

  test('the version is quarantined, and twenty more passes try nothing', async () => {
    expect(world.json('book/quarantine.json')).toMatchObject({ version: bad });
    before = JSON.stringify(await servicesOf(world.stackOf('book')));

    for (let pass = 0; pass < 20; pass += 1) expect((await world.once()).code).toBe(0);

    expect(JSON.stringify(await servicesOf(world.stackOf('book')))).toBe(before);
    expect(world.alerts()).toHaveLength(1);
  });
});

describe('U1: data after a failed upgrade', () => {
  let world: LiveWorld;
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    await installed(world);
  });
  afterAll(() => world.remove());

  test('every file of the volume is as it was when the app stopped', async () => {
    // The app writes nothing at rest, so what is on disk before the upgrade is what the snapshot has to bring back. The
    // prior version opens its database again: it is compared while that one is stopped.
    await world.recipe('guestbook', [minor, crashing]);
    const controller = world.controller();
    const treeBefore = world.tree('book');
    await waitForPhase(world, 'back-restore', 'outcome');
    const treeAfter = world.tree('book');
    await waitForPhase(world, 'end', 'outcome');
    controller.child.kill('SIGINT');
    await controller.ended;

    expect(withoutDatabaseTimes(treeAfter)).toEqual(withoutDatabaseTimes(treeBefore));
  });

  test('an upgrade to a newer, good version is tried and taken although one was quarantined', async () => {
    await world.recipe('guestbook', [minor, crashing, '1.5.0+1.5.0']);

    expect((await world.once()).code).toBe(0);
    expect(world.read('book/last_good')).toBe('1.5.0+1.5.0\n');
    expect(world.read('book/quarantine.json')).toBeUndefined();
    expect(world.read('book/last_good')).not.toBe(`${first}\n`);
  });
});

async function waitForPhase(world: LiveWorld, phase: string, event: string): Promise<void> {
  const { eventually } = await import('./support/swarm.ts');
  await eventually(
    () =>
      Promise.resolve(
        world
          .journal('book')
          .filter((one) => one['transition'] === 'upgrade')
          .some((one) => one['phase'] === phase && one['event'] === event),
      ),
    `phase ${phase} has its ${event}`,
    120_000,
  );
}

/** Stopping the app closes its database: what SQLite tidies then is not the upgrade's doing. */
function withoutDatabaseTimes(tree: string): readonly string[] {
  return tree.split('\n').filter((line) => !/-(?:wal|shm)/.test(line));
}
