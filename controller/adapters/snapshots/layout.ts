/**
 * Names and places of snapshots on disk. What a killed process left is recognised by these names alone, so nothing else
 * may use them.
 *
 *     <state>/<app>/snapshot                  link to .snapshots/<id>: the pointer, replaced by rename
 *     <state>/<app>/.snapshots/<id>/          manifest.json, and one archive a volume: a file or, of reflinks, a tree
 *     <state>/<app>/.snapshots/.staging-<id>  being written
 *
 * and beside a volume's data, because only a rename within one file system is atomic:
 *
 *     restoring-<operation>.partial           being unpacked
 *     restoring-<operation>.partial.names     what tar says meanwhile
 *     restoring-<operation>                   unpacked, verified and synced
 *     displaced-<operation>                   the data that a restore replaced
 *     aside-<operation>                       data that only a failed target made
 *     .trash-…                                being deleted
 *
 * A folder that holds nothing but a volume's data calls that `data` (ours) or `_data` (Docker's). Beside data of any
 * other name there may be other volumes, other apps' too: there each of these names begins with the data's.
 */
import { basename, dirname, join } from 'node:path';
import { CiWarmError } from '../../model/failure.ts';
import { parseAppName } from '../../model/names.ts';
import type { VolumePlace } from '../../model/snapshot.ts';
import type { WriteOptions } from '../files/atomic-write.ts';

/** The one door to the file system, handed in so that a test can stand in it. */
export type FileSystem = NonNullable<WriteOptions['fs']>;

const STAGING = '.staging-';
const RESTORING = 'restoring-';
const DISPLACED = 'displaced-';
const TRASH = '.trash-';
const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

export interface AppPlaces {
  readonly directory: string;
  /** The pointer. */
  readonly link: string;
  readonly snapshots: string;
  /** What the pointer holds for a snapshot: relative to the app's directory. */
  target(id: string): string;
  snapshot(id: string): string;
  staging(id: string): string;
}

/** Throws `state-invalid` for what is no app's name: such text must never become a path. */
export function placesOf(stateDir: string, app: string): AppPlaces {
  if (parseAppName(app) === undefined) throw unsafeName(app);
  const directory = join(stateDir, app);
  const snapshots = join(directory, '.snapshots');
  return {
    directory,
    link: join(directory, 'snapshot'),
    snapshots,
    target: (id) => join(basename(snapshots), safeName(id)),
    snapshot: (id) => join(snapshots, safeName(id)),
    staging: (id) => join(snapshots, `${STAGING}${safeName(id)}`),
  };
}

/** The names beside a volume's data. */
export interface Beside {
  /** The folder that holds the data. */
  readonly parent: string;
  /** What the names of this volume begin with. */
  readonly prefix: string;
}

export function besideOf({ path }: VolumePlace): Beside {
  const name = basename(path);
  const alone = name === 'data' || name === '_data';
  return { parent: dirname(path), prefix: alone ? '' : `${name}.` };
}

export interface RestorePlaces extends Beside {
  readonly data: string;
  readonly partial: string;
  readonly restoring: string;
  readonly displaced: string;
}

/** Where a restore of a volume works. */
export function restorePlaces(place: VolumePlace, operation: string): RestorePlaces {
  const beside = besideOf(place);
  const { parent, prefix } = beside;
  const restoring = join(parent, `${prefix}${RESTORING}${safeName(operation)}`);
  return {
    ...beside,
    data: place.path,
    partial: `${restoring}.partial`,
    restoring,
    displaced: join(parent, `${prefix}${DISPLACED}${operation}`),
  };
}

/** Where data of a volume goes that is set aside. */
export function asidePlace(place: VolumePlace, operation: string): string {
  const { parent, prefix } = besideOf(place);
  return join(parent, `${prefix}aside-${safeName(operation)}`);
}

/** The name under which a tree beside a volume's data waits for being deleted. */
export function trashName({ prefix }: Beside, name: string): string {
  return `${prefix}${TRASH}${name}`;
}

export function isTrash({ prefix }: Beside, name: string): boolean {
  return name.startsWith(`${prefix}${TRASH}`);
}

export function isDisplaced({ prefix }: Beside, name: string): boolean {
  return name.startsWith(`${prefix}${DISPLACED}`);
}

/** Of whatever operation, verified or not. */
export function isRestoring({ prefix }: Beside, name: string): boolean {
  return name.startsWith(`${prefix}${RESTORING}`);
}

export function isStaging(name: string): boolean {
  return name.startsWith(STAGING);
}

/** The name itself, where it can be one on disk. Throws `state-invalid`. */
export function safeName(name: string): string {
  if (!SAFE_NAME.test(name)) throw unsafeName(name);
  return name;
}

function unsafeName(name: string): CiWarmError {
  return new CiWarmError(
    'state-invalid',
    `${JSON.stringify(name)} cannot be a name on disk; nothing was touched`,
  );
}
