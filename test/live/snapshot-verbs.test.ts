/** The snapshot verbs, and talking to a running controller, on the real Swarm. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, containersOf, docker, eventually, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const old = '1.1.0+1.1.0';
const recent = '1.5.0+1.5.0';

async function write(world: LiveWorld, message: string): Promise<void> {
  await ask(`${world.stackOf('book')}_app`, '/entries', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, author: 'ada' }),
  });
}

async function entries(world: LiveWorld): Promise<string> {
  return JSON.stringify((await ask(`${world.stackOf('book')}_app`, '/entries')).body);
}

/** The guestbook at 1.5, upgraded from 1.1, with an entry of before and one of after. */
async function upgraded(): Promise<LiveWorld> {
  const world = makeLiveWorld(['book']);
  await world.recipe('guestbook', [old]);
  world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
  await expectCode(0, world.once());
  await write(world, 'precious');
  await world.recipe('guestbook', [old, recent]);
  await expectCode(0, world.once());
  await write(world, 'written since');
  return world;
}

async function expectCode(
  code: number,
  running: Promise<{ readonly code: number | null; readonly stderr: string }>,
): Promise<void> {
  const ran = await running;
  if (ran.code !== code) throw new Error(`ended with ${String(ran.code)}: ${ran.stderr}`);
}

describe('snapshot restore, while no controller runs', () => {
  let world: LiveWorld;
  beforeAll(async () => {
    world = await upgraded();
  });
  afterAll(() => world.remove());

  test('the list shows what it holds, and verify reads every byte', async () => {
    const listed = await world.ciWarm('snapshot', 'list', '-o', 'json');

    expect(JSON.parse(listed.stdout)).toMatchObject({
      items: [{ name: 'book', version: old, volumes: ['data'], valid: 'True' }],
    });
    await expectCode(0, world.ciWarm('snapshot', 'verify', 'book'));
  });

  test('without --yes it says what would happen, and touches nothing', async () => {
    const before = JSON.stringify(await servicesOf(world.stackOf('book')));

    const ran = await world.ciWarm('snapshot', 'restore', 'book');

    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`deploy ${old}`);
    expect(JSON.stringify(await servicesOf(world.stackOf('book')))).toBe(before);
  });

  test('brings back the data and the version that it belongs to', async () => {
    await expectCode(0, world.ciWarm('snapshot', 'restore', 'book', '--yes'));

    expect(world.read('book/last_good')).toBe(`${old}\n`);
    expect(await entries(world)).toContain('precious');
    expect(await entries(world)).not.toContain('written since');
    expect(world.read('book/request.json')).toBeUndefined();
  });

  test('the version that was left is not gone to again, until a person says so', async () => {
    expect(world.json('book/quarantine.json')).toMatchObject({
      version: recent,
      reason: 'RestoredByHand',
    });
    await expectCode(0, world.once());
    expect(world.read('book/last_good')).toBe(`${old}\n`);

    await expectCode(0, world.ciWarm('reconcile', 'book', '--retry'));
    await expectCode(0, world.once());

    expect(world.read('book/last_good')).toBe(`${recent}\n`);
    expect(await entries(world)).toContain('precious');
  });

  test('a damaged snapshot is refused while the app still runs (S3)', async () => {
    const [archive = ''] = readdirSync(join(world.state, 'book/snapshot')).filter((name) =>
      name.endsWith('.zst'),
    );
    const path = join(world.state, 'book/snapshot', archive);
    truncateSync(path, 100);
    appendFileSync(path, 'not what was packed');
    const before = JSON.stringify(await servicesOf(world.stackOf('book')));

    const verified = await world.ciWarm('snapshot', 'verify', 'book');
    const restored = await world.ciWarm('snapshot', 'restore', 'book', '--yes');

    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain(archive);
    expect(restored.code).toBe(1);
    expect(restored.stderr).toContain('Nothing was touched');
    expect(JSON.stringify(await servicesOf(world.stackOf('book')))).toBe(before);
  });
});

