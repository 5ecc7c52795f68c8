/** Whether a restore would be done, asked before anything is touched: the same questions that restore.ts asks itself. */
import { CiWarmError } from '../../model/failure.ts';
import type { RestoreRequest } from '../../ports/snapshots.ts';
import type { Context } from './context.ts';
import { foreignTo } from './identity.ts';
import { placesOf } from './layout.ts';
import { readPointed } from './manifest.ts';
import { verifyArchives } from './verify.ts';

/** See ports/snapshots.ts. */
export async function refusal(
  context: Context,
  { app, snapshotId, identity, volumes }: Omit<RestoreRequest, 'operation'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const places = placesOf(context.stateDir, app);
  try {
    const manifest = await readPointed(context, places);
    if (manifest === null) return `${app} has no snapshot`;
    if (manifest.id !== snapshotId) {
      return `the snapshot of ${app} is \`${manifest.id}\`, and \`${snapshotId}\` is asked for`;
    }
    const foreign = foreignTo(manifest, identity, volumes);
    if (foreign !== undefined) return `the snapshot is not of this app: ${foreign}`;
    const [problem] = await verifyArchives(context, places.link, manifest, signal);
    return problem;
  } catch (thrown) {
    if (thrown instanceof CiWarmError && thrown.code === 'snapshot-invalid') return thrown.message;
    throw thrown;
  }
}
