/** The driver by tar and zstd keeps what every driver of snapshots keeps. */
import { createStateJson } from '../../../controller/adapters/files/state-json.ts';
import { createTarSnapshots } from '../../../controller/adapters/snapshots/tar-snapshots.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import { snapshotsConformance } from '../../conformance/snapshots.ts';

const manifests = createStateJson(createStateCheck(), () => 'test');

snapshotsConformance('snapshots by tar and zstd', (options) =>
  createTarSnapshots({ ...options, manifests }),
);
