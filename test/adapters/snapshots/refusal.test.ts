/** What is asked before an app is taken down for a restore gives the restore's own answers (S3), and touches nothing. */
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createStateJson } from '../../../controller/adapters/files/state-json.ts';
import { createTarSnapshots } from '../../../controller/adapters/snapshots/tar-snapshots.ts';
import type { RestoreRequest } from '../../../controller/ports/snapshots.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import { failureOf, flipBit, never, SnapshotWorld } from './snapshot-world.ts';

const manifests = createStateJson(createStateCheck(), () => 'test');

let world: SnapshotWorld | undefined;
beforeEach((context) => {
  if (process.getuid?.() !== 0) context.skip('only root can keep the owners of files');
  world = new SnapshotWorld((options) => createTarSnapshots({ ...options, manifests }));
});
afterEach(() => world?.remove());

async function ask(
  { snapshotId = 't1', ...more }: Partial<RestoreRequest> = {},
  damage: (world: SnapshotWorld) => void = () => undefined,
): Promise<string | undefined> {
  if (world === undefined) throw new Error('there is no world outside of a test');
  await world.take('t1');
  damage(world);
  const data = world.listing();
  const request = world.restoreRequest(snapshotId, 'op1', more);

  const refused = await world.snapshots().refusal(request, never);

  expect(world.listing()).toEqual(data);
  if (refused === undefined) await world.snapshots().restore(request, never);
  else {
    const failure = await failureOf(world.snapshots().restore(request, never));
    expect(failure.code).toBe('snapshot-invalid');
  }
  return refused;
}

function identity(): SnapshotWorld['identity'] {
  if (world === undefined) throw new Error('there is no world outside of a test');
  return world.identity;
}

test('a snapshot that is whole and belongs to the app is not refused', async () => {
  expect(await ask()).toBeUndefined();
});

test('one of another domain is', async () => {
  const other = { ...identity(), domain: 'other.example.org' };

  expect(await ask({ identity: other })).toContain('its domain is `shop.example.org`');
});

test('one of another secret is', async () => {
  const [name = ''] = Object.keys(identity().secrets);
  const other = { ...identity(), secrets: { [name]: 'secret2' } };

  expect(await ask({ identity: other })).toContain('is another one now');
});

test('another than the one that is asked for is', async () => {
  expect(await ask({ snapshotId: 't0' })).toContain('`t0` is asked for');
});

test('one with a flipped bit is: every byte is read', async () => {
  expect(await ask({}, (one) => flipBit(one.storedFile(0)))).toMatch(/data|uploads/);
});

test('none is', async () => {
  const away = (one: SnapshotWorld): void => {
    mkdirSync(join(one.stateDir, 'away'));
    renameSync(one.inSnapshot('.').replace(/\/\.?$/, ''), join(one.stateDir, 'away/snapshot'));
  };

  expect(await ask({}, away)).toBe('shop has no snapshot');
});
