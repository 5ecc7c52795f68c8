/** A warm app's other lives on a real Swarm: suspended, configured anew, renamed, pinned down, ill before an upgrade. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, containersOf, docker, eventually, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';
const patch = '1.0.1+1.0.1';

let world: LiveWorld;
let stack: string;
let app: string;
beforeEach(async () => {
  world = makeLiveWorld(['book']);
  stack = world.stackOf('book');
  app = `${stack}_app`;
  await world.recipe('guestbook', [first]);
  want({});
  expect((await world.once()).code).toBe(0);
  await ask(app, '/entries', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'precious' }),
  });
});
afterEach(() => world.remove());

function want(spec: Readonly<Record<string, unknown>>): void {
  world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful', ...spec });
}

async function everything(): Promise<unknown> {
  return {
    services: await servicesOf(stack),
    containers: await containersOf(stack),
    journal: world.journal('book').length,
  };
}

async function entries(): Promise<string> {
  return JSON.stringify((await ask(app, '/entries')).body);
}

function conditions(): Record<string, unknown> {
  const status = world.json('status/warmapp/book.json') as {
    conditions: { type: string; status: string; reason: string }[];
  };
  return Object.fromEntries(status.conditions.map((one) => [one.type, one]));
}

describe('a suspended app', () => {
  test('is left as it is, whatever is missing and whatever is new, until it is suspended no more', async () => {
    want({ suspend: true });
    await world.recipe('guestbook', [first, patch]);
    const [service] = await docker.listServices({ filters: { name: [app] } });
    await docker.getService(service?.ID ?? '').remove();
    await eventually(async () => (await containersOf(stack)).length === 0, 'the app is gone');
    const before = await everything();

    expect((await world.once()).code).toBe(0);

    expect(await everything()).toEqual(before);
    expect(conditions()).toMatchObject({ Ready: { reason: 'Suspended' } });

    want({});
    expect((await world.once()).code).toBe(0);
    expect((await world.once()).code).toBe(0);

    expect(world.read('book/last_good')).toBe(`${patch}\n`);
    expect(await entries()).toContain('precious');
  });
});

describe('U1: a change of configuration only', () => {
  test('is taken like an upgrade: with a snapshot, judged, and the data kept', async () => {
    want({ env: { GUESTBOOK_TITLE: 'Visitors' } });

    expect((await world.once()).code).toBe(0);

    expect(await ask(app, '/version')).toMatchObject({ body: { title: 'Visitors' } });
    expect(await entries()).toContain('precious');
    expect(world.json('book/snapshot/manifest.json')).toMatchObject({
      identity: { version: first },
    });
    const settled = await everything();
    expect((await world.once()).code).toBe(0);
    expect(await everything()).toEqual(settled);
  });

  test('that the health gate refuses goes back with the data, and quarantines itself, not the version', async () => {
    world.write('recipes/guestbook.yaml', recipeThatWants('"title":"Guestbook"'));
    expect((await world.once()).code).toBe(0);
    want({ env: { GUESTBOOK_TITLE: 'Visitors' } });

    expect((await world.once()).code).toBe(5);

    expect(await ask(app, '/version')).toMatchObject({ body: { title: 'Guestbook' } });
    expect(await entries()).toContain('precious');
    expect(world.json('book/quarantine.json')).toMatchObject({ version: first });
    const settled = await everything();
    expect((await world.once()).code).toBe(0);
    expect(await everything()).toEqual(settled);

    want({});
    await world.recipe('guestbook', [first, patch]);
    expect((await world.once()).code).toBe(0);
    expect(world.read('book/last_good')).toBe(`${patch}\n`);
  });
});

describe('G1: what needs a person', () => {
  test('another domain is held, for the data carries its own', async () => {
    const before = await everything();
    want({ domain: `other.${world.baseDomain}` });

    expect((await world.once()).code).toBe(0);

    expect(await everything()).toEqual(before);
    expect(world.alerts()).toMatchObject([
      { kind: 'held-domain', app: 'book', reasons: [{ reason: 'DomainChanged' }] },
    ]);
    expect(conditions()).toMatchObject({ UpgradeHeld: { status: 'True', reason: 'HeldDomain' } });
  });

  test('a pin below the known-good is held, and taken once it is approved', async () => {
    await world.recipe('guestbook', [first, patch]);
    expect((await world.once()).code).toBe(0);
    expect(world.read('book/last_good')).toBe(`${patch}\n`);
    const before = await everything();

    want({ version: first });
    expect((await world.once()).code).toBe(0);

    expect(await everything()).toEqual(before);
    expect(world.alerts()).toMatchObject([{ kind: 'held-downgrade', from: patch, to: first }]);

    want({ version: first, approved: first });
    expect((await world.once()).code).toBe(0);

    expect(world.read('book/last_good')).toBe(`${first}\n`);
    expect(await entries()).toContain('precious');
  });

  test('S2: an app that is ill is not upgraded, for its data must not replace the known-good', async () => {
    await world.recipe('guestbook', [first, patch]);
    want({ version: first });
    const data = join(world.state, 'book/volumes/data/data/guestbook.sqlite');
    writeFileSync(data, 'no database');
    const [container] = await containersOf(stack);
    await docker.getContainer(container ?? '').kill();
    await eventually(async () => (await containersOf(stack)).length > 2, 'it dies again and again');
    want({});
    const before = world.journal('book').length;

    await world.once();

    expect(world.read('book/last_good')).toBe(`${first}\n`);
    expect(world.journal('book')).toHaveLength(before);
    expect(world.alerts().map(({ kind }) => kind)).toContain('held-unhealthy');
    expect(conditions()).toMatchObject({ UpgradeHeld: { reason: 'HeldUnhealthy' } });
  });
});

function recipeThatWants(body: string): string {
  return `apiVersion: ci-warm.dev/v1
kind: Recipe
metadata: { name: guestbook }
spec:
  health:
    probes: [{ http: { path: /version, body: '${body}' } }]
    stableFor: 2s
  timeouts: { converge: 90s, boot: 20s }
`;
}
