/**
 * A disk that is full, for real: the state directory is a small file system of its own. An upgrade is not begun on it, the
 * app is left alone and people are told; when there is room again it goes on by itself.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Program } from './support/program.ts';
import { containersOf, eventually, removeStack, servicesOf } from './support/swarm.ts';
import { makeLiveWorld, type LiveWorld } from './support/world.ts';

const first = '1.0.0+1.0.0';
const patch = '1.0.1+1.0.1';
const MEBIBYTE = 2 ** 20;

let world: LiveWorld;
let stack: string;
let program: Program;
let before: unknown;

beforeAll(async () => {
  world = makeLiveWorld(['book']);
  stack = world.stackOf('book');
  mkdirSync(world.state);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', world.state]);
  const spec = {
    baseDomain: world.baseDomain,
    recipeUrl: '../recipes/{recipe}.git',
    resync: '1s',
    disk: { reserve: '16Mi', warnBelow: '32Mi' },
    // Which no file system in memory has.
    snapshots: { driver: 'Reflink' },
  };
  const settings = { apiVersion: 'ci-warm.dev/v1', kind: 'Settings', metadata: { name: 'host' } };
  world.write('settings.yaml', JSON.stringify({ ...settings, spec }));
  await world.recipe('guestbook', [first]);
  world.warmApp('book', { recipe: 'guestbook', version: 'latest', data: 'Stateful' });
  expect((await world.once()).code).toBe(0);
  before = await everything();
  program = world.controller();
}, 180_000);

afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.ended;
  try {
    await removeStack(stack);
  } finally {
    // Lazily: what still looks into it must not keep it mounted.
    execFileSync('umount', ['--lazy', world.state]);
    await world.remove();
  }
}, 120_000);

async function everything(): Promise<unknown> {
  return {
    services: await servicesOf(stack),
    containers: await containersOf(stack),
    data: world.tree('book'),
  };
}

interface Condition {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

function condition(is: (one: Condition) => boolean): Condition | undefined {
  const status = world.json('status/warmapp/book.json') as {
    readonly conditions: readonly Condition[];
  } | null;
  return status?.conditions.find(is);
}

/** The condition that says why it waits. */
const waiting = (): Condition | undefined => condition(({ reason }) => reason === 'DiskFull');

const kinds = (): readonly unknown[] => world.alerts().map(({ kind }) => kind);

test('a disk without the reserve leaves the app as it is, says so, and tells people once', async () => {
  // What cannot be compressed or left out: as many bytes as are written are gone.
  writeFileSync(join(world.state, 'filler'), Buffer.alloc(54 * MEBIBYTE, 1));
  await world.recipe('guestbook', [first, patch]);

  await eventually(async () => waiting() !== undefined, 'DiskFull is said');

  expect(waiting()).toMatchObject({
    type: 'Reconciling',
    message: expect.stringContaining('make room, nothing was touched') as string,
  });
  expect(await everything()).toEqual(before);
  expect(world.read('book/last_good')).toBe(`${first}\n`);
  expect(world.journal('book').map(({ phase }) => phase)).not.toContain('snapshot');
  expect(world.alerts()).toMatchObject([{ kind: 'disk-low', app: 'host', severity: 'critical' }]);
});

test('it is one event, however often the upgrade is tried', async () => {
  const tries = (): number =>
    world
      .journal('book')
      .filter(({ phase, event, transition }) =>
        [phase, event, transition].every((word, at) => word === ['begin', 'intent', 'upgrade'][at]),
      ).length;
  const were = tries();
  await eventually(async () => tries() > were, 'it is tried again by itself');

  expect(kinds()).toEqual(['disk-low']);
  expect(await everything()).toEqual(before);
});

test('with room again it goes on by itself, and people are told that it is over', async () => {
  rmSync(join(world.state, 'filler'));

  await eventually(async () => world.read('book/last_good') === `${patch}\n`, 'it is upgraded');
  await eventually(async () => kinds().length === 2, 'that it is over is told');

  expect(kinds()).toEqual(['disk-low', 'recovered']);
  expect(world.json('book/snapshot/manifest.json')).toMatchObject({ identity: { version: first } });
});

test('the driver of snapshots that Settings name is used, and where it cannot be the status says why', async () => {
  expect(world.json('book/snapshot/manifest.json')).toMatchObject({
    driver: 'tar',
    noReflinks: expect.stringMatching(/./) as string,
  });

  await eventually(
    async () =>
      condition(({ type }) => type === 'SnapshotValid')?.message.includes(
        'by tar and zstd, though snapshots.driver was Reflink',
      ) === true,
    'SnapshotValid says so',
  );
});