describe('snapshot restore, by a running controller', () => {
  let world: LiveWorld;
  beforeAll(async () => {
    world = await upgraded();
  });
  afterAll(() => world.remove());

  test('killed in the middle, the next start ends it', async () => {
    const controller = world.controller();
    await eventually(
      () => Promise.resolve(readdirSync(world.state).includes('control.sock')),
      'the controller listens',
    );
    await expectCode(0, world.ciWarm('reconcile', 'book'));
    const asking = world.ciWarm('snapshot', 'restore', 'book', '--yes');
    await eventually(
      () =>
        Promise.resolve(
          world
            .journal('book')
            .some((one) => one['transition'] === 'restore' && one['phase'] === 'restore'),
        ),
      'the restore has begun',
      120_000,
    );
    controller.child.kill('SIGKILL');
    await controller.ended;

    expect((await asking).code).toBe(4);
    await expectCode(0, world.once());
    expect(world.read('book/last_good')).toBe(`${old}\n`);
    expect(await entries(world)).toContain('precious');
    expect(await entries(world)).not.toContain('written since');
    expect(world.json('book/quarantine.json')).toMatchObject({ reason: 'RestoredByHand' });
  });
});

/** Whatever a drill could have left: on the Swarm, among the volumes, in the state directory. */
async function leftOf(world: LiveWorld): Promise<readonly string[]> {
  const stack = `drill-${world.stackOf('book')}`;
  const filters = { label: [`com.docker.stack.namespace=${stack}`] };
  const [services, networks, configs, { Volumes }] = await Promise.all([
    docker.listServices({ filters }),
    docker.listNetworks({ filters }),
    docker.listConfigs({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...services.map(({ ID }) => `service ${ID}`),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...configs.map(({ ID }) => `config ${ID}`),
    ...Volumes.map(({ Name }) => `volume ${Name}`),
    ...(existsSync(join(world.state, '.drills/book')) ? ['.drills/book'] : []),
  ];
}

function lineOf(world: LiveWorld, transition: string, phase: string, event: string): boolean {
  return world
    .journal('book')
    .some(
      (one) => one['transition'] === transition && one['phase'] === phase && one['event'] === event,
    );
}

describe('snapshot drill', () => {
  let world: LiveWorld;
  let services: string;
  let containers: readonly string[];
  beforeAll(async () => {
    world = await upgraded();
    services = JSON.stringify(await servicesOf(world.stackOf('book')));
    containers = await containersOf(world.stackOf('book'));
  });
  afterAll(() => world.remove());

  async function expectUntouched(): Promise<void> {
    expect(JSON.stringify(await servicesOf(world.stackOf('book')))).toBe(services);
    expect(await containersOf(world.stackOf('book'))).toEqual(containers);
    expect(await entries(world)).toContain('written since');
    expect(world.read('book/last_good')).toBe(`${recent}\n`);
  }

  test('boots the snapshot beside the app, finds it healthy, and leaves nothing', async () => {
    const snapshot = digestOf(join(world.state, 'book/snapshot/'));
    const asking = world.ciWarm('snapshot', 'drill', 'book');
    await eventually(
      () => Promise.resolve(lineOf(world, 'drill', 'judge', 'intent')),
      'the drill boots',
      120_000,
    );
    const [beside] = await servicesOf(`drill-${world.stackOf('book')}`);

    await expectCode(0, asking);

    expect(beside).toBeDefined();
    expect(Object.keys(beside?.labels ?? {}).some((name) => name.startsWith('traefik'))).toBe(
      false,
    );
    expect(await leftOf(world)).toEqual([]);
    expect(digestOf(join(world.state, 'book/snapshot/'))).toBe(snapshot);
    await expectUntouched();
    await expectCode(0, world.once());
    const status = await world.ciWarm('snapshot', 'list', '-o', 'json');
    expect(JSON.parse(status.stdout)).toMatchObject({
      items: [{ valid: 'True', message: expect.stringContaining('found healthy') as string }],
    });
  });

  test('R2: killed in the middle, the next start takes everything of it away', async () => {
    const controller = world.controller();
    await eventually(
      () => Promise.resolve(existsSync(join(world.state, 'control.sock'))),
      'the controller listens',
    );
    const drilled = world.journal('book').length;
    const asking = world.ciWarm('snapshot', 'drill', 'book');
    await eventually(
      async () =>
        world
          .journal('book')
          .slice(drilled)
          .some((one) => one['phase'] === 'judge') && (await leftOf(world)).length >= 4,
      'the second drill boots',
      120_000,
    );
    controller.child.kill('SIGKILL');
    await controller.ended;
    await asking;

    await expectCode(0, world.once());

    expect(await leftOf(world)).toEqual([]);
    await expectUntouched();
  });

  test('R2: what an earlier drill could not take away goes as soon as it can', async () => {
    const stack = `drill-${world.stackOf('book')}`;
    const ofStack = { 'com.docker.stack.namespace': stack };
    await docker.createNetwork({
      Name: `${stack}_default`,
      Driver: 'overlay',
      Attachable: true,
      Labels: ofStack,
    });
    await docker.createVolume({
      Name: `${stack}_data`,
      Labels: { ...ofStack, 'dev.ci-warm.app': 'book' },
    });
    expect(await leftOf(world)).toHaveLength(2);

    const controller = world.controller();
    await eventually(async () => (await leftOf(world)).length === 0, 'nothing is left', 120_000);
    controller.child.kill('SIGTERM');
    await controller.ended;

    await expectUntouched();
  });

  test('a damaged archive is found, told once, and shown until there is another snapshot', async () => {
    const [archive = ''] = readdirSync(join(world.state, 'book/snapshot')).filter((name) =>
      name.endsWith('.zst'),
    );
    const path = join(world.state, 'book/snapshot', archive);
    truncateSync(path, 100);
    const controller = world.controller();
    // The socket of the one that was killed may still lie there.
    await eventually(
      async () => (await world.ciWarm('reconcile', 'book')).code === 0,
      'the controller answers',
      120_000,
    );

    const verified = await world.ciWarm('snapshot', 'verify', 'book');
    const told = world.alerts().map((alert) => alert['kind']);
    controller.child.kill('SIGINT');
    await controller.ended;
    const first = await world.ciWarm('snapshot', 'drill', 'book');
    const second = await world.ciWarm('snapshot', 'drill', 'book');
    await expectCode(0, world.once());

    expect([verified.code, first.code, second.code]).toEqual([1, 1, 1]);
    expect(told, verified.stderr).toEqual(['snapshot-invalid']);
    expect(first.stderr).toContain(archive);
    expect(await leftOf(world)).toEqual([]);
    expect(world.alerts().map((alert) => alert['kind'])).toEqual(['snapshot-invalid']);
    const status = world.json('status/warmapp/book.json') as {
      readonly conditions: readonly { readonly type: string; readonly status: string }[];
    };
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: 'SnapshotValid', status: 'False', reason: 'DrillFailed' }),
    );
    await expectUntouched();
  });
});

