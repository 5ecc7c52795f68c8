/**
 * The state directory as the rest of the program sees it (ports/state-store.ts): each app's records, the journal, and
 * what is told about every object. Put together from one file each for a journal, an app's record and the status tree.
 *
 * Only the holder of the lock writes. A store without it reads, repairs nothing and refuses to write.
 */
import { CiWarmError } from '../../model/failure.ts';
import { unknown, type Known } from '../../model/known.ts';
import type { AppRecord } from '../../model/record.ts';
import type { CheckState, StateFiles } from '../../model/state-file.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { StateStore } from '../../ports/state-store.ts';
import { appPaths, isAppName, type AppPaths } from './app-files.ts';
import { createAppRecordReader, type AppRecordReader } from './app-record.ts';
import {
  CLOSED_FILE,
  ensureDirectory,
  removeFile,
  writeFailure,
  writeFileAtomic,
} from './atomic-write.ts';
import { forgetApp } from './forget-app.ts';
import { nodeFileSystem, type FileSystem } from './fs.ts';
import { createJournal, type Journal } from './journal.ts';
import { createSerial } from './serial.ts';
import { createStateJson, type StateJson } from './state-json.ts';
import { createStatusFiles } from './status-files.ts';

export interface StateStoreOptions {
  /** Absolute. */
  readonly stateDir: string;
  readonly check: CheckState;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** What desired/ is now, for `observedRevision`; empty text before it was read for the first time. */
  readonly revision: () => string;
  /** Whether this process holds `lock`. */
  readonly holdsLock: boolean;
  /** No controller has made the directory yet: nothing is remembered, which is then not the same as not known. */
  readonly isNew?: boolean;
  readonly fs?: FileSystem;
}

interface AppFiles {
  readonly paths: AppPaths;
  readonly journal: Journal;
  readonly record: AppRecordReader;
}

export function createStateStore(options: StateStoreOptions): StateStore {
  const { stateDir, clock, revision, holdsLock, check, log, isNew = false } = options;
  const fs = options.fs ?? nodeFileSystem;
  const json = createStateJson(check, revision);
  const known = new Map<string, AppFiles>();
  const filesOf = createAppFiles({ ...options, fs }, json, known);
  const now = (): string => new Date(clock.now()).toISOString();
  const status = createStatusFiles({ stateDir, json, fs, log, now, holdsLock });

  const writing = createWriting(stateDir, holdsLock);

  /** A file that is there only while it says something. */
  const writeOptional = <Kind extends 'quarantine' | 'request' | 'orphan'>(
    app: string,
    kind: Kind,
    value: StateFiles[Kind] | null,
  ): Promise<void> =>
    writing(app, async () => {
      const { paths } = filesOf(app);
      if (value === null) return removeFile(paths[kind], fs);
      const text = json.encode(kind, value);
      await ensureDirectory(paths.directory, fs);
      return writeFileAtomic(paths[kind], text, { fs });
    });

  return {
    records: async (apps) => {
      const why = isNew ? undefined : stateDirectoryTrouble(fs, stateDir);
      const records = new Map<string, Known<AppRecord>>();
      for (const app of apps) {
        records.set(app, why === undefined ? await filesOf(app).record.read() : unknown(why));
      }
      return records;
    },
    apps: () => Promise.resolve().then(() => (isNew ? [] : listApps(fs, stateDir))),
    append: (record) => writing(record.app, () => filesOf(record.app).journal.append(record)),
    writeLastGood: (app, lastGood) =>
      writing(app, async () => {
        const { paths } = filesOf(app);
        const text = json.encode('last-good', lastGood);
        await ensureDirectory(paths.directory, fs);
        await writeFileAtomic(paths.lastGood, text, { fs, mode: CLOSED_FILE });
        await writeFileAtomic(paths.lastGoodText, `${lastGood.version}\n`, { fs });
      }),
    writeQuarantine: (app, value) => writeOptional(app, 'quarantine', value),
    writeRequest: (app, value) => writeOptional(app, 'request', value),
    writeOrphan: (app, value) => writeOptional(app, 'orphan', value),
    forget: (app) =>
      writing(app, async () => {
        const { paths } = filesOf(app);
        // What is remembered of its files is worth nothing, whether they went or only some of them did.
        known.delete(app);
        await forgetApp(stateDir, app, paths, fs);
      }),
    writeStatuses: (statuses, index) => writing('status', () => status.write(statuses, index)),
    writeController: (controller) => writing('status', () => status.writeController(controller)),
    readStatuses: () => status.read(),
  };
}

/** Writes of one app, and those of the status tree, one after the other. */
function createWriting(
  stateDir: string,
  holdsLock: boolean,
): <T>(key: string, write: () => Promise<T>) => Promise<T> {
  const serial = createSerial();
  return (key, write) => {
    const task = (): ReturnType<typeof write> =>
      write().catch((error: unknown) => {
        // Whoever writes looks first, and that may fail, too.
        throw writeFailure(`cannot write to ${stateDir}`, error);
      });
    return holdsLock ? serial(key, task) : Promise.reject(withoutLock(stateDir));
  };
}

/** Kept in `known` until an app is forgotten: one that leaves and comes back is recognised as unchanged. */
function createAppFiles(
  options: StateStoreOptions & { readonly fs: FileSystem },
  json: StateJson,
  known: Map<string, AppFiles>,
): (app: string) => AppFiles {
  const { stateDir, check, fs, log, holdsLock } = options;
  return (app) => {
    const before = known.get(app);
    if (before !== undefined) return before;
    const paths = appPaths(stateDir, app);
    const journal = createJournal({ path: paths.journal, app, check, fs, log });
    const record = createAppRecordReader({ paths, journal, json, fs, log, holdsLock });
    const files = { paths, journal, record };
    known.set(app, files);
    return files;
  };
}

/** Without its directory nothing is known, which is not the same as that there is nothing (L1). */
function stateDirectoryTrouble(fs: FileSystem, stateDir: string): string | undefined {
  try {
    if (fs.stat(stateDir)?.kind === 'directory') return undefined;
    return `there is no state directory ${stateDir}; see that it is mounted and that --state is right`;
  } catch (error) {
    return `cannot look at the state directory ${stateDir}: ${String(error)}`;
  }
}

function listApps(fs: FileSystem, stateDir: string): readonly string[] {
  const why = stateDirectoryTrouble(fs, stateDir);
  if (why !== undefined) throw new CiWarmError('no-answer', why);
  return fs
    .list(stateDir)
    .filter(({ name, kind }) => kind === 'directory' && isAppName(name))
    .map(({ name }) => name)
    .sort();
}

function withoutLock(stateDir: string): CiWarmError {
  const message = `will not write to ${stateDir} without holding its lock; this is a mistake in ci-warm, please report it`;
  return new CiWarmError('state-invalid', message);
}
