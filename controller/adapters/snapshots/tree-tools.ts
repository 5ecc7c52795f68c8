/**
 * What is done to whole trees and archives, by programs that this process starts. Everything else of a snapshot (names,
 * manifests, the pointer, what is displaced) goes through `FileSystem`; handed in together, the two let the orders in
 * which take.ts and restore.ts work be tried on a disk that loses what was not synced.
 */
import { packVolume, readArchive, type ArchiveReading, type Packed } from './archive.ts';
import type { FileSystem } from './layout.ts';
import { freeAt, type Free } from './free.ts';
import { needNoMounts } from './mounts-within.ts';
import { deleteTree } from './delete-tree.ts';
import { measureTrees, syncFileSystem, toolVersions } from './tools.ts';
import type { TreeDigest, TreeFigures } from './tree-digest.ts';
import { readOthers, readTree, unpackAndRead } from './unpack.ts';
import type { PackedPlaces } from './volume-driver.ts';

/** Each as the function of that name says. */
export interface TreeTools {
  toolVersions(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  packVolume(places: PackedPlaces, fs: FileSystem, signal: AbortSignal): Promise<Packed>;
  readArchive(file: string, fs: FileSystem, signal: AbortSignal): Promise<ArchiveReading>;
  unpackAndRead(
    what: string,
    archive: string,
    directory: string,
    fs: FileSystem,
    signal: AbortSignal,
  ): Promise<TreeDigest | undefined>;
  readOthers(what: string, directory: string, tree: TreeDigest, signal: AbortSignal): Promise<void>;
  readTree(what: string, directory: string, signal: AbortSignal): Promise<TreeFigures>;
  syncFileSystem(path: string, signal: AbortSignal): Promise<void>;
  deleteTree(path: string, signal: AbortSignal): Promise<void>;
  measureTrees(
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly entries: number }>;
  freeAt(path: string): Promise<Free>;
  needNoMounts(doing: string, path: string): Promise<void>;
}

/** GNU tar, zstd and coreutils. */
export const gnuTrees: TreeTools = {
  toolVersions,
  packVolume,
  readArchive,
  unpackAndRead,
  readOthers,
  readTree,
  syncFileSystem,
  deleteTree,
  measureTrees,
  freeAt,
  needNoMounts,
};
