/**
 * What the state directory says of one app, put together from its files.
 *
 * `last_good.json` is the commit point and `last_good` follows it, so a kill between the two leaves the text behind the
 * JSON: the holder of the lock puts that right when it reads. The text without the JSON is no such trace: the way back
 * is gone, and that is Unknown, never "there was none".
 */
import type { JournalView } from '../../model/journal-fold.ts';
import { known, unknown, type Known } from '../../model/known.ts';
import { reasonOf } from '../../model/failure.ts';
import type { AppRecord } from '../../model/record.ts';
import type { Orphan } from '../../model/orphan.ts';
import type { LastGood, Quarantine } from '../../model/release.ts';
import type { AppRequest } from '../../model/request.ts';
import type { SnapshotManifest } from '../../model/snapshot.ts';
import type { StateFileKind, StateFiles } from '../../model/state-file.ts';
import type { Log } from '../../ports/log.ts';
import type { AppPaths } from './app-files.ts';
import { writeFileAtomic } from './atomic-write.ts';
import type { FileSystem } from './fs.ts';
import type { Journal } from './journal.ts';
import { createStampedFile, type StampedFile } from './stamped-file.ts';
import { damaged, type StateJson } from './state-json.ts';

export interface AppRecordReader {
  /** The same object as before while no file of the app has changed. Never throws. */
  read(): Promise<Known<AppRecord>>;
}

export interface AppRecordOptions {
  readonly paths: AppPaths;
  readonly journal: Journal;
  readonly json: StateJson;
  readonly fs: FileSystem;
  readonly log: Log;
  /** Only the holder of the lock repairs what a kill left half done. */
  readonly holdsLock: boolean;
}

interface Parts {
  readonly lastGood: Known<LastGood | null>;
  readonly quarantine: Known<Quarantine | null>;
  readonly request: Known<AppRequest | null>;
  readonly orphan: Known<Orphan | null>;
  readonly journal: Known<JournalView>;
  readonly snapshot: Known<SnapshotManifest | null>;
  readonly text: Known<string | null>;
}

export function createAppRecordReader(options: AppRecordOptions): AppRecordReader {
  const { paths, journal, fs } = options;
  const none = known(null);
  const lastGood = jsonFile(options, 'last-good', paths.lastGood, () => none);
  const quarantine = jsonFile(options, 'quarantine', paths.quarantine, () => none);
  const request = jsonFile(options, 'request', paths.request, () => none);
  const orphan = jsonFile(options, 'orphan', paths.orphan, () => none);
  const snapshot = jsonFile(options, 'snapshot-manifest', paths.manifest, () =>
    noManifest(fs, paths),
  );
  const text = createStampedFile<string | null>({
    path: paths.lastGoodText,
    fs,
    parse: (content) => known(content.toString().trim()),
    absent: () => none,
  });
  let last: { readonly parts: Parts; readonly record: Known<AppRecord> } | undefined;

  return {
    read: async () => {
      const parts: Parts = {
        lastGood: await lastGood.read(),
        quarantine: await quarantine.read(),
        request: await request.read(),
        orphan: await orphan.read(),
        journal: await journal.read(),
        snapshot: await snapshot.read(),
        text: await text.read(),
      };
      if (last !== undefined && sameParts(last.parts, parts)) return last.record;
      await followLastGood(options, parts);
      last = { parts, record: recordOf(paths, parts) };
      return last.record;
    },
  };
}

function recordOf(paths: AppPaths, parts: Parts): Known<AppRecord> {
  const { lastGood, quarantine, request, orphan, journal, snapshot, text } = parts;
  if (!lastGood.known) return lastGood;
  if (!quarantine.known) return quarantine;
  if (!request.known) return request;
  if (!orphan.known) return orphan;
  if (!journal.known) return journal;
  if (lastGood.value === null && text.known && text.value !== null) {
    const wayOut = `put it back, or remove ${paths.lastGoodText} too if there is no way back to keep`;
    return unknown(
      `${paths.lastGood} is gone, although ${paths.lastGoodText} says ${text.value}: ${wayOut}`,
    );
  }
  return known({
    lastGood: lastGood.value,
    quarantine: quarantine.value,
    request: request.value,
    orphan: orphan.value,
    open: journal.value.open,
    history: journal.value.history,
    frozen: journal.value.frozen,
    snapshot,
  });
}

async function followLastGood(options: AppRecordOptions, parts: Parts): Promise<void> {
  const { lastGood, text } = parts;
  if (!options.holdsLock || !lastGood.known || lastGood.value === null || !text.known) return;
  if (text.value === lastGood.value.version) return;
  const { paths, fs, log } = options;
  try {
    await writeFileAtomic(paths.lastGoodText, `${lastGood.value.version}\n`, { fs });
    log.info('last_good follows last_good.json again', { path: paths.lastGoodText });
  } catch (error) {
    // The JSON is what counts; the text is tried again when a file of the app changes, and at the next start.
    log.warn('could not write last_good', {
      path: paths.lastGoodText,
      reason: reasonOf(error),
    });
  }
}

/** No manifest: there never was a snapshot, unless something of that name is there. */
function noManifest(fs: FileSystem, paths: AppPaths): Known<null> {
  if (fs.lstat(paths.snapshot) === undefined) return known(null);
  return unknown(damaged(paths.snapshot, 'it leads to no manifest.json'));
}

function jsonFile<Kind extends StateFileKind>(
  { json, fs }: AppRecordOptions,
  kind: Kind,
  path: string,
  absent: () => Known<null>,
): StampedFile<StateFiles[Kind] | null> {
  return createStampedFile<StateFiles[Kind] | null>({
    path,
    fs,
    parse: (content) => json.decode(kind, path, content),
    absent,
  });
}

function sameParts(a: Parts, b: Parts): boolean {
  return (
    a.lastGood === b.lastGood &&
    a.quarantine === b.quarantine &&
    a.request === b.request &&
    a.orphan === b.orphan &&
    a.journal === b.journal &&
    a.snapshot === b.snapshot &&
    a.text === b.text
  );
}
