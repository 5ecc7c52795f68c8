/**
 * The real file system with somebody looking over its shoulder: counts what is looked at and read, writes down every
 * effect, and can fail or die at any of them.
 *
 * A kill is simulated: from the chosen effect on nothing happens any more, and a write that is hit has written half.
 */
import {
  nodeFileSystem,
  type FileSystem,
  type OpenFile,
} from '../../../controller/adapters/files/fs.ts';

export interface Fault {
  /** Counts effects from 1. */
  readonly at: number;
  /** `kill`: nothing works from there on. A code: that one effect fails with it. */
  readonly kind: 'kill' | 'ENOSPC' | 'EIO';
}

export interface WatchedFs extends FileSystem {
  /** `rename /a -> /b`, `sync /a` … in order. */
  readonly effects: readonly string[];
  readonly reads: readonly string[];
  /** How many stats and lists there were. */
  looks(): number;
  clear(): void;
}

export function watchedFs(fault?: Fault): WatchedFs {
  const effects: string[] = [];
  const reads: string[] = [];
  let looks = 0;
  let isDead = false;

  const effect = async <T>(name: string, act: () => Promise<T>, half = act): Promise<T> => {
    if (isDead) throw new Error('the process was killed');
    effects.push(name);
    if (fault?.at !== effects.length) return act();
    if (half !== act) await half();
    isDead = fault.kind === 'kill';
    throw Object.assign(new Error(`${fault.kind} on purpose: ${name}`), { code: fault.kind });
  };
  const look = <T>(value: T): T => {
    looks += 1;
    return value;
  };

  return {
    effects,
    reads,
    looks: () => looks,
    clear: () => {
      effects.length = 0;
      reads.length = 0;
      looks = 0;
    },
    stat: (path) => look(nodeFileSystem.stat(path)),
    lstat: (path) => look(nodeFileSystem.lstat(path)),
    list: (path) => look(nodeFileSystem.list(path)),
    read: (path) => {
      reads.push(path);
      return nodeFileSystem.read(path);
    },
    readlink: (path) => nodeFileSystem.readlink(path),
    open: async (path, flags, mode) => {
      const open = (): Promise<OpenFile> => nodeFileSystem.open(path, flags, mode);
      return watchedFile(path, await effect(`open ${path}`, open), effect);
    },
    makeDirectory: (path, mode) =>
      effect(`mkdir ${path}`, () => nodeFileSystem.makeDirectory(path, mode)),
    rename: (from, to) => effect(`rename ${from} -> ${to}`, () => nodeFileSystem.rename(from, to)),
    symlink: (target, path) =>
      effect(`symlink ${path}`, () => nodeFileSystem.symlink(target, path)),
    unlink: (path) => effect(`unlink ${path}`, () => nodeFileSystem.unlink(path)),
    removeTree: (path) => effect(`rmtree ${path}`, () => nodeFileSystem.removeTree(path)),
    syncDirectory: (path) => effect(`syncdir ${path}`, () => nodeFileSystem.syncDirectory(path)),
  };
}

type Effect = <T>(name: string, act: () => Promise<T>, half?: () => Promise<T>) => Promise<T>;

function watchedFile(path: string, file: OpenFile, effect: Effect): OpenFile {
  return {
    fd: file.fd,
    write: (data, position) =>
      effect(
        `write ${path}`,
        () => file.write(data, position),
        () => file.write(data.subarray(0, data.byteLength >> 1), position),
      ),
    truncate: (sizeBytes) => effect(`truncate ${path}`, () => file.truncate(sizeBytes)),
    sync: () => effect(`sync ${path}`, () => file.sync()),
    // Also of a process that was killed: its descriptors are closed for it.
    close: () => file.close(),
  };
}

/**
 * Runs `act` once for each of its effects, with that effect failing, and calls `judge` after each. Returns how many
 * there were. `act` gets a file system of its own each time and must start from the same state.
 */
export async function atEveryEffect(
  kind: Fault['kind'],
  act: (fs: FileSystem) => Promise<unknown>,
  judge: (at: number, outcome: { readonly threw: boolean }) => Promise<void>,
): Promise<number> {
  const POINTS_MAX = 200;
  for (let at = 1; at <= POINTS_MAX; at += 1) {
    const fs = watchedFs({ at, kind });
    const threw = await act(fs).then(
      () => false,
      () => true,
    );
    const wasReached = fs.effects.length >= at;
    if (!wasReached) return at - 1;
    await judge(at, { threw });
  }
  throw new Error(`more than ${POINTS_MAX} effects: does it ever end?`);
}
