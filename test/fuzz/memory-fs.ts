/** Files in memory, as much of a file system as a reader of state files asks for. Nothing can be written. */
import { basename, dirname } from 'node:path';
import {
  nodeFileSystem,
  type FileStamp,
  type FileSystem,
} from '../../controller/adapters/files/fs.ts';

/** `files`: absolute path → content. Their folders are there as well. */
export function memoryFileSystem(files: ReadonlyMap<string, Buffer>): FileSystem {
  const folders = new Set([...files.keys()].flatMap(parentsOf));
  const look = (path: string): FileStamp | undefined => {
    const content = files.get(path);
    if (content === undefined && !folders.has(path)) return undefined;
    const kind = content === undefined ? 'directory' : 'file';
    return { kind, ino: 1, sizeBytes: content?.length ?? 0, mtimeMs: 0, ctimeMs: 0 };
  };
  return {
    ...nodeFileSystem,
    stat: look,
    lstat: look,
    list: (path) =>
      [...files.keys(), ...folders]
        .filter((one) => one !== path && dirname(one) === path)
        .map((one) => ({ name: basename(one), kind: files.has(one) ? 'file' : 'directory' })),
    read: (path) => {
      const content = files.get(path);
      return content === undefined
        ? Promise.reject(Object.assign(new Error('ENOENT'), { code: 'ENOENT' }))
        : Promise.resolve(content);
    },
    open: (path) => Promise.reject(new Error(`nothing may be written here: ${path}`)),
    rename: (from) => Promise.reject(new Error(`nothing may be moved here: ${from}`)),
  };
}

function parentsOf(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [parent, ...parentsOf(parent)];
}
