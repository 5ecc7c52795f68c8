/**
 * Snapshots by GNU tar and zstd, which work on every file system, or by reflinks where those are wanted
 * (ports/snapshots.ts). Whichever took it, every snapshot is put back.
 *
 * Only puts the parts together: take.ts and restore.ts hold the orders that matter. One transition of an app at a time
 * (R1) is the caller's affair, and so is that the app is undeployed (S1).
 */
import type { Snapshots } from '../../ports/snapshots.ts';
import type { Context, ManifestText, Reflinks } from './context.ts';
import { dropData, dropDisplaced, setAside } from './displaced.ts';
import { placesOf, type FileSystem } from './layout.ts';
import { readPointed } from './manifest.ts';
import { refusal } from './refusal.ts';
import { restore } from './restore.ts';
import { roomFor } from './room.ts';
import { take } from './take.ts';
import { gnuTrees, type TreeTools } from './tree-tools.ts';
import { verifyArchives } from './verify.ts';

export interface TarSnapshotsOptions {
  /** Absolute. */
  readonly stateDir: string;
  readonly fs: FileSystem;
  /** Default: the programs. */
  readonly trees?: TreeTools;
  /** How `manifest.json` is written and read. */
  readonly manifests: ManifestText;
  /** Whether this process runs as root: otherwise taking and restoring are refused with a sentence. */
  readonly isRoot: boolean;
  /** Room that taking a snapshot leaves free. Default none: who prepares a transition keeps the reserve. */
  readonly reserveBytes?: number;
  /** Left out: every snapshot is taken by tar and zstd. */
  readonly reflinks?: Reflinks;
}

/** Needs GNU tar, zstd and coreutils in PATH; says so when one is missing. */
export function createTarSnapshots(options: TarSnapshotsOptions): Snapshots {
  const trees = options.trees ?? gnuTrees;
  let versions: Readonly<Record<string, string>> | undefined;
  const context: Context = {
    reserveBytes: 0,
    reflinks: undefined,
    ...options,
    trees,
    // Asked once: starting programs for it would take time that the app is down.
    tools: async (signal) => (versions ??= await trees.toolVersions(signal)),
  };
  const { stateDir } = context;
  return {
    take: (request, signal) => take(context, request, signal),
    read: (app) => Promise.resolve().then(() => readPointed(context, placesOf(stateDir, app))),
    verify: async (app, signal) => {
      const places = placesOf(stateDir, app);
      const manifest = await readPointed(context, places);
      return manifest === null
        ? [`${app} has no snapshot.`]
        : await verifyArchives(context, places.link, manifest, signal);
    },
    refusal: (request, signal) => refusal(context, request, signal),
    restore: (request, signal) => restore(context, request, signal),
    dropDisplaced: (_app, volumes, signal) => dropDisplaced(context, volumes, signal),
    dropData: (_app, volumes, signal) => dropData(context, volumes, signal),
    setAside: (_app, operation, volumes) => setAside(context, operation, volumes),
    room: (_app, volumes, signal) => roomFor(context, volumes, signal),
  };
}
