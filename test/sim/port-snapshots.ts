/**
 * The port Snapshots: the real one, over the simulated disk. Only what programs do with whole trees is played here: an
 * archive is a note of what is in a volume, half written at first; a tree is unpacked half at first, and is torn by a
 * power cut until its file system is synced.
 */
import { createTarSnapshots } from '../../controller/adapters/snapshots/tar-snapshots.ts';
import { createStateJson } from '../../controller/adapters/files/state-json.ts';
import type { TreeTools } from '../../controller/adapters/snapshots/tree-tools.ts';
import { CiWarmError, type FailureCode } from '../../controller/model/failure.ts';
import type { Snapshots } from '../../controller/ports/snapshots.ts';
import { archiveOf, archiveText, figuresOf } from './archives.ts';
import { stateDir } from './disk.ts';
import type { DirectoryNode } from './file-system.ts';
import type { Life } from './life.ts';
import { checkState } from './ports-files.ts';

export function createSnapshots(life: Life): Snapshots {
  const { world, door, files } = life;
  const snapshots = createTarSnapshots({
    stateDir,
    fs: files,
    trees: createTrees(life),
    manifests: createStateJson(checkState, () => world.tree.revision),
    isRoot: true,
  });
  const read = { mutates: false, errors: ['tool-failed'] } as const;
  return {
    ...snapshots,
    take: async (request, signal) => {
      const manifest = await snapshots.take(request, signal);
      world.rules.onSnapshot(request.app);
      return manifest;
    },
    read: (app, signal) =>
      door.through({ ...read, name: 'snapshots.read', of: app }, () => snapshots.read(app, signal)),
    verify: (app, signal) =>
      door.through({ ...read, name: 'snapshots.verify', of: app }, () =>
        snapshots.verify(app, signal),
      ),
    room: (app, volumes, signal) =>
      door.through({ ...read, name: 'snapshots.room', of: app }, () =>
        snapshots.room(app, volumes, signal),
      ),
  };
}

const mayFail: readonly FailureCode[] = ['tool-failed', 'disk-full'];

function createTrees(life: Life): TreeTools {
  const { world, door } = life;
  const { disk, rules } = world;
  const { files } = disk;
  const change = <T>(name: string, of: string, effect: () => T): Promise<T> =>
    door.through({ name: `trees.${name}`, of, mutates: true, errors: mayFail }, effect);
  const look = <T>(name: string, of: string, effect: () => T): Promise<T> =>
    door.through({ name: `trees.${name}`, of, mutates: false, errors: ['tool-failed'] }, effect);
  const archiveAt = (file: string): Buffer => {
    const node = files.file(file);
    if (node === undefined) throw new CiWarmError('tool-failed', `there is no ${file}`);
    return node.content;
  };
  return {
    toolVersions: () => Promise.resolve({ tar: '1.34', zstd: '1.5.4' }),
    packVolume: async ({ directory, archive: file }) => {
      const folder = folderAt(life, directory);
      const { tree } = folder;
      const whole = archiveText(tree);
      await change('pack', directory, () => {
        rules.mayCopy(directory);
        const node = files.createFile(file, true);
        files.setContent(node, whole.subarray(0, whole.byteLength >> 1));
        if (tree.bytes > disk.freeBytes) throw noSpace(file);
        node.extraBytes = tree.bytes;
      });
      await change('pack/sync', directory, () => {
        rules.mayCopy(directory);
        const node = files.createFile(file, false);
        files.setContent(node, whole);
        files.syncFile(node);
        if (folder.tree !== tree) rules.fail('S1', `${directory}: a torn copy`);
      });
      return { archiveBytes: whole.byteLength, ...figuresOf(tree), skipped: [] };
    },
    readArchive: (file) =>
      look('readArchive', file, () => {
        const { archiveBytes, tree } = archiveOf(archiveAt(file));
        const figures =
          tree === undefined
            ? new CiWarmError('snapshot-invalid', 'it is damaged')
            : figuresOf(tree);
        return { archiveBytes, tree: figures };
      }),
    unpackAndRead: async (_what, archive, directory) => {
      const { tree } = archiveOf(archiveAt(archive));
      await change('unpack', directory, () => {
        rules.onUnpack(archive, life.asked.secretsMs);
        if (tree === undefined)
          throw new CiWarmError('tool-failed', `tar: ${archive} is no archive`);
        if (tree.bytes > disk.freeBytes) throw noSpace(directory);
        files.unpackTree(folderAt(life, directory), { ...tree, isDestroyed: true });
      });
      await change('unpack/rest', directory, () => {
        if (tree !== undefined) files.unpackTree(folderAt(life, directory), tree);
      });
      return undefined;
    },
    readOthers: () => Promise.resolve(),
    readTree: (_what, directory) =>
      look('readTree', directory, () => figuresOf(folderAt(life, directory).tree)),
    syncFileSystem: (path) => change('syncFileSystem', path, () => files.syncAll()),
    deleteTree: (path) =>
      change('deleteTree', path, () => {
        rules.onDelete(path);
        if (files.find(path, false) !== undefined) files.remove(path);
      }),
    measureTrees: (paths) =>
      look('measureTrees', paths.join(), () => ({
        bytes: paths.reduce((sum, path) => sum + folderAt(life, path).tree.bytes, 0),
        entries: paths.length,
      })),
    needNoMounts: () => Promise.resolve(),
    freeAt: (path) =>
      look('freeAt', path, () => ({ freeBytes: disk.freeBytes, freeInodes: Infinity })),
  };
}

function folderAt({ world }: Life, path: string): DirectoryNode {
  const folder = world.disk.folder(path);
  if (folder === undefined) throw new CiWarmError('tool-failed', `there is no ${path}`);
  return folder;
}

function noSpace(path: string): CiWarmError {
  return new CiWarmError('disk-full', `${path}: no space left on device`);
}
