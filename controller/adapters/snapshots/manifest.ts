/** Reading the manifest of a snapshot: through the pointer, or of one that is published but not pointed at yet. */
import { join } from 'node:path';
import { reasonOf } from '../../model/failure.ts';
import type { SnapshotManifest } from '../../model/snapshot.ts';
import { invalid, type Context } from './context.ts';
import { driverOf } from './drivers.ts';
import type { AppPlaces } from './layout.ts';

export const MANIFEST = 'manifest.json';

/** The manifest that the pointer leads to; null when there is no pointer. Throws `snapshot-invalid` on damage. */
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

/** The manifest in a snapshot's directory. Throws `snapshot-invalid` on damage, or when it is not there. */
export async function readManifest(context: Context, directory: string): Promise<SnapshotManifest> {
  const path = join(directory, MANIFEST);
  const content = await context.fs.read(path).catch((error: unknown) => {
    throw invalid(`reading ${path}: ${reasonOf(error)}`);
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
