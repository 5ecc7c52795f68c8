import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ran } from './support/program.ts';
import { ask, eventually, listenToLives, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const minor = '1.1.0+1.1.0';
const unhealthy = '1.4.0+1.4.0';
const crashing = '1.4.1+1.4.1';
const repaired = '1.5.0+1.5.0';

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

/** How long it may take to be healthy: the default, 300 s, where it must not be what ends the judgement. */
function bootWithin(world: LiveWorld, boot: string): void {
  world.write(
    'recipes/guestbook.yaml',
    `apiVersion: ci-warm.dev/v1
kind: Recipe
metadata: { name: guestbook }
spec:
  health: { stableFor: 2s }
  timeouts: { converge: 90s, boot: ${boot} }
`,
  );
}

/**
 * One pass, and every file of the volume as it is when the snapshot has been put back: the prior version opens its
 * database again, so it is looked at while that one is not there yet.
 */
async function rolledBack(world: LiveWorld): Promise<{ readonly ran: Ran; readonly tree: string }> {
  const running = world.once();
  await eventually(
    () => Promise.resolve(phasesOf(world, 'back-restore').some(({ event }) => event === 'outcome')),
    'the data is put back',
    180_000,
  );
  const tree = world.tree('book');
  return { ran: await running, tree };
}

function phasesOf(world: LiveWorld, wanted: string): readonly Record<string, unknown>[] {
  return world
    .journal('book')
    .filter(({ transition, phase }) => transition === 'upgrade' && phase === wanted);
}

describe.each([
  {
    name: 'that migrates and is then unhealthy',
    bad: unhealthy,
    boot: '20s',
    reason: /CrashLoop|ProbeFailed|NotConverged/,
    notes: 'room for comments',
    logged: 'GET /health: no such table: entries',
  },
  {
    name: 'that destroys data and crash-loops',
    bad: crashing,
    boot: '300s',
    reason: /CrashLoop/,
    notes: 'Posts that were sent twice',
    logged: 'guestbook 1.4.1 cannot start: the setting "moderation" is missing',
  },
])('U1: an upgrade to a version $name', ({ bad, boot, reason, notes, logged }) => {
  let world: LiveWorld;
  let treeBefore: string;
  let treeAfter: string;
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    bootWithin(world, boot);
    await installed(world);
  });
  afterAll(() => world.remove());

  test('ends on the prior version, healthy, and says so by exit code 5', async () => {
    // The app writes nothing at rest: what is on disk before the upgrade is what the snapshot has to bring back.
    treeBefore = world.tree('book');
    await world.recipe('guestbook', [minor, bad]);

    const { ran, tree } = await rolledBack(world);
    treeAfter = tree;

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

  test('every file of the volume is as it was when the app stopped, byte for byte', () => {
    const restored = phasesOf(world, 'back-restore');

    expect(restored.map((record) => record['event'])).toEqual(['intent', 'outcome']);
    expect(restored.at(-1)).toMatchObject({ result: { kind: 'ok' } });
    expect(world.json('book/snapshot/manifest.json')).toMatchObject({
      identity: { version: minor },
    });
    expect(treeBefore).toContain('guestbook.sqlite|f|');
    expect(treeAfter).toBe(treeBefore);
  });

  test('A1: one rollback alert, with notes, last log lines and the window in which it served', () => {
    const alerts = world.alerts();

    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatchObject({
      kind: 'rollback',
      app: 'book',
      from: minor,
      to: bad,
      releaseNotes: [{ version: bad, text: expect.stringContaining(notes) as string }],
    });
    expect(String(alerts[0]?.['message'])).toContain('may have served from');
    expect(JSON.stringify(alerts[0]?.['reasons'])).toMatch(reason);
    expect((alerts[0]?.['lastLogs'] as string[]).join('\n')).toContain(logged);
  });

  if (bad === crashing) {
    test('a crash loop is judged in less than 60 s although the boot limit is 300 s', () => {
      const [begun, judged] = phasesOf(world, 'judge');

      // Of the judgement alone, by the journal: how long a pass takes is the machine's.
      expect(judged).toMatchObject({
        event: 'outcome',
        result: { kind: 'failed', failure: { verdict: 'unhealthy', reason: 'CrashLoop' } },
      });
      const judgedForMs = Date.parse(String(judged?.['at'])) - Date.parse(String(begun?.['at']));
      expect(judgedForMs).toBeLessThan(60_000);
    });
  }

  test('the version is quarantined, and twenty more passes try nothing', async () => {
    expect(world.json('book/quarantine.json')).toMatchObject({ version: bad });
    const before = JSON.stringify(await servicesOf(world.stackOf('book')));

    for (let pass = 0; pass < 20; pass += 1) expect((await world.once()).code).toBe(0);

    expect(JSON.stringify(await servicesOf(world.stackOf('book')))).toBe(before);
    expect(world.alerts()).toHaveLength(1);
  });

  test('a newer, good version is taken although this one was quarantined, in one downtime', async () => {
    await world.recipe('guestbook', [minor, bad, repaired]);
    const lives = await listenToLives(world.stackOf('book'));

    const ran = await world.once();
    lives.stop();

    expect(ran.code).toBe(0);
    expect(lives.seen).toEqual(['die', 'start']);
    expect(world.read('book/last_good')).toBe(`${repaired}\n`);
    expect(world.read('book/quarantine.json')).toBeUndefined();
  });
});
