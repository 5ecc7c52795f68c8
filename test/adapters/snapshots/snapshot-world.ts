/** An app with two volumes in a state directory of its own, for tests of snapshot drivers. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { nodeFileSystem, type FileSystem } from '../../../controller/adapters/files/fs.ts';
import { CiWarmError } from '../../../controller/model/failure.ts';
import type {
  SnapshotIdentity,
  SnapshotManifest,
  VolumePlace,
} from '../../../controller/model/snapshot.ts';
import type {
  RestoreRequest,
  Snapshots,
  TakeRequest,
} from '../../../controller/ports/snapshots.ts';
import { listTree } from './tree-listing.ts';

/** What a driver is made with; each test makes as many as it needs processes. */
export interface DriverOptions {
  readonly stateDir: string;
  readonly fs: FileSystem;
  readonly isRoot: boolean;
}

export type MakeSnapshots = (options: DriverOptions) => Snapshots;

export const never = new AbortController().signal;

const APP = 'shop';

export class SnapshotWorld {
  readonly stateDir: string;
  readonly app = APP;
  readonly volumes: readonly VolumePlace[];
  readonly identity: SnapshotIdentity = identityOf(APP);
  readonly #make: MakeSnapshots;
  readonly #parent: string;

  /** `parent`: where the state directory is made. A disk, because not every memory file system keeps everything. */
  constructor(make: MakeSnapshots, parent = '/var/tmp') {
    this.#make = make;
    this.#parent = parent;
    this.stateDir = mkdtempSync(join(parent, 'ci-warm-snapshots-'));
    this.volumes = ['data', 'uploads'].map((volume) => placeOf(this.stateDir, APP, volume));
    for (const { volume, path } of this.volumes) {
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'content'), `${volume} before`);
      mkdirSync(join(path, 'folder'));
      writeFileSync(join(path, 'folder/more'), 'x'.repeat(5000));
    }
  }

  snapshots(options: Partial<DriverOptions> = {}): Snapshots {
    return this.#make({ stateDir: this.stateDir, fs: nodeFileSystem, isRoot: true, ...options });
  }

  takeRequest(id: string, more: Partial<TakeRequest> = {}): TakeRequest {
    return {
      app: APP,
      id,
      at: '2026-11-21T09:30:00.000Z',
      volumes: this.volumes,
      identity: this.identity,
      ...more,
    };
  }

  restoreRequest(
    snapshotId: string,
    operation: string,
    more: Partial<RestoreRequest> = {},
  ): RestoreRequest {
    const { app, volumes, identity } = this;
    return { app, snapshotId, operation, volumes, identity, ...more };
  }

  async take(id: string): Promise<SnapshotManifest> {
    return await this.snapshots().take(this.takeRequest(id), never);
  }

  async restore(snapshotId: string, operation: string): Promise<void> {
    await this.snapshots().restore(this.restoreRequest(snapshotId, operation), never);
  }

  /** Where a volume's data is. */
  path(volume: string): string {
    return placeOf(this.stateDir, APP, volume).path;
  }

  /** Everything about every volume's data. */
  listing(): Record<string, readonly string[]> {
    const entries = this.volumes.map(({ volume, path }) => [
      volume,
      existsSync(path) ? listTree(path) : [],
    ]);
    return Object.fromEntries(entries) as Record<string, readonly string[]>;
  }

  /** What a newer release would have done to the data. */
  change(): void {
    for (const { volume, path } of this.volumes) {
      writeFileSync(join(path, 'content'), `${volume} after`);
      writeFileSync(join(path, 'new'), 'new');
      rmSync(join(path, 'folder'), { recursive: true });
    }
  }

  /** Names beside a volume's data, the data's own among them. */
  beside(volume: string): string[] {
    return namesIn(join(this.path(volume), '..'));
  }

  /** Names in the app's `.snapshots`. */
  stored(): string[] {
    return namesIn(join(this.stateDir, APP, '.snapshots'));
  }

  /** A file of the snapshot that the pointer leads to. */
  inSnapshot(name: string): string {
    return join(this.stateDir, APP, 'snapshot', name);
  }

  /** Archives of the snapshot that the pointer leads to. */
  archives(): string[] {
    return namesIn(this.inSnapshot('.')).filter((name) => name !== 'manifest.json');
  }

  /** A file that holds bytes of one of the archives: the archive, or a file of its tree. */
  storedFile(archive: number): string {
    const path = this.inSnapshot(this.archives()[archive] ?? '');
    return statSync(path).isFile() ? path : join(path, 'content');
  }

  editManifest(edit: (manifest: Record<string, unknown>) => void): void {
    const path = this.inSnapshot('manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    edit(manifest);
    writeFileSync(path, JSON.stringify(manifest));
  }

  /** A second state directory that is this one now. */
  copy(): SnapshotWorld {
    const copy = new SnapshotWorld(this.#make, this.#parent);
    rmSync(copy.stateDir, { recursive: true });
    execFileSync('cp', ['-a', this.stateDir, copy.stateDir]);
    return copy;
  }

  /** A new app on another file system. */
  elsewhere(parent: string): SnapshotWorld {
    return new SnapshotWorld(this.#make, parent);
  }

  /** Another app's snapshot in the same state directory, with its own data. */
  async takeOther(app: string, id: string): Promise<void> {
    const place = placeOf(this.stateDir, app, 'data');
    mkdirSync(place.path, { recursive: true });
    writeFileSync(join(place.path, 'content'), `data of ${app}`);
    const other = { app, volumes: [place], identity: identityOf(app) };
    await this.snapshots().take(this.takeRequest(id, other), never);
  }

  /** Puts another app's archive in the place of this one's. */
  swapArchive(app: string, archive: string): void {
    rmSync(this.inSnapshot(archive), { recursive: true });
    const other = join(this.stateDir, app, 'snapshot', archive);
    execFileSync('cp', ['-a', other, this.inSnapshot(archive)]);
  }

  remove(): void {
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

function identityOf(app: string): SnapshotIdentity {
  return {
    app,
    recipe: 'shop',
    version: '1.2.0+4.5.6',
    commit: 'c'.repeat(40),
    specHash: `sha256:${'5'.repeat(64)}`,
    domain: `${app}.example.org`,
    stack: `${app}_example_org`,
    nodeId: 'node1',
    images: { app: `example/shop@sha256:${'1'.repeat(64)}` },
    secrets: { [`${app}_example_org_password_v1`]: 'secret1' },
  };
}

function placeOf(stateDir: string, app: string, volume: string): VolumePlace {
  return {
    volume,
    name: `${app}_example_org_${volume}`,
    path: join(stateDir, app, 'volumes', volume, 'data'),
  };
}

function namesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

/** Turns one bit in the middle of a file. */
export function flipBit(path: string): void {
  const content = readFileSync(path);
  const at = Math.floor(content.length / 2);
  content[at] = (content[at] ?? 0) ^ 1;
  writeFileSync(path, content);
}

/** What a call was refused with; an error of the test when it was not. */
export async function failureOf(promise: Promise<unknown>): Promise<CiWarmError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof CiWarmError)) throw new Error(`not a CiWarmError: ${String(thrown)}`);
  return thrown;
}
