/**
 * The one door to the file system for state files and snapshots: every call that they make goes through a value of
 * type `FileSystem`, so that a test can count calls, fail or kill at any of them, and check what was synced before
 * what was renamed.
 *
 * Not here: how a file is replaced whole (atomic-write.ts). Looking (`stat`, `lstat`, `list`) is synchronous on
 * purpose: an idle pass makes hundreds of such calls, and each costs microseconds this way but some fifty as a promise.
 */
import { lstatSync, readdirSync, statSync, type Dirent, type Stats } from 'node:fs';
import {
  mkdir,
  open,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  unlink,
  type FileHandle,
} from 'node:fs/promises';

export type EntryKind = 'file' | 'directory' | 'link' | 'other';

/** What tells one content of a path from another without reading it. */
export interface FileStamp {
  readonly kind: EntryKind;
  readonly ino: number;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

export interface DirectoryEntry {
  readonly name: string;
  /** Of the entry itself: a link is a `link`, wherever it leads. */
  readonly kind: EntryKind;
}

/** An open file. `write` writes all of it; nothing is durable before `sync` has returned. */
export interface OpenFile {
  readonly fd: number;
  write(data: Uint8Array, position: number): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Node's own calls, with Node's own errors (`code` says which). Nothing here is repeated or interpreted. */
export interface FileSystem {
  /** Follows links. Undefined when nothing is there (or a link leads nowhere); throws when that cannot be told. */
  stat(path: string): FileStamp | undefined;
  /** The same of the entry itself. */
  lstat(path: string): FileStamp | undefined;
  list(path: string): readonly DirectoryEntry[];
  read(path: string): Promise<Buffer>;
  readlink(path: string): Promise<string>;
  /** `flags` as in open(2), by Node's names (`r`, `r+`, `wx`) or numbers. */
  open(path: string, flags: string | number, mode?: number): Promise<OpenFile>;
  /** In a folder that is there. Says whether it had to be made. Throws when something else is there. */
  makeDirectory(path: string, mode?: number): Promise<boolean>;
  rename(from: string, to: string): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** A whole tree; nothing there is fine. */
  removeTree(path: string): Promise<void>;
  /** Makes names durable: what was created in, renamed into or removed from this directory. */
  syncDirectory(path: string): Promise<void>;
}

/** The real one. */
export const nodeFileSystem: FileSystem = {
  stat: (path) => stampOf(statSync(path, { throwIfNoEntry: false })),
  lstat: (path) => stampOf(lstatSync(path, { throwIfNoEntry: false })),
  list: (path) =>
    readdirSync(path, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      kind: kindOf(entry),
    })),
  read: (path) => readFile(path),
  readlink: (path) => readlink(path),
  open: async (path, flags, mode) => openFile(await open(path, flags, mode)),
  makeDirectory: async (path, mode) => {
    // Not with `recursive`: where the kernel lets nobody make a folder (/proc), Node then tries for ever.
    try {
      await mkdir(path, { mode: mode ?? 0o755 });
      return true;
    } catch (error) {
      const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (isThere && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
        return false;
      throw error;
    }
  },
  rename: (from, to) => rename(from, to),
  symlink: (target, path) => symlink(target, path),
  unlink: (path) => unlink(path),
  removeTree: (path) => rm(path, { recursive: true, force: true }),
  syncDirectory: async (path) => {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** Whether two looks at a path saw the same content, as far as can be told without reading it. */
export function sameStamp(a: FileStamp | undefined, b: FileStamp | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.ino === b.ino &&
    a.sizeBytes === b.sizeBytes &&
    a.mtimeMs === b.mtimeMs &&
    a.ctimeMs === b.ctimeMs &&
    a.kind === b.kind
  );
}

/** The error's code (`ENOENT` …), or undefined for what is no error of the system. */
export function errorCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

function stampOf(stats: Stats | undefined): FileStamp | undefined {
  if (stats === undefined) return undefined;
  return {
    kind: kindOf(stats),
    ino: stats.ino,
    sizeBytes: stats.size,
    mtimeMs: stats.mtimeMs,
    ctimeMs: stats.ctimeMs,
  };
}

function kindOf(entry: Stats | Dirent): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function openFile(handle: FileHandle): OpenFile {
  return {
    fd: handle.fd,
    write: async (data, position) => {
      // A write may be short (a signal, a nearly full disk): go on until all of it is taken or the system says why not.
      for (let done = 0; done < data.byteLength;) {
        const { bytesWritten } = await handle.write(
          data,
          done,
          data.byteLength - done,
          position + done,
        );
        done += bytesWritten;
      }
    },
    truncate: (sizeBytes) => handle.truncate(sizeBytes),
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}
