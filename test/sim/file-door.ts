/**
 * The controller's way to the simulated disk: what changes it goes through the door, call by call, each of which may
 * fail, be done and fail, or be the last one before a kill or a power cut. Looking costs nothing and never fails.
 */
import type { FileSystem, OpenFile } from '../../controller/adapters/files/fs.ts';
import { CiWarmError, type FailureCode } from '../../controller/model/failure.ts';
import { systemError, type FileNode } from './file-system.ts';
import type { Way } from './life.ts';

type Change = <T>(
  name: string,
  path: string,
  errors: readonly FailureCode[],
  effect: () => T,
) => Promise<T>;

const mayFill = ['disk-full', 'tool-failed'] as const;
const mayFail = ['tool-failed'] as const;

export function createFiles(life: Way): FileSystem {
  const { world, door } = life;
  const { files } = world.disk;
  const change: Change = async (name, path, errors, effect) => {
    try {
      return await door.through({ name: `fs.${name}`, of: path, mutates: true, errors }, effect);
    } catch (thrown) {
      if (!(thrown instanceof CiWarmError)) throw thrown;
      throw systemError(thrown.code === 'disk-full' ? 'ENOSPC' : 'EIO', path);
    }
  };
  return {
    stat: (path) => files.stampOf(files.find(path)),
    lstat: (path) => files.stampOf(files.find(path, false)),
    list: (path) => files.list(path),
    read: (path) => {
      const node = files.file(path);
      return node === undefined
        ? Promise.reject(systemError('ENOENT', path))
        : Promise.resolve(node.content);
    },
    readlink: (path) => {
      const node = files.find(path, false);
      return node?.kind === 'link'
        ? Promise.resolve(node.target)
        : Promise.reject(systemError('EINVAL', path));
    },
    open: async (path, flags) => {
      if (flags !== 'wx') {
        const found = files.file(path);
        if (found === undefined) throw systemError('ENOENT', path);
        return openFile(life, change, path, found);
      }
      const made = await change('create', path, mayFill, () => files.createFile(path, true));
      return openFile(life, change, path, made);
    },
    makeDirectory: (path) =>
      change('makeDirectory', path, mayFill, () => {
        world.rules.onMakeDirectory(path);
        return files.makeDirectory(path);
      }),
    rename: (from, to) =>
      change('rename', to, mayFail, () => {
        world.rules.onRename(from, to);
        files.rename(from, to);
      }),
    symlink: (target, path) => change('symlink', path, mayFill, () => files.symlink(target, path)),
    unlink: async (path) => {
      if (files.find(path, false) === undefined) throw systemError('ENOENT', path);
      await change('unlink', path, mayFail, () => files.remove(path));
    },
    removeTree: (path) => removeTree(life, change, path),
    syncDirectory: (path) =>
      change('syncDirectory', path, mayFail, () => files.syncDirectory(path)),
  };
}

/** One name after another: a kill leaves half of it. */
async function removeTree(life: Way, change: Change, path: string): Promise<void> {
  const { files } = life.world.disk;
  const node = files.find(path, false);
  if (node === undefined) return;
  if (node.kind === 'directory') {
    for (const name of [...node.names.keys()]) await removeTree(life, change, `${path}/${name}`);
  }
  await change('remove', path, mayFail, () => {
    if (files.find(path, false) !== undefined) files.remove(path);
  });
}

function openFile({ world }: Way, change: Change, path: string, node: FileNode): OpenFile {
  const { disk } = world;
  const { files } = disk;
  return {
    fd: -1,
    write: (data, position) =>
      change('write', path, mayFill, () => {
        const before = node.content.subarray(0, position);
        const after = node.content.subarray(position + data.byteLength);
        if (disk.foreignBytes === 0 || disk.freeBytes >= data.byteLength) {
          files.setContent(node, Buffer.concat([before, data, after]));
          files.rewritten(node, position, node.content.byteLength);
          return;
        }
        files.setContent(node, Buffer.concat([before, data.subarray(0, data.byteLength >> 1)]));
        throw systemError('ENOSPC', path);
      }),
    truncate: (sizeBytes) => {
      // Nothing to do is nothing that could fail.
      if (node.content.byteLength === sizeBytes) return Promise.resolve();
      return change('truncate', path, mayFail, () => {
        const missing = Math.max(0, sizeBytes - node.content.byteLength);
        const kept = node.content.subarray(0, sizeBytes);
        files.setContent(node, Buffer.concat([kept, Buffer.alloc(missing)]));
        // What is cut off need not be on disk.
        files.rewritten(node, sizeBytes, Infinity);
      });
    },
    sync: async () => {
      try {
        await change('sync', path, mayFail, () => files.syncFile(node));
      } catch (thrown) {
        files.dropUnsynced(node);
        throw thrown;
      }
    },
    close: () => Promise.resolve(),
  };
}
