/** A copy of an app's volumes, and the identity that it is bound to (S3). */

export interface SnapshotIdentity {
  readonly app: string;
  readonly recipe: string;
  readonly version: string;
  readonly commit: string;
  readonly specHash: string;
  /** Our values over the recipe's `.env.sample`; undefined in a manifest of before they were written down. */
  readonly env?: Readonly<Record<string, string>>;
  readonly domain: string;
  readonly stack: string;
  readonly nodeId: string;
  readonly images: Readonly<Record<string, string>>;
  /** Secret's full name → its id in Swarm's store: the same name with another id is another secret. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface SnapshotVolume {
  /** The name in the compose file. */
  readonly volume: string;
  /** Docker's name, `<stack>_<volume>`. */
  readonly name: string;
  readonly archive: string;
  readonly archiveBytes: number;
  /** Entries and bytes of file content in the tree, and the tree's digest: what a restore is verified against. */
  readonly entries: number;
  readonly contentBytes: number;
  readonly treeSha256: string;
  /** Sockets: dead by the time of a restore, and left out. */
  readonly skipped: readonly string[];
}

/** `manifest.json` of a snapshot. */
export interface SnapshotManifest {
  readonly id: string;
  readonly driver: 'tar' | 'reflink';
  /** Why it was taken by tar although reflinks were asked for; left out: it was taken as was asked. */
  readonly noReflinks?: string;
  readonly takenAt: string;
  readonly identity: SnapshotIdentity;
  readonly volumes: readonly SnapshotVolume[];
  readonly tools: Readonly<Record<string, string>>;
}

/** A volume of an app on this host. */
export interface VolumePlace {
  readonly volume: string;
  readonly name: string;
  /** The folder that holds the data. */
  readonly path: string;
}
