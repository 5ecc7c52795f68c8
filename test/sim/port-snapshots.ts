/**
 * The port Snapshots over the simulated disk, step by step, each of which may be the last: stage → verify → publish by
 * rename → pointer; a restore unpacks beside, verifies, swaps by two renames a volume. What a step leaves stays.
 */
import { CiWarmError } from '../../controller/model/failure.ts';
import type {
  SnapshotIdentity,
  SnapshotManifest,
  VolumePlace,
} from '../../controller/model/snapshot.ts';
import type { RestoreRequest, Snapshots, TakeRequest } from '../../controller/ports/snapshots.ts';
import { emptyTree, type Archive, type StoredSnapshot } from './disk.ts';
import type { Life } from './life.ts';

export function createSnapshots(life: Life): Snapshots {
  const { world } = life;
  const { disk } = world;
  const step = stepper(life);
  return {
    take: (request) => take(request, life),
    restore: (request) => restore(request, life),
    read: (app) => step('snapshots.read', app, false, () => readManifest(life, app)),
    verify: (app) =>
      step('snapshots.verify', app, false, () => {
        const stored = disk.current(app);
        return stored === undefined ? [] : problemsOf(stored);
      }),
    refusal: (request) =>
      step('snapshots.refusal', request.app, false, () => {
        try {
          const stored = disk.shelf(request.app).published.get(request.snapshotId);
          checked({ ...request, operation: '' }, life, stored);
          return undefined;
        } catch (thrown) {
          return String(thrown);
        }
      }),
    dropDisplaced: async (app, volumes) => {
      for (const { path } of volumes) {
        await step('snapshots.dropDisplaced', app, true, () => {
          world.rules.mayTouchApp(app, 'drop-displaced');
          for (const folder of disk.folders.keys()) {
            if (folder.startsWith(`${path}.displaced-`)) disk.folders.delete(folder);
          }
        });
      }
    },
    setAside: async (app, operation, volumes) => {
      for (const { path } of volumes) {
        await step('snapshots.setAside', app, true, () => {
          if (!disk.folders.has(path)) return;
          world.rules.mayTouchApp(app, 'restore');
          world.rules.noWriter(app, [path]);
          disk.rename(path, `${path}.aside-${operation}`);
        });
      }
    },
    room: (app, volumes) =>
      step('snapshots.room', app, false, () => {
        const trees = volumes.map(({ path }) => disk.folders.get(path)?.tree ?? emptyTree);
        const neededBytes = trees.reduce((sum, { bytes }) => sum + bytes, 0);
        return { freeBytes: disk.freeBytes, neededBytes };
      }),
  };
}

type Step = <T>(name: string, app: string, mutates: boolean, effect: () => T) => Promise<T>;

function stepper({ door }: Life): Step {
  return (name, of, mutates, effect) =>
    door.through(
      { name, of, mutates, errors: mutates ? ['tool-failed', 'disk-full'] : ['tool-failed'] },
      effect,
    );
}

function readManifest({ world }: Life, app: string): SnapshotManifest | null {
  const shelf = world.disk.shelf(app);
  if (shelf.pointer === undefined) return null;
  const manifest = world.disk.current(app)?.manifest;
  if (manifest === undefined) throw new CiWarmError('snapshot-invalid', `${app} has no manifest`);
  return manifest;
}

async function take(request: TakeRequest, life: Life): Promise<SnapshotManifest> {
  const { world } = life;
  const { disk, rules } = world;
  const { app, id, volumes } = request;
  const shelf = disk.shelf(app);
  const step = stepper(life);
  const there = await step('snapshots.take/look', app, false, () =>
    shelf.pointer === id ? readManifest(life, app) : null,
  );
  if (there !== null) return there;
  const staged: StoredSnapshot = { archives: new Map(), manifest: undefined };
  await step('snapshots.take/stage', app, true, () => {
    rules.mayTouchApp(app, 'snapshot');
    shelf.staged.set(id, staged);
  });
  for (const place of volumes) {
    const inode = disk.folders.get(place.path);
    const tree = inode?.tree ?? emptyTree;
    if (tree.bytes > disk.freeBytes) throw new CiWarmError('disk-full', 'no space left on device');
    const archive: Archive = { tree, isPartial: true };
    await step('snapshots.take/archive', app, true, () => {
      rules.noWriter(app, [place.path]);
      staged.archives.set(place.volume, archive);
    });
    await step('snapshots.take/sync', app, true, () => {
      rules.noWriter(app, [place.path]);
      archive.isPartial = false;
      if (inode !== undefined && inode.tree !== tree) rules.fail('S1', `${app}: a torn copy`);
    });
  }
  const manifest = manifestOf(request);
  await step('snapshots.take/manifest', app, true, () => {
    staged.manifest = manifest;
  });
  await step('snapshots.take/verify', app, false, () => {
    const [problem] = problemsOf(staged);
    if (problem !== undefined) throw new CiWarmError('snapshot-invalid', problem);
  });
  await step('snapshots.take/publish', app, true, () => {
    shelf.staged.delete(id);
    shelf.published.set(id, staged);
  });
  await step('snapshots.take/pointer', app, true, () => {
    shelf.pointer = id;
  });
  await step('snapshots.take/collect', app, true, () => {
    for (const old of shelf.published.keys()) if (old !== id) shelf.published.delete(old);
    shelf.staged.clear();
  });
  return manifest;
}

