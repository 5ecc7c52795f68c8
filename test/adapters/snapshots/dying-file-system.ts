/**
 * A file system on which the process dies at a chosen call: that call and every later one throw, and the signal that
 * programs run under aborts, so that nothing is tidied up that a real death would leave.
 */
import type { FileSystem, OpenFile } from '../../../controller/adapters/files/fs.ts';

export interface Death {
  readonly fs: FileSystem;
  readonly signal: AbortSignal;
  /** Calls that changed or synced something, or would have. */
  calls(): number;
  hasDied(): boolean;
}

/** Dies before call number `at`, counted from 1; never with `Infinity`. Looking and reading do not count. */
export function dyingFileSystem(real: FileSystem, at: number): Death {
  const abort = new AbortController();
  let calls = 0;
  const step = async <T>(act: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls >= at) {
      abort.abort();
      throw new Error(`dead since call ${String(at)}`);
    }
    return await act();
  };
  const watch = (file: OpenFile): OpenFile => ({
    fd: file.fd,
    write: (data, position) => step(() => file.write(data, position)),
    truncate: (sizeBytes) => step(() => file.truncate(sizeBytes)),
    sync: () => step(() => file.sync()),
    close: () => file.close(),
  });
  return {
    signal: abort.signal,
    calls: () => calls,
    hasDied: () => abort.signal.aborted,
    fs: {
      ...real,
      open: (path, flags, mode) => step(async () => watch(await real.open(path, flags, mode))),
      makeDirectory: (path, mode) => step(() => real.makeDirectory(path, mode)),
      rename: (from, to) => step(() => real.rename(from, to)),
      symlink: (target, path) => step(() => real.symlink(target, path)),
      unlink: (path) => step(() => real.unlink(path)),
      removeTree: (path) => step(() => real.removeTree(path)),
      syncDirectory: (path) => step(() => real.syncDirectory(path)),
    },
  };
}
