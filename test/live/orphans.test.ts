/** The end of an app's life on the real Swarm: removed, kept, retired, back again, pruned. */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Prunable } from '../../controller/report/prunable.ts';
import { ask, containersOf, eventually, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const version = '1.1.0+1.1.0';

let world: LiveWorld;
let stack: string;

async function once(code = 0): Promise<void> {
  const ran = await world.once();
  if (ran.code !== code) throw new Error(`ended with ${String(ran.code)}: ${ran.stderr}`);
}

function wanted(): void {
  world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
}

function removed(): void {
  rmSync(join(world.desired, 'warm-apps/book.yaml'));
}

function grace(orphanGrace: string): void {
  const settings = { baseDomain: world.baseDomain, recipeUrl: '../recipes/{recipe}.git' };
  const disk = { reserve: '100Mi', warnBelow: '200Mi', orphanGrace };
  const object = { apiVersion: 'ci-warm.dev/v1', kind: 'Settings', metadata: { name: 'host' } };
  world.write('settings.yaml', JSON.stringify({ ...object, spec: { ...settings, disk } }));
}

async function entries(): Promise<string> {
  return JSON.stringify((await ask(`${stack}_app`, '/entries')).body);
}

function names(what: 'volume' | 'secret' | 'config', prefix: string): readonly string[] {
  const format = '{{.Name}}';
  const listed = execFileSync('docker', [what, 'ls', '--format', format], { encoding: 'utf8' });
  return listed
    .split('\n')
    .filter((name) => name.startsWith(prefix))
    .sort();
}

async function retired(): Promise<void> {
  grace('1s');
  await eventually(async () => {
    await once();
    return orphaned()?.reason === 'Retired';
  }, 'it is retired');
  expect(await servicesOf(stack)).toEqual([]);
}

function orphaned(): { readonly reason: string } | undefined {
  const status = world.json('status/warmapp/book.json') as {
    readonly conditions: readonly { readonly type: string; readonly reason: string }[];
  };
  return status.conditions.find(({ type }) => type === 'Orphaned');
}

const strangers = { volume: '', secret: '' };

beforeAll(async () => {
  world = makeLiveWorld(['book']);
  stack = world.stackOf('book');
  strangers.volume = `${stack}_data2`;
  strangers.secret = `${stack}_strange_v1`;
  await world.recipe('guestbook', [version]);
  wanted();
  await once();
  await ask(`${stack}_app`, '/entries', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'precious', author: 'ada' }),
  });
  execFileSync('docker', ['volume', 'create', strangers.volume]);
  execFileSync('docker', ['secret', 'create', strangers.secret, '-'], { input: 'theirs' });
});

afterAll(async () => {
  // Takes whatever has the prefix, the strangers' too.
  await world.remove();
});

describe('an app whose file is removed', () => {
  test('is kept as it is for its grace time, and the status says until when', async () => {
    const before = JSON.stringify(await containersOf(stack));
    removed();

    await once();

    expect(JSON.stringify(await containersOf(stack))).toBe(before);
    expect(world.json('book/orphan.json')).toMatchObject({ since: expect.any(String) as string });
    expect(orphaned()).toMatchObject({
      status: 'True',
      message: expect.stringContaining('It is kept as it is until') as string,
    });
  });

  test('is not pruned while it is kept', async () => {
    const ran = await world.ciWarm('prune', 'book', '--yes');

    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('It is kept as it is until');
    expect(await servicesOf(stack)).not.toEqual([]);
  });

  test('is simply in sync when its file is back in time', async () => {
    const before = JSON.stringify(await containersOf(stack));
    wanted();

    await once();

    expect(JSON.stringify(await containersOf(stack))).toBe(before);
    expect(world.read('book/orphan.json')).toBeUndefined();
    const ran = await world.ciWarm('prune', 'book', '--yes');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('is wanted');
  });

  test('is kept when its file cannot be read as YAML, however long ago', async () => {
    grace('1s');
    world.write('warm-apps/book.yaml', 'kind: [');

    await once(2);

    expect(await servicesOf(stack)).not.toEqual([]);
    expect(world.read('book/orphan.json')).toBeUndefined();
  });

  test('is retired after its grace time: its data is in its snapshot, and its secrets stay', async () => {
    const secrets = names('secret', `${stack}_`);
    removed();

    await retired();

    expect(names('volume', `${stack}_`)).toEqual([strangers.volume]);
    expect(world.tree('book')).toBe('');
    expect(world.json('book/snapshot/manifest.json')).toMatchObject({ identity: { version } });
    expect(names('secret', `${stack}_`)).toEqual(secrets);
    expect(secrets.length).toBeGreaterThan(1);
    expect(world.read('book/last_good')).toBe(`${version}\n`);
    const history = world.journal('book').length;
    await once();
    expect(world.journal('book')).toHaveLength(history);
  });

  test('comes back with its data when its file does', async () => {
    grace('72h');
    wanted();

    await once();

    expect(await entries()).toContain('precious');
    expect(world.read('book/last_good')).toBe(`${version}\n`);
    expect(world.json('status/warmapp/book.json')).toMatchObject({
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: 'Ready', status: 'True', reason: 'InSync' }),
      ]) as unknown,
    });
  });
});

describe('prune', () => {
  beforeAll(async () => {
    removed();
    await retired();
  });

  test('lists what may go and what it frees, and touches nothing', async () => {
    const listed = await world.ciWarm('prune', '-o', 'json');
    const shown = await world.ciWarm('prune', 'book');

    expect(listed.code).toBe(0);
    const { items } = JSON.parse(listed.stdout) as { readonly items: readonly Prunable[] };
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      ...{ name: 'book', state: 'retired', frees: expect.any(Number) as number },
      stays: { secrets: [strangers.secret], volumes: [strangers.volume] },
    });
    expect(items[0]?.secrets).not.toContain(strangers.secret);
    expect(items[0]?.volumes).not.toContain(strangers.volume);
    expect(shown.code).toBe(2);
    expect(shown.stderr).toMatch(/ci-warm prune --state \S+ --desired \S+ book --yes/);
    expect(existsSync(join(world.state, 'book/snapshot/manifest.json'))).toBe(true);
  });

  test('a running controller takes everything of it away, and nothing of strangers', async () => {
    const controller = world.controller();
    await eventually(
      async () => (await world.ciWarm('reconcile')).code === 0,
      'the controller listens',
    );

    const ran = await world.ciWarm('prune', 'book', '--yes');
    const listed = await world.ciWarm('prune');
    controller.child.kill('SIGTERM');
    await controller.ended;

    expect(ran.stderr).toContain('Nothing of book is left');
    expect(ran.code).toBe(0);
    expect(listed.stderr).toContain('There is nothing');
    expect(existsSync(join(world.state, 'book'))).toBe(false);
    expect(world.read('status/warmapp/book.json')).toBeUndefined();
    expect(names('secret', `${stack}_`)).toEqual([strangers.secret]);
    expect(names('volume', `${stack}_`)).toEqual([strangers.volume]);
    expect(names('config', `${stack}_`)).toEqual([]);
  });

  test('the name is free again: an app of it begins with new data', async () => {
    wanted();

    await once();

    expect(await entries()).not.toContain('precious');
  });
});
