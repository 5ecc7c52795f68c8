/**
 * What the drivers of snapshots differ in: how one volume is kept in a snapshot and put back. Everything else (orders,
 * names, the manifest, the pointer, what is refused) is theirs in common, and so is the digest of the tree.
 */
import type { SnapshotManifest, SnapshotVolume } from '../../model/snapshot.ts';
import type { Packed } from './archive.ts';
import type { Context } from './context.ts';
import type { FileSystem } from './layout.ts';
import type { TreeFigures } from './tree-digest.ts';

export type DriverName = SnapshotManifest['driver'];

/** How packing and unpacking are called in messages, and where they work. */
export interface Places {
  /** `volume data of shop`. */
  readonly what: string;
  /** Of the tree. */
  readonly directory: string;
  readonly archive: string;
}

/** What is packed. */
export interface PackedPlaces extends Places {
  /** How much the app's data is, roughly: only how it is packed depends on it. */
  readonly aboutBytes: number;
}

export interface VolumeDriver {
  /** In a snapshot's directory. Throws `state-invalid` for what is no name. */
  archiveName(volume: string): string;
  /** Programs and their versions, out of all that there are. Errors: `tool-failed`. */
  tools(context: Context, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /**
   * Makes the archive, which is not there yet, and reads it back; it is synced then. Errors: `disk-full`, `tool-failed`
   * (also when a file changed meanwhile), `snapshot-invalid`, `aborted`. Part of an archive may be left.
   */
  pack(context: Context, places: PackedPlaces, signal: AbortSignal): Promise<Packed>;
  /** What a look at the archive's name alone tells: a sentence where it cannot be right. */
  nameProblem(fs: FileSystem, archive: string, volume: SnapshotVolume): string | undefined;
  /** A sentence where the archive is not what was packed. Reads every byte of it. */
  contentProblem(
    context: Context,
    archive: string,
    volume: SnapshotVolume,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /**
   * Unpacks into a directory that is there and empty, and answers what is in it then, read from the disk; it is synced.
   * Throws `snapshot-invalid` where the archive itself is damaged; otherwise as `pack`.
   */
  unpack(
    context: Context,
    places: Places,
    volume: SnapshotVolume,
    signal: AbortSignal,
  ): Promise<TreeFigures>;
}
