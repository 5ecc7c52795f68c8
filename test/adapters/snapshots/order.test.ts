/** In which order a snapshot is taken, put back and dropped: each name is for good before the next step builds on it (S2). */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { nodeFileSystem } from '../../../controller/adapters/files/fs.ts';
import { createStateJson } from '../../../controller/adapters/files/state-json.ts';
import { createTarSnapshots } from '../../../controller/adapters/snapshots/tar-snapshots.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import type { Snapshots } from '../../../controller/ports/snapshots.ts';
import { recordingFileSystem } from './recording-file-system.ts';
import { never, SnapshotWorld } from './snapshot-world.ts';

const manifests = createStateJson(createStateCheck(), () => 'test');

let world: SnapshotWorld;
beforeEach((context) => {
  if (process.getuid?.() !== 0) context.skip('only root can keep the owners of files');
  world = new SnapshotWorld((options) => createTarSnapshots({ ...options, manifests }));
});
afterEach(() => {
  world.remove();
});

/** What is called while `act` runs; paths are relative to `top`, which is below the state directory. */
async function callsOf(
  top: string,
  act: (snapshots: Snapshots) => Promise<unknown>,
): Promise<readonly string[]> {
  const { fs, trees, calls } = recordingFileSystem(nodeFileSystem, join(world.stateDir, top));
  const { stateDir } = world;
  await act(createTarSnapshots({ stateDir, fs, trees, manifests, isRoot: true }));
  return calls;
}

test('a snapshot is synced before it is published, and published before the pointer moves', async () => {
  await world.take('t1');

  const calls = await callsOf('shop', (to) => to.take(world.takeRequest('t2'), never));

  expect(calls).toEqual([
    'make .snapshots/.staging-t2',
    'sync .snapshots/.staging-t2/data.tar.zst',
    'sync .snapshots/.staging-t2/uploads.tar.zst',
    'sync .snapshots/.staging-t2/.manifest.json.*.tmp',
    'rename .snapshots/.staging-t2/.manifest.json.*.tmp .snapshots/.staging-t2/manifest.json',
    'sync .snapshots/.staging-t2',
    'sync .snapshots/.staging-t2',
    'rename .snapshots/.staging-t2 .snapshots/t2',
    'sync .snapshots',
    'rename .snapshot.*.tmp snapshot',
    'sync .',
    'remove .snapshots/t1',
  ]);
});

test('the folder of the first snapshot has its name for good before anything is put into it', async () => {
  const calls = await callsOf('shop', (to) => to.take(world.takeRequest('t1'), never));

  expect(calls.slice(0, 3)).toEqual(['make .snapshots', 'sync .', 'make .snapshots/.staging-t1']);
});

test('a snapshot that is there already is synced before the pointer moves to it', async () => {
  await world.take('t1');

  const calls = await callsOf('shop', (to) => to.take(world.takeRequest('t1'), never));

  expect(calls).toEqual(['sync .snapshots', 'rename .snapshot.*.tmp snapshot', 'sync .']);
});

const unpacked = (volume: string): string[] => [
  `make ${volume}/restoring-op1.partial`,
  `unpacked ${volume}/restoring-op1.partial`,
  `sync the file system of ${volume}`,
  `rename ${volume}/restoring-op1.partial ${volume}/restoring-op1`,
  `sync ${volume}`,
];

test('every volume is verified and synced before the first one is swapped, and so is each rename', async () => {
  await world.take('t1');

  const calls = await callsOf('shop/volumes', (to) =>
    to.restore(world.restoreRequest('t1', 'op1'), never),
  );

  const swapped = (volume: string): string[] => [
    `rename ${volume}/data ${volume}/displaced-op1`,
    `sync ${volume}`,
    `rename ${volume}/restoring-op1 ${volume}/data`,
    `sync ${volume}`,
  ];
  expect(calls).toEqual([
    ...unpacked('data'),
    ...unpacked('uploads'),
    ...swapped('data'),
    ...swapped('uploads'),
  ]);
});

test('a restore that is done already is synced: who did it may not have lived to do so', async () => {
  await world.take('t1');
  await world.restore('t1', 'op1');

  const calls = await callsOf('shop/volumes', (to) =>
    to.restore(world.restoreRequest('t1', 'op1'), never),
  );

  expect(calls).toEqual(['sync data', 'sync uploads']);
});

test('the folder of data that is gone altogether has its name for good before anything is put into it', async () => {
  await world.take('t1');
  rmSync(join(world.path('data'), '..'), { recursive: true });

  const calls = await callsOf('shop/volumes', (to) =>
    to.restore(world.restoreRequest('t1', 'op1'), never),
  );

  expect(calls.slice(0, 7)).toEqual(['make data', 'sync .', ...unpacked('data')]);
});

test('what a restore displaced loses its name for good before it is deleted', async () => {
  await world.take('t1');
  await world.restore('t1', 'op1');
  mkdirSync(join(world.path('uploads'), '../.trash-displaced-op0'));

  const calls = await callsOf('shop/volumes', (to) =>
    to.dropDisplaced('shop', world.volumes, never),
  );

  expect(calls).toEqual([
    'rename data/displaced-op1 data/.trash-displaced-op1',
    'sync data',
    'delete data/.trash-displaced-op1',
    // Somebody else gave it that name, and may not have lived to sync it.
    'sync uploads',
    'delete uploads/.trash-displaced-op0',
    'rename uploads/displaced-op1 uploads/.trash-displaced-op1',
    'sync uploads',
    'delete uploads/.trash-displaced-op1',
  ]);
});

test('data that is set aside keeps its new name, also when who moved it did not live to sync that', async () => {
  const setAside = (to: Snapshots): Promise<void> =>
    to.setAside('shop', 'op1', world.volumes, never);

  const calls = await callsOf('shop/volumes', setAside);
  const again = await callsOf('shop/volumes', setAside);

  expect(calls).toEqual([
    'rename data/data data/aside-op1',
    'sync data',
    'rename uploads/data uploads/aside-op1',
    'sync uploads',
  ]);
  expect(again).toEqual(['sync data', 'sync uploads']);
});
