/** What every part of the snapshot store works with. */
import type { Known } from '../../model/known.ts';
import type { SnapshotManifest } from '../../model/snapshot.ts';
import { CiWarmError } from '../../model/failure.ts';
import type { FileSystem } from './layout.ts';
import type { TreeTools } from './tree-tools.ts';

/** `manifest.json` as text: written and read against its schema. */
export interface ManifestText {
  /** Errors: `state-invalid`. */
  encode(kind: 'snapshot-manifest', manifest: SnapshotManifest): string;
  /** Never throws. */
  decode(kind: 'snapshot-manifest', path: string, content: Buffer): Known<SnapshotManifest>;
}

/** Whether snapshots are to be taken by reflinks, and who is told where that is not possible. */
export interface Reflinks {
  /** Asked before each snapshot. */
  wanted(): boolean;
  /** The app's snapshot is taken by tar and zstd instead. */
  refused(app: string, why: string): void;
}

export interface Context {
  /** Absolute. */
  readonly stateDir: string;
  readonly fs: FileSystem;
  readonly trees: TreeTools;
  readonly manifests: ManifestText;
  /** Room on the disk that a snapshot may not use. */
  readonly reserveBytes: number;
  /** Names and versions of the programs that a snapshot is taken with. Errors: `tool-failed`. */
  tools(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Undefined: snapshots are taken by tar and zstd. */
  readonly reflinks: Reflinks | undefined;
  /** Whether this process may give files away. Without that, owners would be lost without a word. */
  readonly isRoot: boolean;
}

/** Throws `tool-failed` unless owners can be kept. */
export function needRoot(context: Context, doing: string): void {
  if (context.isRoot) return;
  throw new CiWarmError(
    'tool-failed',
    `${doing} needs root: without it the owners of files would be lost. Run ci-warm as root, or declare the app \`data: Stateless\` if its data does not matter; nothing was touched`,
  );
}

/** What a snapshot that cannot be used is refused with; nothing has been touched then. */
export function invalid(why: string): CiWarmError {
  return new CiWarmError('snapshot-invalid', why);
}
