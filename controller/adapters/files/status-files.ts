/**
 * `status/`: what the controller says of every object, for people, scripts and the command line.
 *
 * Derived data: written whole, and only when it says something else than the file does; a file that somebody changed or
 * removed is written again. A damaged one is moved aside by the holder of the lock and written anew, because nothing is
 * decided from it.
 */
import { join } from 'node:path';
import type { ObjectStatus } from '../../model/condition.ts';
import { digestOf } from '../../model/digest.ts';
import type { ControllerStatus } from '../../model/state-file.ts';
import type { Log } from '../../ports/log.ts';
import { ensureDirectory, removeFile, writeFileAtomic } from './atomic-write.ts';
import { sameStamp, type FileStamp, type FileSystem } from './fs.ts';
import { setAside } from './set-aside.ts';
import type { StateJson } from './state-json.ts';

export interface StatusFiles {
  /** The whole set: files of objects that are not in it are removed. Writes nothing when nothing changed. */
  write(statuses: readonly ObjectStatus[], index: unknown): Promise<void>;
  /** Written each time. */
  writeController(controller: ControllerStatus): Promise<void>;
  /** Of every object that has one, in order of kind and name. */
  read(): Promise<readonly ObjectStatus[]>;
}

export interface StatusFilesOptions {
  readonly stateDir: string;
  readonly json: StateJson;
  readonly fs: FileSystem;
  readonly log: Log;
  /** RFC 3339; for the names of damaged files. */
  readonly now: () => string;
  readonly holdsLock: boolean;
}

interface Written {
  readonly text: string;
  readonly stamp: FileStamp | undefined;
}

const SAFE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

export function createStatusFiles(options: StatusFilesOptions): StatusFiles {
  const { stateDir, json, fs } = options;
  const directory = join(stateDir, 'status');
  const indexPath = join(directory, 'index.json');
  const onDisk = new Map<string, Written>();
  const texts = new WeakMap<ObjectStatus, string>();

  const put = async (path: string, text: string): Promise<void> => {
    const stamp = fs.stat(path);
    const known = onDisk.get(path) ?? (await load(fs, path, stamp));
    if (known?.text === text && sameStamp(known.stamp, stamp)) {
      onDisk.set(path, known);
      return;
    }
    await ensureDirectory(join(path, '..'), fs);
    await writeFileAtomic(path, text, { fs });
    onDisk.set(path, { text, stamp: fs.stat(path) });
  };

  const textOf = (status: ObjectStatus): string => {
    const text = texts.get(status) ?? json.encode('object-status', status);
    texts.set(status, text);
    return text;
  };

  return {
    write: async (statuses, index) => {
      const wanted = new Map(
        statuses.map((status) => [pathOf(directory, status), textOf(status)] as const),
      );
      for (const [path, text] of wanted) await put(path, text);
      await put(indexPath, json.encode('status-index', index));
      for (const path of statusPaths(fs, directory)) {
        if (wanted.has(path)) continue;
        await removeFile(path, fs);
        onDisk.delete(path);
      }
    },
    writeController: async (controller) => {
      await ensureDirectory(directory, fs);
      const text = json.encode('controller', controller);
      await writeFileAtomic(join(directory, 'controller.json'), text, { fs });
    },
    read: async () => {
      const statuses: ObjectStatus[] = [];
      for (const path of statusPaths(fs, directory)) {
        const status = await readStatus(options, path);
        if (status !== undefined) statuses.push(status);
      }
      return statuses;
    },
  };
}

async function load(
  fs: FileSystem,
  path: string,
  stamp: FileStamp | undefined,
): Promise<Written | undefined> {
  if (stamp?.kind !== 'file') return undefined;
  return { text: (await fs.read(path)).toString(), stamp };
}

async function readStatus(
  { json, fs, log, now, holdsLock }: StatusFilesOptions,
  path: string,
): Promise<ObjectStatus | undefined> {
  // Removed since it was listed: its object is gone.
  if (fs.stat(path) === undefined) return undefined;
  const status = json.decode('object-status', path, await fs.read(path));
  if (status.known) return status.value;
  log.warn('a status file cannot be read', { path, reason: status.why });
  if (holdsLock) await setAside(fs, path, now());
  return undefined;
}

function statusPaths(fs: FileSystem, directory: string): readonly string[] {
  if (fs.stat(directory) === undefined) return [];
  return fs
    .list(directory)
    .filter(({ kind }) => kind === 'directory')
    .map(({ name }) => join(directory, name))
    .flatMap((folder) =>
      fs
        .list(folder)
        .filter(({ name }) => name.endsWith('.json') && !name.startsWith('.'))
        .map(({ name }) => join(folder, name)),
    )
    .sort();
}

/** An object that cannot be used may have a name that is no file name: it goes by a digest of it. */
function pathOf(directory: string, { kind, name }: ObjectStatus): string {
  const file = SAFE_NAME.test(name) ? name : `unnameable-${digestOf(name).slice(7, 19)}`;
  return join(directory, kind.toLowerCase(), `${file}.json`);
}
