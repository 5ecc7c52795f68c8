/** The actions on an app's data: taking a snapshot in the place of another, restoring, dropping what was displaced. */
import { chmodSync, existsSync, linkSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Snapshots } from '../../controller/ports/snapshots.ts';
import { never, SnapshotWorld, type DriverOptions } from '../adapters/snapshots/snapshot-world.ts';
import { listTree } from '../adapters/snapshots/tree-listing.ts';
import { adaptersOf, type Act } from './acts.ts';
import type { Ground, Scenario, Tool } from './scenario.ts';

type Listing = ReturnType<SnapshotWorld['listing']>;

const packing: readonly Tool[] = [
  { program: 'tar', argument: '--create', kinds: ['openat', 'read', 'write', 'getdents64'] },
  { program: 'zstd', argument: '-1', kinds: ['read', 'write'] },
];
const unpacking: readonly Tool[] = [
  {
    program: 'tar',
    argument: '--extract',
    kinds: ['openat', 'mkdirat', 'symlinkat', 'linkat', 'write', 'utimensat', 'fchown', 'fchmod'],
  },
  { program: 'zstd', argument: '-d', kinds: ['read', 'write'] },
  { program: 'tar', argument: '--files-from=-', kinds: ['openat', 'read', 'write'] },
  { program: 'find', argument: '-print0', kinds: ['openat', 'getdents64', 'write'] },
  { program: 'sync', argument: '-f', kinds: ['openat', 'syncfs'] },
];
const deleting: readonly Tool[] = [
  { program: 'rm', argument: '-rf', kinds: ['unlinkat', 'openat', 'getdents64'] },
];

/** Templates are made at once; `remove` is for the end of everything. */
export async function snapshotScenarios(): Promise<{
  readonly scenarios: readonly Scenario[];
  remove(): void;
}> {
  const make = ({ stateDir }: DriverOptions): Snapshots => adaptersOf(stateDir).snapshots;
  const taken = worldOf(make);
  const before = taken.listing();
  await taken.take('t1');
  const changed = taken.copy();
  changed.change();
  const after = changed.listing();
  const restored = changed.copy();
  await restored.restore('t1', 'op1');
  const worlds = [taken, changed, restored];
  return {
    scenarios: [
      {
        name: 'taking a snapshot in the place of another',
        tools: packing,
        prepare: () => takeGround(changed.copy(), after),
      },
      {
        name: 'restoring a snapshot',
        tools: unpacking,
        prepare: () => restoreGround(changed.copy(), before, after),
      },
      {
        name: 'dropping what a restore displaced',
        tools: deleting,
        prepare: () => dropGround(restored.copy(), before, after),
      },
    ],
    remove: () => {
      for (const world of worlds) world.remove();
    },
  };
}

/** Some of what a volume may hold; what all of it may be is the fidelity test's business. */
function worldOf(make: (options: DriverOptions) => Snapshots): SnapshotWorld {
  const world = new SnapshotWorld(make);
  const data = world.path('data');
  symlinkSync('content', join(data, 'link'));
  linkSync(join(data, 'content'), join(data, 'second-name'));
  writeFileSync(join(data, 'large'), Buffer.alloc(300_000, 'some of it, over and over. '));
  chmodSync(join(data, 'folder'), 0o2750);
  return world;
}

function takeGround(world: SnapshotWorld, data: Listing): Ground {
  const look = async (wanted: readonly string[]): Promise<string[]> => {
    const { snapshots } = adaptersOf(world.stateDir);
    const id = (await snapshots.read(world.app, never))?.id ?? 'none';
    return [
      ...unless(wanted.includes(id), `the pointer leads to ${id}`),
      ...(await snapshots.verify(world.app, never)),
      ...unless(same(world.listing(), data), 'the data is not what it was'),
    ];
  };
  return groundOf(world, {
    act: { act: 'take', request: world.takeRequest('t2') },
    whatIsBroken: () => look(['t1', 't2']),
    whatIsMissing: async (repeated) => [
      ...(await look(['t2'])),
      ...unless(!repeated || world.stored().join() === 't2', `stored is ${world.stored().join()}`),
      ...unless(!repeated || tidy(world) === '', `left behind: ${tidy(world)}`),
    ],
  });
}

