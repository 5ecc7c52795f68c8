/**
 * A disk with names, as POSIX promises it and no better: what was written is lost at a power cut unless the file was
 * synced, and a name that was made, moved or removed is as it was before unless its directory was. Which of it is lost,
 * and where a write is torn, is chance's affair. A kill of the process alone loses nothing.
 *
 * Everything here is done at once and through no door: what the controller does goes through file-door.ts.
 */
import type { DirectoryEntry, FileStamp } from '../../controller/adapters/files/fs.ts';
import { namesOf } from './path-names.ts';
import type { Rng } from './rng.ts';
import { emptyTree, type Tree } from './tree.ts';

export interface FileNode {
  readonly kind: 'file';
  readonly owner: string;
  readonly ino: number;
  /** Never changed in place: another content is another buffer. */
  content: Buffer;
  synced: Buffer;
  /** A sync of it has failed: the kernel has dropped these bytes, and says nothing of it at the next sync. */
  dropped: { readonly from: number; readonly to: number } | undefined;
  /** What it takes on disk beside its content: an archive here is only a note of what is in it. */
  extraBytes: number;
  changedAt: number;
}

export interface LinkNode {
  readonly kind: 'link';
  readonly ino: number;
  readonly target: string;
}

/** A directory; one that holds a volume's data has a tree, and its identity outlives a rename. */
export interface DirectoryNode {
  readonly kind: 'directory';
  /** The name below the state directory that it was made in. */
  readonly owner: string;
  readonly ino: number;
  names: Map<string, Node>;
  readonly durable: Map<string, Node>;
  tree: Tree;
  syncedTree: Tree;
}

export type Node = FileNode | LinkNode | DirectoryNode;

interface NameChange {
  readonly directory: DirectoryNode;
  readonly name: string;
  readonly node: Node | undefined;
}

/** Happens as a whole or not at all. */
type NameOperation = readonly NameChange[];

const LINKS_MAX = 8;
/** Owner of the state directory itself. */
const STATE = '/';

export class SimFileSystem {
  readonly root: DirectoryNode;
  #version = 0;
  readonly #versions = new Map<string, number>();
  #changed = new Set<string>();
  #inodes = 0;
  #pending: NameOperation[] = [];

  constructor() {
    this.root = this.#directory('');
  }

  /** Grows with every change of what is below that name in the state directory. */
  versionOf(owner: string): number {
    return this.#versions.get(owner) ?? 0;
  }

  /** The names below the state directory where something has changed since this was asked last. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed;
    if (changed.size > 0) this.#changed = new Set();
    return changed;
  }

  /** The node itself, or where the link of that name leads. */
  find(path: string, follow = true): Node | undefined {
    return this.#walk(namesOf(path), follow, 0);
  }

  file(path: string): FileNode | undefined {
    const node = this.find(path);
    return node?.kind === 'file' ? node : undefined;
  }

  directory(path: string): DirectoryNode | undefined {
    const node = this.find(path);
    return node?.kind === 'directory' ? node : undefined;
  }

  stampOf(node: Node | undefined): FileStamp | undefined {
    if (node === undefined) return undefined;
    const isFile = node.kind === 'file';
    const at = isFile ? node.changedAt : 0;
    const sizeBytes = isFile ? node.content.byteLength : 0;
    return { kind: node.kind, ino: node.ino, sizeBytes, mtimeMs: at, ctimeMs: at };
  }

  list(path: string): readonly DirectoryEntry[] {
    const directory = this.directory(path);
    if (directory === undefined) throw systemError('ENOENT', path);
    return [...directory.names].map(([name, node]) => ({ name, kind: node.kind }));
  }

