/**
 * Snapshots of an app's volumes. The caller has made sure that the app is undeployed (S1); this port keeps S2 and S3.
 * Errors: `disk-full`, `snapshot-invalid`, `tool-failed`, `aborted`.
 */
import type { SnapshotIdentity, SnapshotManifest, VolumePlace } from '../model/snapshot.ts';

export interface TakeRequest {
  readonly app: string;
  /** The transition's id: taking it again after it was published verifies it and returns its manifest. */
  readonly id: string;
  readonly at: string;
  readonly volumes: readonly VolumePlace[];
  readonly identity: SnapshotIdentity;
}

export interface RestoreRequest {
  readonly app: string;
  readonly snapshotId: string;
  /** Names what is displaced, so that a restore that was interrupted goes on where it was. */
  readonly operation: string;
  readonly volumes: readonly VolumePlace[];
  /** Must match the manifest's on app, recipe, domain, stack, node and secrets, or the restore is refused (S3). */
  readonly identity: SnapshotIdentity;
}

export interface Snapshots {
  /** Complete, verified and synced before it replaces the old one by rename (S2). */
  take(request: TakeRequest, signal: AbortSignal): Promise<SnapshotManifest>;
  /** The manifest that `snapshot/` points at; null when there never was one. Throws `snapshot-invalid` when it is damaged. */
  read(app: string, signal: AbortSignal): Promise<SnapshotManifest | null>;
  /** Reads every byte; one sentence per problem. */
  verify(app: string, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Why a restore would be refused as things are now, in a sentence; undefined: it would be done. Reads every byte of
   * the snapshot, and touches nothing.
   */
  refusal(
    request: Omit<RestoreRequest, 'operation'>,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Unpacks beside, verifies, swaps by rename, keeps what it displaced (S2). May be repeated with the same `operation`. */
  restore(request: RestoreRequest, signal: AbortSignal): Promise<void>;
  /** Drops what restores displaced: only once the app is healthy again. */
  dropDisplaced(app: string, volumes: readonly VolumePlace[], signal: AbortSignal): Promise<void>;
  /** Deletes the live data of volumes, in two steps: it is in a snapshot that was read back. Already gone is fine. */
  dropData(app: string, volumes: readonly VolumePlace[], signal: AbortSignal): Promise<void>;
  /** Moves aside volumes' data that only a failed target made: nothing is deleted. */
  setAside(
    app: string,
    operation: string,
    volumes: readonly VolumePlace[],
    signal: AbortSignal,
  ): Promise<void>;
  /** Free bytes where the app's data lives, and an estimate of what a snapshot of these volumes takes. */
  room(
    app: string,
    volumes: readonly VolumePlace[],
    signal: AbortSignal,
  ): Promise<{ readonly freeBytes: number; readonly neededBytes: number }>;
}
