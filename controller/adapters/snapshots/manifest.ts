/** Reading the manifest of a snapshot: through the pointer, or of one that is published but not pointed at yet. */
import { join } from 'node:path';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import type { SnapshotManifest } from '../../model/snapshot.ts';
import { errorCode } from '../files/fs.ts';
import { invalid, type Context } from './context.ts';
import { driverOf } from './drivers.ts';
import type { AppPlaces } from './layout.ts';

export const MANIFEST = 'manifest.json';
/** Answers about the path; whatever else is thrown is none. */
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP']);

/**
 * The manifest that the pointer leads to; null when there is no pointer. Throws `snapshot-invalid` on damage,
 * `tool-failed` when it could not be read.
 */
export async function readPointed(
  context: Context,
  places: AppPlaces,
): Promise<SnapshotManifest | null> {
  const pointer = context.fs.lstat(places.link);
  if (pointer === undefined) return null;
  if (pointer.kind !== 'link')
    throw invalid(`${places.link} is no link to a snapshot; move it away`);
  const target = await context.fs.readlink(places.link);
  const manifest = await readManifest(context, places.link);
  if (target !== places.target(manifest.id)) {
    throw invalid(`${places.link} leads to ${target}, whose manifest is that of ${manifest.id}`);
  }
  return manifest;
}

/**
 * The manifest in a snapshot's directory. Throws `snapshot-invalid` on damage, or when it is not there; `tool-failed`
 * when it could not be read, which says nothing about the snapshot (L1).
 */
export async function readManifest(context: Context, directory: string): Promise<SnapshotManifest> {
  const path = join(directory, MANIFEST);
  const content = await context.fs.read(path).catch((error: unknown) => {
    const why = `reading ${path}: ${reasonOf(error)}`;
    if (ABSENT.has(errorCode(error) ?? '')) throw invalid(why);
    throw new CiWarmError('tool-failed', why, error);
  });
  const manifest = context.manifests.decode('snapshot-manifest', path, content);
  if (!manifest.known) throw invalid(manifest.why);
  const driver = driverOf(manifest.value.driver);
  for (const { volume, archive } of manifest.value.volumes) {
    if (archive !== driver.archiveName(volume)) {
      throw invalid(`${path} is damaged: ${archive} cannot be the archive of volume ${volume}`);
    }
  }
  return manifest.value;
}
