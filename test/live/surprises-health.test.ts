/** What happens to apps on a real Swarm: one that dies late, one of which a service is taken away. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publish } from './support/publish.ts';
import { ask, docker, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';
const patch = '1.0.1+1.0.1';
const major = '1.6.0+2.0.0';

let world: LiveWorld;
let app: string;
beforeAll(async () => {
  world = makeLiveWorld(['book']);
  app = `${world.stackOf('book')}_app`;
  world.write(
    'recipes/guestbook.yaml',
    `apiVersion: ci-warm.dev/v1
kind: Recipe
metadata: { name: guestbook }
spec:
  health:
    probes:
      - http: { port: 8080, path: /health, status: [200], headers: { Content-Type: '' } }
    stableFor: 10s
  timeouts: { converge: 90s, boot: 25s }
`,
  );
  await world.recipe('guestbook', [first]);
  world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
  expect((await world.once()).code).toBe(0);
  await ask(app, '/entries', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'precious' }),
  });
});
afterAll(() => world.remove());

describe('U1, U3: a release that dies after 9 s, while Swarm only watches an update for 5 s', () => {
  test('is rolled back with its data, and quarantined', async () => {
    // Healthy for 9 s: longer than Swarm looks, shorter than the health gate does.
    const dying = [
      '    command:',
      '      - /bin/sh',
      '      - -c',
      "      - 'node --disable-warning=ExperimentalWarning /app/releases/$$VERSION.ts & sleep 9; exit 1'",
    ].join('\n');
    publish(join(world.folder, 'recipes', 'guestbook.git'), {
      tag: patch,
      edits: [
        ['compose.yml', 'guestbook:1.0.0\n', `guestbook:1.0.1\n${dying}\n`],
        [
          'compose.yml',
          'failure_action: rollback',
          'failure_action: rollback\n        monitor: 5s',
        ],
      ],
    });

    const ran = await world.once();

    expect(ran.code).toBe(5);
    expect(world.read('book/last_good')).toBe(`${first}\n`);
    const judged = world.journal('book').findLast(({ phase }) => phase === 'judge');
    expect(judged).toMatchObject({ result: { failure: { verdict: 'unhealthy' } } });
    expect(world.json('book/quarantine.json')).toMatchObject({
      version: patch,
      reason: expect.stringMatching(/Flapping|Unstable|NotConverged|ProbeFailed/) as string,
    });
    expect(await ask(app, '/version')).toMatchObject({ body: { version: '1.0.0' } });
    expect(JSON.stringify((await ask(app, '/entries')).body)).toContain('precious');
    expect(world.alerts().map(({ kind }) => kind)).toEqual(['rollback']);
  });
});

describe('a service that somebody removed', () => {
  test('comes back at last_good, and not at the newest release, which waits for a person', async () => {
    await world.recipe('guestbook', [first, major]);
    expect((await world.once()).code).toBe(0);
    const [service] = await servicesOf(world.stackOf('book'));
    await docker.getService(service?.name ?? '').remove();

    expect((await world.once()).code).toBe(0);

    expect(await ask(app, '/version')).toMatchObject({ body: { version: '1.0.0' } });
    expect(JSON.stringify((await ask(app, '/entries')).body)).toContain('precious');
    expect(world.read('book/last_good')).toBe(`${first}\n`);
    expect(world.json('status/warmapp/book.json')).toMatchObject({ hold: { version: major } });
    expect(world.journal('book').at(-1)).toMatchObject({ transition: 'repair', phase: 'end' });
  });
});
