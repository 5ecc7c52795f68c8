/** The alert files themselves: their names, where they stand, and what they hold. Which events were told is alert-ledger.ts's. */
import { basename, join } from 'node:path';
import type { Alert } from '../../model/alert.ts';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { unknown, type Known } from '../../model/known.ts';
import { ensureDirectory, writeFailure, writeFileAtomic } from './atomic-write.ts';
import { fileTime } from './file-time.ts';
import type { AlertPlace } from '../../ports/alert-outbox.ts';
import type { FileSystem } from './fs.ts';
import type { StateJson } from './state-json.ts';

export interface AlertFiles {
  /** Every alert that has a file, in order of id, which is that of time. */
  places(): readonly AlertPlace[];
  /** Never throws. */
  read(place: Omit<AlertPlace, 'acknowledged'>): Promise<Known<Alert>>;
  /** Under a new id, which it returns. Errors: `state-invalid`, `disk-full`, `tool-failed`. */
  write(alert: Alert): Promise<string>;
  /** Moves it to `seen/`; done already is fine. Errors: `state-invalid` when there is none of that id. */
  see(id: string): Promise<void>;
  /** The same, and marks it: a person did so. */
  acknowledge(id: string): Promise<void>;
}

/** An id is a file name without `.json`: never a path. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const SUFFIX = '.json';
/** In `seen/`: `.<id>.acknowledged`, an empty file. That a file lies in `seen/` does not say who put it there. */
const MARK = /^\.(?<id>[A-Za-z0-9][A-Za-z0-9_-]*)\.acknowledged$/;

/** `directory`: `alerts/` in the state directory. Nothing is made before the first write. */
export function createAlertFiles(directory: string, json: StateJson, fs: FileSystem): AlertFiles {
  const seenDirectory = join(directory, 'seen');
  const pathOf = ({ id, seen }: Place): string =>
    join(seen ? seenDirectory : directory, id + SUFFIX);
  const isThere = (place: Place): boolean => fs.stat(pathOf(place)) !== undefined;
  const isAnywhere = (id: string): boolean =>
    isThere({ id, seen: false }) || isThere({ id, seen: true });
  const mustBeThere = (id: string): void => {
    if (!ID.test(id) || !isAnywhere(id)) throw noSuchAlert(id, directory);
  };
  const see = async (id: string): Promise<void> => {
    mustBeThere(id);
    const from = { id, seen: false };
    if (!isThere(from)) return;
    await ensureDirectory(seenDirectory, fs);
    try {
      await fs.rename(pathOf(from), pathOf({ id, seen: true }));
      await fs.syncDirectory(seenDirectory);
      await fs.syncDirectory(directory);
    } catch (error) {
      throw writeFailure(`cannot move the alert ${id} to ${seenDirectory}`, error);
    }
  };

  return {
    places: () => {
      const marked = new Set(
        namesIn(fs, seenDirectory).map((name) => MARK.exec(name)?.groups?.['id']),
      );
      const placesIn = (folder: string, seen: boolean): readonly AlertPlace[] =>
        idsIn(fs, folder).map((id) => ({ id, seen, acknowledged: marked.has(id) }));
      return [...placesIn(directory, false), ...placesIn(seenDirectory, true)].sort((a, b) =>
        a.id < b.id ? -1 : 1,
      );
    },
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
      const id = freeId(alert, (free) => !isAnywhere(free));
      await writeOrTakeBack(pathOf({ id, seen: false }), text, fs);
      return id;
    },
    see,
    acknowledge: async (id) => {
      mustBeThere(id);
      await ensureDirectory(seenDirectory, fs);
      // The mark first: a kill in between leaves an alert that nobody is told of any more, and that can be read again.
      await writeFileAtomic(join(seenDirectory, `.${id}.acknowledged`), '', { fs });
      await see(id);
    },
  };
}

type Place = Omit<AlertPlace, 'acknowledged'>;

/** A file may be there although writing it failed, and the next attempt would put a second one beside it (A1). */
async function writeOrTakeBack(path: string, text: string, fs: FileSystem): Promise<void> {
  try {
    await writeFileAtomic(path, text, { fs });
  } catch (error) {
    await fs.unlink(path).catch(() => undefined);
    throw error;
  }
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
  return namesIn(fs, directory)
    .filter((name) => name.endsWith(SUFFIX) && !name.startsWith('.'))
    .map((name) => basename(name, SUFFIX))
    .filter((id) => ID.test(id));
}

function namesIn(fs: FileSystem, directory: string): readonly string[] {
  if (fs.stat(directory) === undefined) return [];
  return fs
    .list(directory)
    .filter(({ kind }) => kind === 'file')
    .map(({ name }) => name);
}

function noSuchAlert(id: string, directory: string): CiWarmError {
  const message = `there is no alert ${JSON.stringify(id)} in ${directory}; \`ci-warm alerts\` lists them`;
  return new CiWarmError('state-invalid', message);
}