function restoreGround(world: SnapshotWorld, before: Listing, after: Listing): Ground {
  const displaced = (volume: string): string => join(world.path(volume), '../displaced-op1');
  const restoring = (volume: string): string => join(world.path(volume), '../restoring-op1');
  return groundOf(world, {
    act: { act: 'restore', request: world.restoreRequest('t1', 'op1') },
    whatIsBroken: async () => [
      ...(await adaptersOf(world.stateDir).snapshots.verify(world.app, never)),
      ...world.volumes.flatMap(({ volume }) => {
        const data = treeAt(world.path(volume));
        const kept = treeAt(displaced(volume));
        const [old, now] = [before[volume] ?? [], after[volume] ?? []];
        if (data === undefined) {
          const isWaiting = same(treeAt(restoring(volume)), old);
          return unless(same(kept, now) && isWaiting, `the data of ${volume} is not whole`);
        }
        const isUntouched = same(data, now) && kept === undefined;
        const isRestored = same(data, old) && same(kept, now);
        return unless(isUntouched || isRestored, `${volume} is neither as before nor restored`);
      }),
    ],
    whatIsMissing: (repeated) =>
      Promise.resolve(
        world.volumes.flatMap(({ volume }) => [
          ...unless(same(treeAt(world.path(volume)), before[volume]), `${volume} is not restored`),
          ...unless(same(treeAt(displaced(volume)), after[volume]), `displaced ${volume} is lost`),
          ...unless(
            !repeated || world.beside(volume).join() === 'data,displaced-op1',
            `beside ${volume} there are ${world.beside(volume).join()}`,
          ),
        ]),
      ),
  });
}

function dropGround(world: SnapshotWorld, before: Listing, after: Listing): Ground {
  return groundOf(world, {
    act: { act: 'drop', app: world.app, volumes: world.volumes },
    whatIsBroken: () =>
      Promise.resolve(
        world.volumes.flatMap(({ volume, path }) => {
          const displaced = treeAt(join(path, '../displaced-op1'));
          return [
            ...unless(same(treeAt(path), before[volume]), `${volume} is not what it was`),
            ...unless(
              displaced === undefined || same(displaced, after[volume]),
              `half of the displaced ${volume} has its name`,
            ),
          ];
        }),
      ),
    whatIsMissing: () =>
      Promise.resolve(
        world.volumes.flatMap(({ volume, path }) => [
          ...unless(same(treeAt(path), before[volume]), `${volume} is not what it was`),
          ...unless(
            world.beside(volume).join() === 'data',
            `beside ${volume} there are ${world.beside(volume).join()}`,
          ),
        ]),
      ),
  });
}

interface Parts extends Pick<Ground, 'whatIsBroken' | 'whatIsMissing'> {
  readonly act: Act;
}

function groundOf(world: SnapshotWorld, { act, whatIsBroken, whatIsMissing }: Parts): Ground {
  const told = async (look: () => Promise<readonly string[]>): Promise<readonly string[]> => {
    try {
      return await look();
    } catch (error) {
      return [String(error)];
    }
  };
  return {
    stateDir: world.stateDir,
    act,
    whatIsBroken: () => told(whatIsBroken),
    whatIsMissing: (repeated) => told(() => whatIsMissing(repeated)),
    remove: () => {
      world.remove();
    },
  };
}

/** Temporary names in the app's own folder. */
function tidy(world: SnapshotWorld): string {
  return readdirSync(join(world.stateDir, world.app))
    .filter((name) => name.endsWith('.tmp'))
    .join();
}

function treeAt(path: string): readonly string[] | undefined {
  return existsSync(path) ? listTree(path) : undefined;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function unless(holds: boolean, sentence: string): string[] {
  return holds ? [] : [sentence];
}
