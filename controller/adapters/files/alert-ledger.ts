/**
 * Which events were told already: the ledger and the alert files together (A1).
 *
 * An alert's file is written first and the ledger second. A kill in between leaves a file that the ledger does not know;
 * it is taken up when the ledger is opened, so the event is not told twice. The other way round there is no file, and
 * the event is told. The ledger alone remembers two things: events whose files people removed, and events that are over
 * although their file is still there. Losing it costs no more than these.
 */
import { join } from 'node:path';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import type { AlertLedgerEntry } from '../../model/state-file.ts';
import type { Log } from '../../ports/log.ts';
import type { AlertFiles } from './alert-files.ts';
import { writeFileAtomic } from './atomic-write.ts';
import type { FileSystem } from './fs.ts';
import { setAside } from './set-aside.ts';
import type { StateJson } from './state-json.ts';

export interface AlertLedger {
  isTold(fingerprint: string): boolean;
  /** The alert's file is there; now the event counts as told. Never fails: what cannot be saved is saved later. */
  told(entry: AlertLedgerEntry): Promise<void>;
  /** The app's holds, and what desired state was wrong with, that are not in `active` are over and may be told again. Never fails either. */
  settleHolds(app: string, active: readonly string[]): Promise<void>;
  /** What was told and is not over; in order of id. */
  current(): readonly AlertLedgerEntry[];
  /** These are over. Never fails. */
  end(ids: readonly string[]): Promise<void>;
}

export interface AlertLedgerOptions {
  /** The directory of the alert files. */
  readonly directory: string;
  readonly json: StateJson;
  readonly fs: FileSystem;
  readonly log: Log;
  /** RFC 3339; for the names of damaged files. */
  readonly now: () => string;
  readonly files: AlertFiles;
}

/** How many events are remembered; beyond that the oldest are forgotten. */
const LEDGER_ENTRIES_MAX = 5000;

/** Reads what is there. Errors: `state-invalid` when the ledger cannot be read at all. */
export async function openAlertLedger(options: AlertLedgerOptions): Promise<AlertLedger> {
  const { directory, json, fs, log, files } = options;
  const path = join(directory, '.ledger.json');
  const loaded = await load(options, path);
  let book = bookOf(await takeUp(options, loaded));
  let isSaved = book.entries.length === loaded.length;

  const save = async (): Promise<void> => {
    try {
      await writeFileAtomic(path, json.encode('alert-ledger', { alerts: book.entries }), { fs });
      isSaved = true;
    } catch (error) {
      isSaved = false;
      log.warn('could not save the ledger of alerts', { path, reason: reasonOf(error) });
    }
  };

  /** Marks what is over, and saves if there is anything to save. */
  const settle = async (over: ReadonlySet<AlertLedgerEntry>): Promise<void> => {
    if (over.size > 0) {
      // An event that is over is kept as long as its file is there, lest that be taken up at the next start.
      const kept = new Set(files.places().map(({ id }) => id));
      const entries = book.entries
        .map((entry) => (over.has(entry) ? { ...entry, settled: true } : entry))
        .filter((entry) => !entry.settled || kept.has(entry.id));
      book = bookOf(entries);
    }
    if (over.size > 0 || !isSaved) await save();
  };

  return {
    isTold: (fingerprint) => book.told.has(fingerprint),
    told: async (entry) => {
      book = bookOf([...book.entries, entry].slice(-LEDGER_ENTRIES_MAX));
      await save();
    },
    settleHolds: async (app, active) => {
      const holds = book.holds.get(app) ?? [];
      await settle(new Set(holds.filter(({ fingerprint }) => !active.includes(fingerprint))));
    },
    current: () =>
      book.entries
        .filter(({ settled }) => !settled)
        .sort((one, other) => (one.id < other.id ? -1 : 1)),
    end: async (ids) => {
      await settle(new Set(book.entries.filter(({ id, settled }) => !settled && ids.includes(id))));
    },
  };
}

interface Book {
  readonly entries: readonly AlertLedgerEntry[];
  /** Fingerprints of what was told and is not over. */
  readonly told: ReadonlySet<string>;
  /** Holds that were told and are not over, by app. */
  readonly holds: ReadonlyMap<string, readonly AlertLedgerEntry[]>;
}

function bookOf(entries: readonly AlertLedgerEntry[]): Book {
  const current = entries.filter(({ settled }) => !settled);
  return {
    entries,
    told: new Set(current.map(({ fingerprint }) => fingerprint)),
    holds: Map.groupBy(
      // What desired state is wrong with lasts and ends, as a hold does.
      current.filter(({ kind }) => kind.startsWith('held-') || kind.startsWith('desired-')),
      ({ app }) => app,
    ),
  };
}

async function load(
  { json, fs, log, now }: AlertLedgerOptions,
  path: string,
): Promise<readonly AlertLedgerEntry[]> {
  try {
    if (fs.stat(path) === undefined) return [];
    const ledger = json.decode('alert-ledger', path, await fs.read(path));
    if (ledger.known) return ledger.value.alerts;
    const aside = await setAside(fs, path, now());
    log.warn('the ledger of alerts is damaged and is made anew from the alert files', {
      path: aside,
      reason: ledger.why,
    });
    return [];
  } catch (error) {
    const hint = 'without it an alert could be told twice; see that it is a readable file';
    const message = `cannot read ${path}: ${reasonOf(error)}; ${hint}`;
    throw new CiWarmError('state-invalid', message, error);
  }
}

/** Adds the alerts whose files the ledger does not know. */
async function takeUp(
  { files, log }: AlertLedgerOptions,
  entries: readonly AlertLedgerEntry[],
): Promise<readonly AlertLedgerEntry[]> {
  const known = new Set(entries.map(({ id }) => id));
  const taken: AlertLedgerEntry[] = [];
  for (const place of files.places()) {
    const { id } = place;
    if (known.has(id)) continue;
    const alert = await files.read(place);
    if (!alert.known) {
      log.warn('an alert file cannot be read', { id, reason: alert.why });
      continue;
    }
    const { app, kind, fingerprint } = alert.value;
    taken.push({ id, app, kind, fingerprint, settled: false });
  }
  return [...entries, ...taken];
}
