/** The alert files themselves: their names, where they stand, and what they hold. Which events were told is alert-ledger.ts's. */
import { basename, join } from 'node:path';
import type { Alert } from '../../model/alert.ts';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { unknown, type Known } from '../../model/known.ts';
import { ensureDirectory, writeFailure, writeFileAtomic } from './atomic-write.ts';
import { fileTime } from './file-time.ts';
import type { FileSystem } from './fs.ts';
import type { StateJson } from './state-json.ts';

export interface AlertPlace {
  readonly id: string;
  readonly seen: boolean;
}

export interface AlertFiles {
  /** Every alert that has a file, in order of id, which is that of time. */
  places(): readonly AlertPlace[];
  /** Never throws. */
  read(place: AlertPlace): Promise<Known<Alert>>;
  /** Under a new id, which it returns. Errors: `state-invalid`, `disk-full`, `tool-failed`. */
  write(alert: Alert): Promise<string>;
  /** Moves it to `seen/`; done already is fine. Errors: `state-invalid` when there is none of that id. */
  see(id: string): Promise<void>;
}

/** An id is a file name without `.json`: never a path. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const SUFFIX = '.json';

/** `directory`: `alerts/` in the state directory. Nothing is made before the first write. */
export function createAlertFiles(directory: string, json: StateJson, fs: FileSystem): AlertFiles {
  const seenDirectory = join(directory, 'seen');
  const pathOf = ({ id, seen }: AlertPlace): string =>
    join(seen ? seenDirectory : directory, id + SUFFIX);
  const isThere = (place: AlertPlace): boolean => fs.stat(pathOf(place)) !== undefined;

  return {
    places: () =>
      [
        ...idsIn(fs, directory).map((id) => ({ id, seen: false })),
        ...idsIn(fs, seenDirectory).map((id) => ({ id, seen: true })),
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    read: async (place) => {
      const path = pathOf(place);
      try {
        return json.decode('alert', path, await fs.read(path));
      } catch (error) {
        return unknown(`cannot read ${path}: ${reasonOf(error)}`);
      }
    },
    write: async (alert) => {
      const text = json.encode('alert', alert);
      await ensureDirectory(directory, fs);
      const isFree = (id: string): boolean =>
        !isThere({ id, seen: false }) && !isThere({ id, seen: true });
      const id = freeId(alert, isFree);
      await writeFileAtomic(pathOf({ id, seen: false }), text, { fs });
      return id;
    },
    see: async (id) => {
      const from = { id, seen: false };
      const to = { id, seen: true };
      if (!ID.test(id) || !(isThere(from) || isThere(to))) throw noSuchAlert(id, directory);
      if (!isThere(from)) return;
      await ensureDirectory(seenDirectory, fs);
      try {
        await fs.rename(pathOf(from), pathOf(to));
        await fs.syncDirectory(seenDirectory);
        await fs.syncDirectory(directory);
      } catch (error) {
        throw writeFailure(`cannot move the alert ${id} to ${seenDirectory}`, error);
      }
    },
  };
}

/** Two events of one kind may fall into one second, and an alert that was seen keeps its name. */
function freeId(alert: Alert, isFree: (id: string) => boolean): string {
  const name = `${fileTime(alert.at)}-${alert.app}-${alert.kind}`;
  const base = name.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  let id = base;
  for (let count = 2; !isFree(id); count += 1) id = `${base}-${count}`;
  return id;
}

function idsIn(fs: FileSystem, directory: string): readonly string[] {
  if (fs.stat(directory) === undefined) return [];
  return fs
    .list(directory)
    .filter(({ kind, name }) => kind === 'file' && name.endsWith(SUFFIX) && !name.startsWith('.'))
    .map(({ name }) => basename(name, SUFFIX))
    .filter((id) => ID.test(id));
}

function noSuchAlert(id: string, directory: string): CiWarmError {
  const message = `there is no alert ${JSON.stringify(id)} in ${directory}; \`ci-warm alerts\` lists them`;
  return new CiWarmError('state-invalid', message);
}