  createFile(path: string, isExclusive: boolean): FileNode {
    const { parent, name } = this.#parentOf(path);
    const found = parent.names.get(name);
    if (found !== undefined) {
      if (isExclusive || found.kind !== 'file') throw systemError('EEXIST', path);
      return found;
    }
    const none = Buffer.alloc(0);
    const node: FileNode = {
      kind: 'file',
      owner: ownerBelow(parent, name),
      ino: (this.#inodes += 1),
      content: none,
      synced: none,
      dropped: undefined,
      extraBytes: 0,
      changedAt: 0,
    };
    this.#do([{ directory: parent, name, node }]);
    return node;
  }

  setContent(node: FileNode, content: Buffer): void {
    node.content = content;
    node.changedAt = this.#change(node.owner);
  }

  /** With its parents; says whether anything had to be made. */
  makeDirectory(path: string): boolean {
    let directory = this.root;
    let isMade = false;
    for (const name of namesOf(path)) {
      const found = directory.names.get(name);
      if (found !== undefined && found.kind !== 'directory') throw systemError('EEXIST', path);
      const next = found ?? this.#directory(ownerBelow(directory, name));
      if (found === undefined) {
        this.#do([{ directory, name, node: next }]);
        isMade = true;
      }
      directory = next;
    }
    return isMade;
  }

  symlink(target: string, path: string): void {
    const { parent, name } = this.#parentOf(path);
    if (parent.names.has(name)) throw systemError('EEXIST', path);
    const node: LinkNode = { kind: 'link', ino: (this.#inodes += 1), target };
    this.#do([{ directory: parent, name, node }]);
  }

  rename(from: string, to: string): void {
    const [source, target] = [this.#parentOf(from), this.#parentOf(to)];
    const node = source.parent.names.get(source.name);
    if (node === undefined) throw systemError('ENOENT', from);
    const old = target.parent.names.get(target.name);
    if (old?.kind === 'directory') {
      // A volume's folder is never empty, whatever stands in for what is in it.
      if (node.kind !== 'directory') throw systemError('EISDIR', to);
      throw systemError('ENOTEMPTY', to);
    }
    this.#do([
      { directory: source.parent, name: source.name, node: undefined },
      { directory: target.parent, name: target.name, node },
    ]);
  }

  /** A file or a link; or a directory with all that is in it, name by name as `rm -r` does. */
  remove(path: string): void {
    const { parent, name } = this.#parentOf(path);
    const node = parent.names.get(name);
    if (node === undefined) throw systemError('ENOENT', path);
    if (node.kind === 'directory') {
      for (const inner of [...node.names.keys()]) this.remove(`${path}/${inner}`);
    }
    this.#do([{ directory: parent, name, node: undefined }]);
  }

  /** Instead of syncing it: what was not on disk yet will not be, unless it is written again. */
  dropUnsynced(node: FileNode): void {
    const { content, synced } = node;
    const from = commonBytes(content, synced);
    if (from < content.byteLength) node.dropped = { from, to: content.byteLength };
  }

  /** Bytes that were written again are the kernel's to write again. */
  rewritten(node: FileNode, from: number, to: number): void {
    const { dropped } = node;
    if (dropped !== undefined && from <= dropped.from && to >= dropped.to) node.dropped = undefined;
  }

  syncFile(node: FileNode): void {
    if (node.dropped === undefined) node.synced = node.content;
  }

  /** The names in it, and whatever else has to be durable for that. */
  syncDirectory(path: string): void {
    const directory = this.directory(path);
    if (directory === undefined) throw systemError('ENOENT', path);
    const wanted = new Set([directory]);
    const kept: NameOperation[] = [];
    const done: NameOperation[] = [];
    for (const operation of this.#pending.reverse()) {
      if (operation.some((change) => wanted.has(change.directory))) {
        for (const change of operation) wanted.add(change.directory);
        done.push(operation);
      } else kept.push(operation);
    }
    this.#pending = kept.reverse();
    for (const operation of done.reverse()) commit(operation);
  }

  /** The names that lead there: whoever syncs a file in a new directory makes them durable on the way. */
  syncPath(path: string): void {
    const names = namesOf(path);
    for (const index of names.keys()) this.syncDirectory(`/${names.slice(0, index).join('/')}`);
  }

  /** Everything that was ever written. */
  syncAll(): void {
    for (const operation of this.#pending) commit(operation);
    this.#pending = [];
    walk(this.root, (node) => {
      if (node.kind === 'file') this.syncFile(node);
      else if (node.kind === 'directory') node.syncedTree = node.tree;
    });
  }

  /** Data that is on disk when it is said to be: a database's own affair. */
  writeTree(directory: DirectoryNode, tree: Tree): void {
    directory.tree = tree;
    directory.syncedTree = tree;
    this.#change(directory.owner);
  }

  /** Data that only a sync of the whole file system makes durable. */
  unpackTree(directory: DirectoryNode, tree: Tree): void {
    directory.tree = tree;
    this.#change(directory.owner);
  }

  /** The power is gone, and comes back. */
  cutPower(rng: Rng): void {
    const kept = rng.pick([0, 0.5, 1]);
    const lost = new Map<DirectoryNode, Set<string>>();
    const isLost = ({ directory, name }: NameChange): boolean =>
      lost.get(directory)?.has(name) === true;
    for (const operation of this.#pending) {
      if (!operation.some(isLost) && rng.chance(kept)) {
        commit(operation);
        continue;
      }
      for (const { directory, name } of operation) {
        const names = lost.get(directory) ?? new Set();
        lost.set(directory, names.add(name));
      }
    }
    this.#pending = [];
    for (const owner of [...this.#versions.keys()]) this.#change(owner);
    walkDurable(this.root, (node) => {
      if (node.kind === 'directory') {
        node.names = new Map(node.durable);
        if (node.tree !== node.syncedTree) node.tree = { ...node.tree, isDestroyed: true };
        node.syncedTree = node.tree;
      }
      if (node.kind !== 'file') return;
      node.dropped = undefined;
      if (node.content === node.synced) return;
      this.setContent(node, tornContent(node, rng));
      node.synced = node.content;
    });
  }

  #do(operation: NameOperation): void {
    for (const { directory, name, node } of operation) {
      if (node === undefined) directory.names.delete(name);
      else directory.names.set(name, node);
    }
    this.#pending.push(operation);
    for (const { directory, name } of operation) this.#change(ownerBelow(directory, name));
  }

  #change(owner: string): number {
    this.#version += 1;
    this.#versions.set(owner, this.#version);
    this.#changed.add(owner);
    return this.#version;
  }

  #directory(owner: string): DirectoryNode {
    this.#inodes += 1;
    return {
      kind: 'directory',
      owner,
      ino: this.#inodes,
      names: new Map<string, Node>(),
      durable: new Map<string, Node>(),
      tree: emptyTree,
      syncedTree: emptyTree,
    };
  }

  #walk(names: readonly string[], follow: boolean, links: number): Node | undefined {
    let node: Node = this.root;
    let index = -1;
    for (const name of names) {
      index += 1;
      if (node.kind !== 'directory') return undefined;
      const next = node.names.get(name);
      if (next === undefined) return undefined;
      if (next.kind === 'link' && (follow || index < names.length - 1)) {
        if (links >= LINKS_MAX) return undefined;
        const rest = [...namesOf(next.target), ...names.slice(index + 1)];
        const before = next.target.startsWith('/') ? [] : names.slice(0, index);
        return this.#walk([...before, ...rest], follow, links + 1);
      }
      node = next;
    }
    return node;
  }

  #parentOf(path: string): { readonly parent: DirectoryNode; readonly name: string } {
    const at = path.lastIndexOf('/');
    const parent = this.directory(path.slice(0, at));
    if (parent === undefined) throw systemError('ENOENT', path);
    return { parent, name: path.slice(at + 1) };
  }
}

