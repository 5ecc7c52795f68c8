/** What restores and failed targets leave beside a volume's data: kept until it is told to go, and deleted in two steps. */
import { basename, join } from 'node:path';
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

/** See ports/snapshots.ts. */
export async function dropData(
  context: Context,
  volumes: readonly VolumePlace[],
  signal: AbortSignal,
): Promise<void> {
  for (const place of volumes) {
    const data = basename(place.path);
    await deleteBeside(context, besideOf(place), (name) => name === data, signal);
  }
}

/** See ports/snapshots.ts. What is not there has been moved already. */
export async function setAside(
  context: Context,
  operation: string,
  volumes: readonly VolumePlace[],
): Promise<void> {
  for (const place of volumes) {
    try {
      await setOneAside(context, operation, place);
    } catch (error) {
      throw writeFailure(`setting the data of volume ${place.volume} aside`, error);
    }
  }
}

async function setOneAside({ fs }: Context, operation: string, place: VolumePlace): Promise<void> {
  const { parent } = besideOf(place);
  if (fs.lstat(place.path) === undefined) {
    // Who moved it may not have lived to sync that.
    if (fs.lstat(parent) !== undefined) await fs.syncDirectory(parent);
    return;
  }
  const first = asidePlace(place, operation);
  // Nothing is replaced: a name that is taken by data of the same operation is left to it.
  let aside = first;
  for (let more = 2; fs.lstat(aside) !== undefined; more += 1) aside = `${first}.${more}`;
  await fs.rename(place.path, aside);
  await fs.syncDirectory(parent);
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
  try {
    if (fs.lstat(parent) === undefined) return;
    await emptyTrash();
    for (const { name } of fs.list(parent).filter((entry) => which(entry.name))) {
      await fs.rename(join(parent, name), join(parent, trashName(beside, name)));
    }
    await emptyTrash();
  } catch (error) {
    throw writeFailure(`deleting what is no longer needed in ${parent}`, error);
  }

  async function emptyTrash(): Promise<void> {
    const trash = fs.list(parent).filter(({ name }) => isTrash(beside, name));
    // A power cut must not bring back its old name: that is synced, whoever gave it the new one.
    if (trash.length > 0) await fs.syncDirectory(parent);
    for (const { name } of trash) await trees.deleteTree(join(parent, name), signal);
  }
}