async function restore(request: RestoreRequest, life: Life): Promise<void> {
  const { world } = life;
  const { disk, rules } = world;
  const { app, snapshotId, operation } = request;
  const step = stepper(life);
  const stored = await step('snapshots.restore/check', app, false, () =>
    checked(request, life, disk.shelf(app).published.get(snapshotId)),
  );
  for (const place of request.volumes) {
    const { path } = place;
    const displaced = `${path}.displaced-${operation}`;
    const beside = `${path}.restoring`;
    const isDone = (): boolean =>
      disk.folders.has(path) && disk.folders.has(displaced) && !disk.folders.has(beside);
    if (await step('snapshots.restore/look', app, false, isDone)) continue;
    const { tree } = archiveOf(stored, place);
    await step('snapshots.restore/unpack', app, true, () => {
      rules.mayTouchApp(app, 'restore');
      if (tree.bytes > disk.freeBytes)
        throw new CiWarmError('disk-full', 'no space left on device');
      disk.folders.set(beside, { tree: { ...tree, isDestroyed: true } });
    });
    await step('snapshots.restore/verify', app, true, () => {
      disk.folders.set(beside, { tree });
    });
    await step('snapshots.restore/displace', app, true, () => {
      rules.noWriter(app, [path]);
      if (disk.folders.has(path) && !disk.folders.has(displaced)) disk.rename(path, displaced);
    });
    await step('snapshots.restore/swap', app, true, () => {
      rules.noWriter(app, [path, displaced]);
      disk.rename(beside, path);
    });
  }
}

function checked(
  request: RestoreRequest,
  life: Life,
  stored: StoredSnapshot | undefined,
): StoredSnapshot {
  if (
    stored?.manifest === undefined ||
    life.world.disk.shelf(request.app).pointer !== request.snapshotId
  ) {
    throw new CiWarmError('snapshot-invalid', `there is no snapshot ${request.snapshotId}`);
  }
  const [problem] = problemsOf(stored);
  if (problem !== undefined) throw new CiWarmError('snapshot-invalid', problem);
  if (bindingOf(stored.manifest.identity) !== bindingOf(request.identity)) {
    throw new CiWarmError('snapshot-invalid', `the snapshot of ${request.app} belongs elsewhere`);
  }
  for (const place of request.volumes) archiveOf(stored, place);
  return stored;
}

/** S3: what a snapshot must have in common with what it is restored to. */
function bindingOf({ app, recipe, domain, stack, nodeId, secrets }: SnapshotIdentity): string {
  return JSON.stringify({ app, recipe, domain, stack, nodeId, secrets });
}

function archiveOf(stored: StoredSnapshot, { volume }: VolumePlace): Archive {
  const archive = stored.archives.get(volume);
  if (archive === undefined) {
    throw new CiWarmError('snapshot-invalid', `the snapshot has no volume ${volume}`);
  }
  return archive;
}

export function problemsOf(stored: StoredSnapshot): readonly string[] {
  const partial = [...stored.archives]
    .filter(([, archive]) => archive.isPartial)
    .map(([volume]) => `the archive of ${volume} is cut`);
  return stored.manifest === undefined ? ['it has no manifest', ...partial] : partial;
}

function manifestOf({ id, at, identity, volumes }: TakeRequest): SnapshotManifest {
  return {
    id,
    driver: 'tar',
    takenAt: at,
    identity,
    volumes: volumes.map(({ volume, name }) => ({
      volume,
      name,
      archive: `${volume}.tar.zst`,
      archiveBytes: 1,
      archiveSha256: '',
      entries: 1,
      contentBytes: 1,
      treeSha256: '',
      skipped: [],
    })),
    tools: {},
  };
}