/** Nothing belongs to the state directory itself: what is made in it gives its name to all that is below. */
function ownerBelow(directory: DirectoryNode, name: string): string {
  if (directory.owner === '') return STATE;
  return directory.owner === STATE ? name : directory.owner;
}

/** As Node's own. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function commit(operation: NameOperation): void {
  for (const { directory, name, node } of operation) {
    if (node === undefined) directory.durable.delete(name);
    else directory.durable.set(name, node);
  }
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  if (node.kind === 'directory') for (const inner of node.names.values()) walk(inner, visit);
}

function walkDurable(node: Node, visit: (node: Node) => void): void {
  visit(node);
  if (node.kind === 'directory')
    for (const inner of node.durable.values()) walkDurable(inner, visit);
}

function commonBytes(one: Buffer, other: Buffer): number {
  const most = Math.min(one.byteLength, other.byteLength);
  let count = 0;
  while (count < most && one[count] === other[count]) count += 1;
  return count;
}

/** What is found of a file whose last writes were not synced: none of them, all, some, or zeros in their place. */
function tornContent({ content, synced }: FileNode, rng: Rng): Buffer {
  const from = commonBytes(content, synced);
  const cut = from + rng.int(content.byteLength - from + 1);
  switch (rng.int(4)) {
    case 0:
      return synced;
    case 1:
      return content;
    case 2:
      return content.subarray(0, cut);
    default:
      return Buffer.concat([content.subarray(0, cut), Buffer.alloc(content.byteLength - cut)]);
  }
}
