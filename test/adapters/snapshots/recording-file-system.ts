/** A file system, and the programs on it, that write down in order what makes, moves, removes or syncs a name. */
import { relative } from 'node:path';

import type { FileSystem } from '../../../controller/adapters/files/fs.ts';
import { gnuTrees, type TreeTools } from '../../../controller/adapters/snapshots/tree-tools.ts';

export interface Recorded {
  readonly fs: FileSystem;
  /** Of these only what unpacks, deletes or syncs: unpacking when it is over, the others when they begin. */
  readonly trees: TreeTools;
  /** Paths are relative to `top`; the chance in a temporary name is shown as a star. */
  readonly calls: readonly string[];
}

export function recordingFileSystem(real: FileSystem, top: string): Recorded {
  const calls: string[] = [];
  const shown = (path: string): string => {
    const name = relative(top, path).replace(/\.[0-9a-f]{12}\.tmp$/, '.*.tmp');
    return name === '' ? '.' : name;
  };
  return {
    calls,
    trees: {
      ...gnuTrees,
      unpackAndRead: async (what, archive, directory, fs, signal) => {
        const seen = await gnuTrees.unpackAndRead(what, archive, directory, fs, signal);
        calls.push(`unpacked ${shown(directory)}`);
        return seen;
      },
      syncFileSystem: (path, signal) => {
        calls.push(`sync the file system of ${shown(path)}`);
        return gnuTrees.syncFileSystem(path, signal);
      },
      deleteTree: (path, signal) => {
        calls.push(`delete ${shown(path)}`);
        return gnuTrees.deleteTree(path, signal);
      },
    },
    fs: {
      ...real,
      open: async (path, flags, mode) => {
        const file = await real.open(path, flags, mode);
        return {
          fd: file.fd,
          write: (data, position) => file.write(data, position),
          truncate: (sizeBytes) => file.truncate(sizeBytes),
          close: () => file.close(),
          sync: () => {
            calls.push(`sync ${shown(path)}`);
            return file.sync();
          },
        };
      },
      makeDirectory: (path, mode) => {
        calls.push(`make ${shown(path)}`);
        return real.makeDirectory(path, mode);
      },
      rename: (from, to) => {
        calls.push(`rename ${shown(from)} ${shown(to)}`);
        return real.rename(from, to);
      },
      removeTree: (path) => {
        calls.push(`remove ${shown(path)}`);
        return real.removeTree(path);
      },
      syncDirectory: (path) => {
        calls.push(`sync ${shown(path)}`);
        return real.syncDirectory(path);
      },
    },
  };
}