/** Every byte and name below a folder, by programs other than ours. */
function digestOf(folder: string): string {
  return execFileSync('find', [folder, '-type', 'f', '-exec', 'sha256sum', '{}', '+'], {
    encoding: 'utf8',
  })
    .split('\n')
    .sort()
    .join('\n');
}

describe('reconcile, by a running controller', () => {
  let world: LiveWorld;
  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    await world.recipe('guestbook', [old]);
  });
  afterAll(() => world.remove());

  test('waits for what comes of it, and says it by its exit code', async () => {
    const controller = world.controller();
    await eventually(
      () => Promise.resolve(existsSync(join(world.state, 'control.sock'))),
      'the controller listens',
    );

    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
    const installed = await world.ciWarm('reconcile', 'book');
    await world.recipe('guestbook', [old, '1.4.1+1.4.1']);
    const failed = await world.ciWarm('reconcile', 'book');
    const retried = await world.ciWarm('reconcile', 'book', '--retry');
    const tries = world
      .journal('book')
      .filter((one) => one['transition'] === 'upgrade' && one['phase'] === 'begin');
    await world.recipe('guestbook', [old, '1.6.0+2.0.0']);
    const held = await world.ciWarm('reconcile', 'book');
    const late = await world.ciWarm('reconcile', 'book', '--timeout', '0s');
    controller.child.kill('SIGINT');
    await controller.ended;
    const alone = await world.ciWarm('reconcile', 'book');

    expect(
      [installed, failed, retried, held, late, alone].map(({ code, stderr }) => ({ code, stderr })),
    ).toMatchObject([
      { code: 0, stderr: expect.stringContaining(`book runs ${old}`) as string },
      { code: 5, stderr: expect.stringContaining('rolled-back') as string },
      { code: 5 },
      { code: 6, stderr: expect.stringContaining('book is held') as string },
      { code: 2 },
      { code: 4 },
    ]);
    expect(tries).toHaveLength(2);
  });
});
