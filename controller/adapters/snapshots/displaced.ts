/** What restores and failed targets leave beside a volume's data: kept until it is told to go, and deleted in two steps. */
import { join } from 'node:path';
import type { VolumePlace } from '../../model/snapshot.ts';
import { writeFailure } from '../files/atomic-write.ts';
import type { Context } from './context.ts';
import {
  asidePlace,
  besideOf,
  isDisplaced,
  isRestoring,
  isTrash,
  trashName,
  type Beside,
} from './layout.ts';

/** See ports/snapshots.ts. */
export async function dropDisplaced(
  context: Context,
  volumes: readonly VolumePlace[],
  signal: AbortSignal,
): Promise<void> {
  for (const place of volumes) {
    const beside = besideOf(place);
    const which = (name: string): boolean => isDisplaced(beside, name) || isRestoring(beside, name);
    await deleteBeside(context, beside, which, signal);
  }
}

/** See ports/snapshots.ts. What is not there has been moved already. */
export async function setAside(
  { fs }: Context,
  operation: string,
  volumes: readonly VolumePlace[],
): Promise<void> {
  for (const place of volumes) {
    if (fs.lstat(place.path) === undefined) continue;
    const { parent } = besideOf(place);
    const first = asidePlace(place, operation);
    // Nothing is replaced: a name that is taken by data of the same operation is left to it.
    let aside = first;
    for (let more = 2; fs.lstat(aside) !== undefined; more += 1) aside = `${first}.${more}`;
    try {
      await fs.rename(place.path, aside);
      await fs.syncDirectory(parent);
    } catch (error) {
      throw writeFailure(`setting the data of volume ${place.volume} aside`, error);
    }
  }
}

/**
 * Deletes trees beside a volume's data. Each gets another name first, so that no half-deleted tree ever has a name
 * that a restore goes by. Leftovers of an earlier deletion go too. May be repeated.
 */
export async function deleteBeside(
  { fs, trees }: Context,
  beside: Beside,
  which: (name: string) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const { parent } = beside;
  if (fs.lstat(parent) === undefined) return;
  await emptyTrash();
  try {
    const names = fs.list(parent).map(({ name }) => name);
    for (const name of names.filter(which)) {
      await fs.rename(join(parent, name), join(parent, trashName(beside, name)));
    }
    if (names.some(which)) await fs.syncDirectory(parent);
  } catch (error) {
    throw writeFailure(`deleting what is no longer needed in ${parent}`, error);
  }
  await emptyTrash();

  async function emptyTrash(): Promise<void> {
    for (const { name } of fs.list(parent)) {
      if (isTrash(beside, name)) await trees.deleteTree(join(parent, name), signal);
    }
  }
}
