/** Whether a snapshot is what its manifest says: every byte of its archives is read. */
import { join } from 'node:path';
import type { SnapshotManifest } from '../../model/snapshot.ts';
import type { Context } from './context.ts';
import { driverOf } from './drivers.ts';

/** One sentence per problem; none when a restore would bring back exactly what was packed. */
export async function verifyArchives(
  context: Context,
  directory: string,
  manifest: SnapshotManifest,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const driver = driverOf(manifest.driver);
  const problems: string[] = [];
  for (const volume of manifest.volumes) {
    const file = join(directory, volume.archive);
    const problem =
      driver.nameProblem(context.fs, file, volume) ??
      (await driver.contentProblem(context, file, volume, signal));
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}
