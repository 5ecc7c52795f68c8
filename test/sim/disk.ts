/**
 * The disk under the state directory: the volumes' folders with the data in them, and the snapshots. Folders are held by
 * inode, as a container holds them: one that is renamed goes on being written to by whoever had it open.
 */
import type { SnapshotManifest } from '../../controller/model/snapshot.ts';

/** What is in a volume at one moment. Never changed in place: two trees are equal when they are the same object. */
export interface Tree {
  /** 0: empty. */
  readonly schema: number;
  /** The newest release that ever wrote to it, by its order. */
  readonly touchedBy: number;
  readonly isDestroyed: boolean;
  readonly rows: number;
  readonly bytes: number;
}

export const emptyTree: Tree = {
  schema: 0,
  touchedBy: 0,
  isDestroyed: false,
  rows: 0,
  bytes: 4096,
};

/** A folder. Its identity outlives a rename. */
export interface Inode {
  tree: Tree;
}

export interface Archive {
  tree: Tree;
  /** Half of it is there. */
  isPartial: boolean;
}

/** A snapshot, or what is to become one. */
export interface StoredSnapshot {
  readonly archives: Map<string, Archive>;
  manifest: SnapshotManifest | undefined;
}

export interface SnapshotShelf {
  readonly staged: Map<string, StoredSnapshot>;
  readonly published: Map<string, StoredSnapshot>;
  /** What `snapshot/` points at. */
  pointer: string | undefined;
}

const CAPACITY_BYTES = 64 * 2 ** 30;

export class SimDisk {
  /** Path → folder. */
  readonly folders = new Map<string, Inode>();
  readonly shelves = new Map<string, SnapshotShelf>();
  /** What others have put there. */
  foreignBytes = 0;

  shelf(app: string): SnapshotShelf {
    const found = this.shelves.get(app);
    if (found !== undefined) return found;
    const made: SnapshotShelf = { staged: new Map(), published: new Map(), pointer: undefined };
    this.shelves.set(app, made);
    return made;
  }

  /** The snapshot that `snapshot/` points at; `undefined` also when it points at nothing that is there. */
  current(app: string): StoredSnapshot | undefined {
    const shelf = this.shelf(app);
    return shelf.pointer === undefined ? undefined : shelf.published.get(shelf.pointer);
  }

  rename(from: string, to: string): void {
    const inode = this.folders.get(from);
    if (inode === undefined) throw new Error(`${from} is not there`);
    if (this.folders.has(to)) throw new Error(`${to} is there already`);
    this.folders.delete(from);
    this.folders.set(to, inode);
  }

  get freeBytes(): number {
    let used = this.foreignBytes;
    for (const { tree } of this.folders.values()) used += tree.bytes;
    for (const shelf of this.shelves.values()) {
      for (const stored of [...shelf.staged.values(), ...shelf.published.values()]) {
        for (const { tree } of stored.archives.values()) used += tree.bytes;
      }
    }
    return Math.max(0, CAPACITY_BYTES - used);
  }
}
