/**
 * What every driver of snapshots keeps, however it stores them: the suite for the port `Snapshots`, on a real file
 * system, as root. Trees are compared by a listing that owes nothing to the driver.
 */
import { afterEach, beforeEach, describe } from 'vitest';

import { SnapshotWorld, type MakeSnapshots } from '../adapters/snapshots/snapshot-world.ts';
import { describeFaults } from './snapshots-faults.ts';
import { describeRestoring } from './snapshots-restore.ts';
import { describeTaking } from './snapshots-take.ts';

/** `parent`: where it all happens, asked when tests run; default: a disk of this machine. */
export function snapshotsConformance(
  name: string,
  make: MakeSnapshots,
  parent?: () => string,
): void {
  describe(name, () => {
    let world: SnapshotWorld | undefined;
    beforeEach((context) => {
      if (process.getuid?.() !== 0) context.skip('only root can keep the owners of files');
      world = new SnapshotWorld(make, parent?.());
    });
    afterEach(() => {
      world?.remove();
    });
    const current = (): SnapshotWorld => {
      if (world === undefined) throw new Error('there is no world outside of a test');
      return world;
    };

    describeTaking(current);
    describeRestoring(current);
    describeFaults(current);
  });
}
