/**
 * The disk under the state directory: names and files as they are (file-system.ts), the volumes' folders with the data in
 * them, and the snapshots as anybody could read them from their files. Folders are held by inode, as a container holds
 * them: one that is renamed goes on being written to by whoever had it open.
 */
import type { SnapshotManifest } from '../../controller/model/snapshot.ts';
import { archiveOf, figuresOf } from './archives.ts';
import { SimFileSystem, type DirectoryNode } from './file-system.ts';
import { emptyTree, type Tree } from './tree.ts';

export const stateDir = '/state';

/** The snapshot that an app's pointer leads to, read anew whenever a file has changed. */
export interface StoredSnapshot {
  readonly manifest: SnapshotManifest | undefined;
  /** Volume → what is in its archive; undefined where that cannot be read or is not what the manifest says. */
  readonly archives: ReadonlyMap<string, Tree | undefined>;
}

const CAPACITY_BYTES = 64 * 2 ** 30;

export class SimDisk {
  readonly files = new SimFileSystem();
  /** What others have put there. */
  foreignBytes = 0;
  #stamps = 0;
  readonly #seen = new Map<
    string,
    { readonly of: readonly unknown[]; readonly what: StoredSnapshot }
  >();

  constructor() {
    this.files.makeDirectory(stateDir);
    this.files.syncAll();
  }

  /** A volume's folder, or what lies beside it. */
  folder(path: string): DirectoryNode | undefined {
    return this.files.directory(path);
  }

  /** Folders beside a volume's data whose names begin so. */
  beside(path: string, prefix: string): readonly DirectoryNode[] {
    const parent = this.files.directory(path.slice(0, path.lastIndexOf('/')));
    return [...(parent?.names ?? [])].flatMap(([name, node]) =>
      name.startsWith(prefix) && node.kind === 'directory' ? [node] : [],
    );
  }

  /** Of one write more. */
  nextStamp(): number {
    this.#stamps += 1;
    return this.#stamps;
  }

  /** What `snapshot/` leads to; `undefined` also when it leads to nothing that is there. */
  current(app: string): StoredSnapshot | undefined {
    const directory = this.files.directory(`${stateDir}/${app}/snapshot`);
    if (directory === undefined) return undefined;
    const of = [...directory.names.values()].map((node): unknown =>
      node.kind === 'file' ? node.content : node,
    );
    const before = this.#seen.get(app);
    if (before?.of.length === of.length && of.every((one, at) => one === before.of[at])) {
      return before.what;
    }
    const what = readSnapshot(directory);
    this.#seen.set(app, { of, what });
    return what;
  }

  get freeBytes(): number {
    let used = this.foreignBytes;
    const add = (directory: DirectoryNode): void => {
      if (directory.tree !== emptyTree) used += directory.tree.bytes;
      for (const node of directory.names.values()) {
        if (node.kind === 'directory') add(node);
        else if (node.kind === 'file') used += node.content.byteLength + node.extraBytes;
      }
    };
    add(this.files.root);
    return Math.max(0, CAPACITY_BYTES - used);
  }
}

/** Whose a path in the state directory is. */
export function appOf(path: string): string {
  return path.slice(stateDir.length + 1).split('/')[0] ?? '';
}

/** The folder of a volume's data. */
export function isData(path: string): boolean {
  return path.includes('/volumes/') && path.endsWith('/data');
}

function readSnapshot(directory: DirectoryNode): StoredSnapshot {
  const fileOf = (name: string): Buffer | undefined => {
    const node = directory.names.get(name);
    return node?.kind === 'file' ? node.content : undefined;
  };
  const manifest = parsed(fileOf('manifest.json'));
  const archives = new Map(
    (manifest?.volumes ?? []).map(({ volume, archive, treeSha256 }) => {
      const content = fileOf(archive);
      const tree = content === undefined ? undefined : archiveOf(content).tree;
      const isWhole = tree !== undefined && figuresOf(tree).treeSha256 === treeSha256;
      return [volume, isWhole ? tree : undefined] as const;
    }),
  );
  return { manifest, archives };
}

function parsed(content: Buffer | undefined): SnapshotManifest | undefined {
  if (content === undefined) return undefined;
  try {
    return JSON.parse(content.toString()) as SnapshotManifest;
  } catch {
    return undefined;
  }
}
