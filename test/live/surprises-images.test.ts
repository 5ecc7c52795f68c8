/** U2 on the real Swarm: an image that cannot be had leaves the app that runs alone, whatever the reason, and says it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCiWarm, type Ran } from './support/program.ts';
import { publish } from './support/publish.ts';
import { ownRegistry, reader, type OwnRegistry } from './support/registry.ts';
import { ask, containersOf, eventually, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';
const sample = '127.0.0.1:5055/guestbook:1.0.1';

describe('an upgrade whose image cannot be had', () => {
  let world: LiveWorld;
  let registry: OwnRegistry;
  let stack: string;
  let before: unknown;
  /** A Docker configuration of the test's own. */
  let configuration: string;

  beforeAll(async () => {
    world = makeLiveWorld(['book']);
    stack = world.stackOf('book');
    registry = await ownRegistry(join(world.folder, 'registry'));
    configuration = join(world.folder, 'docker');
    mkdirSync(configuration);
    await world.recipe('guestbook', [first]);
    // The registry of its own is another repository.
    const gate = { onImageMajor: 'Allow' };
    world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful', gate });
    expect((await once()).code).toBe(0);
    before = await everything();
    await registry.start();
    registry.put(sample, 'book:1');
    await registry.stop();
  });
  afterAll(async () => {
    await registry.stop();
    forgetImages();
    await world.remove();
  });

  /** As the user's shell would, but with a Docker configuration that is not the host's. */
  function once(): Promise<Ran> {
    const args = ['controller', '--once', '--desired', world.desired, '--state', world.state];
    return runCiWarm(args, {
      DOCKER_CONFIG: configuration,
      PATH: `${configuration}:${process.env['PATH'] ?? ''}`,
    });
  }

  function release(tag: string, image: string): void {
    const edits = [['compose.yml', '127.0.0.1:5055/guestbook:1.0.0', image]] as const;
    publish(join(world.folder, 'recipes', 'guestbook.git'), { tag, edits });
  }

  async function everything(): Promise<unknown> {
    return { services: await servicesOf(stack), containers: await containersOf(stack) };
  }

  /** What the last attempt said, and that nothing was touched for it. */
  async function expectUntouched(reason: string): Promise<void> {
    expect(await everything()).toEqual(before);
    expect(world.read('book/last_good')).toBe(`${first}\n`);
    expect(world.read('book/quarantine.json')).toBeUndefined();
    expect(world.alerts()).toEqual([]);
    expect(world.json('status/warmapp/book.json')).toMatchObject({
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'Ready', status: 'True', reason: 'BackingOff' }),
        expect.objectContaining({ type: 'Reconciling', status: 'True', reason }),
      ]) as unknown,
    });
    expect(attempts().at(-1)).toMatchObject({ phase: 'end', result: { kind: 'abandoned' } });
  }

  function attempts(): readonly Record<string, unknown>[] {
    return world.journal('book').filter((one) => one['transition'] === 'upgrade');
  }

  /** Of the registry of the test's own, so that they have to be pulled again. */
  function forgetImages(): void {
    const list = ['image', 'ls', '--quiet', '--filter', `reference=${registry.address}/book`];
    if (execFileSync('docker', list, { encoding: 'utf8' }).trim() === '') return;
    execFileSync('docker', ['image', 'rm', `${registry.address}/book:1`], { stdio: 'pipe' });
  }

  test('missing in its registry: untouched, said, and not tried again at once', async () => {
    release('1.0.1+1.0.1', '127.0.0.1:5055/guestbook:no-such');

    expect((await once()).code).toBe(1);
    await expectUntouched('ImageMissing');
    const tried = attempts().length;
    expect((await once()).code).toBe(1);

    expect(attempts()).toHaveLength(tried);
  });

  test('its registry asks for a password that this host does not have', async () => {
    await registry.start('asks');
    await world.recipe('guestbook', [first]);
    release('1.0.2+1.0.2', `${registry.address}/book:1`);

    expect((await once()).code).toBe(1);

    await expectUntouched('RegistryDenied');
  });

  test('its registry refuses the password that this host has', async () => {
    logIn('wrong');
    await world.recipe('guestbook', [first]);
    release('1.0.3+1.0.3', `${registry.address}/book:1`);

    const ran = await once();

    expect(ran.code).toBe(1);
    await expectUntouched('RegistryDenied');
    expect(JSON.stringify([ran, world.journal('book')])).not.toContain('wrong-password');
    await registry.stop();
  });

  test('its registry is away: tried ever later, and taken when it is back', async () => {
    writeFileSync(join(configuration, 'config.json'), '{}');
    await world.recipe('guestbook', [first]);
    release('1.0.4+1.0.4', `${registry.address}/book:1`);
    const beganBefore = begins().length;
    const controller = world.controller();
    try {
      await eventually(() => Promise.resolve(begins().length === beganBefore + 2), 'a second try');
      await eventually(
        () => Promise.resolve(attempts().at(-1)?.['phase'] === 'end'),
        'the second try has ended',
      );
      await expectUntouchedSoon('RegistryUnavailable');
      await registry.start();
      await eventually(
        () => Promise.resolve(world.read('book/last_good') === '1.0.4+1.0.4\n'),
        'the upgrade is done',
        120_000,
      );
    } finally {
      controller.child.kill('SIGINT');
      await controller.ended;
    }

    const [one = 0, two = 0, three = 0] = begins().slice(beganBefore);
    expect(two - one).toBeGreaterThanOrEqual(10_000);
    expect(three - two).toBeGreaterThanOrEqual(20_000);
    expect(await ask(`${stack}_app`, '/version')).toMatchObject({ body: { version: '1.0.1' } });
    expect(world.alerts()).toEqual([]);
  });

  test('its registry lets this host in by a credential helper', async () => {
    await registry.stop();
    await registry.start('asks');
    forgetImages();
    logIn('helper');
    await world.recipe('guestbook', [first]);
    release('1.0.5+1.0.5', `${registry.address}/book:1`);

    expect((await once()).code).toBe(0);

    expect(world.read('book/last_good')).toBe('1.0.5+1.0.5\n');
  });

  /** The status is written a moment after the attempt has ended. */
  async function expectUntouchedSoon(reason: string): Promise<void> {
    await eventually(async () => {
      await expectUntouched(reason);
      return true;
    }, 'the status says why');
  }

  /** When each attempt began. */
  function begins(): readonly number[] {
    return attempts()
      .filter((one) => one['phase'] === 'begin')
      .map((one) => Date.parse(String(one['at'])));
  }

  function logIn(how: 'wrong' | 'helper'): void {
    const auth = Buffer.from(`${reader.name}:wrong-password`).toString('base64');
    const config =
      how === 'wrong'
        ? { auths: { [registry.address]: { auth } } }
        : { credHelpers: { [registry.address]: 'of-the-test' } };
    writeFileSync(join(configuration, 'config.json'), JSON.stringify(config));
    const answer = JSON.stringify({ Username: reader.name, Secret: reader.password });
    const helper = join(configuration, 'docker-credential-of-the-test');
    writeFileSync(helper, `#!/bin/sh\nread -r server\nprintf '%s' '${answer}'\n`);
    chmodSync(helper, 0o755);
  }
});
