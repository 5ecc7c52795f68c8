/**
 * The state directory as anybody could read it from its files, at any moment and through no door: what the rules go by.
 * Of a file that cannot be read, what it said before counts, and that it is damaged.
 */
import type { Alert } from '../../controller/model/alert.ts';
import type { ObjectStatus } from '../../controller/model/condition.ts';
import { emptyJournal, foldRecord, type JournalView } from '../../controller/model/journal-fold.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import type { LastGood, Quarantine } from '../../controller/model/release.ts';
import { stateDir } from './disk.ts';
import type { FileNode, SimFileSystem } from './file-system.ts';

/** What the state directory holds of one app. */
export interface AppFiles {
  readonly lastGood: LastGood | null;
  readonly quarantine: Quarantine | null;
  readonly view: JournalView;
  /** In the order of the journal, each once. */
  readonly records: readonly JournalRecord[];
}

interface Seen<T> {
  content: Buffer | undefined;
  value: T;
}

interface SeenApp {
  at: number;
  readonly lastGood: Seen<LastGood | null>;
  readonly quarantine: Seen<Quarantine | null>;
  readonly journal: Seen<JournalView>;
  records: JournalRecord[];
  files: AppFiles;
}

export interface SeenAlert {
  readonly id: string;
  readonly alert: Alert;
}

export class StateDirectory {
  readonly #files: SimFileSystem;
  readonly #apps = new Map<string, SeenApp>();
  readonly #statuses = new Map<string, Seen<ObjectStatus | undefined>>();
  readonly #alerts = new Map<FileNode, SeenAlert | undefined>();

  constructor(files: SimFileSystem) {
    this.#files = files;
  }

  of(app: string): AppFiles {
    const seen = this.#apps.get(app) ?? newlySeen();
    this.#apps.set(app, seen);
    const version = this.#files.versionOf(app);
    if (seen.at === version) return seen.files;
    seen.at = version;
    const isNew = [
      this.#look(seen.lastGood, `${stateDir}/${app}/last_good.json`, parse<LastGood>, null),
      this.#look(seen.quarantine, `${stateDir}/${app}/quarantine.json`, parse<Quarantine>, null),
      this.#readJournal(seen, `${stateDir}/${app}/journal.jsonl`),
    ];
    if (!isNew.includes(true)) return seen.files;
    seen.files = {
      lastGood: seen.lastGood.value,
      quarantine: seen.quarantine.value,
      view: seen.journal.value,
      records: seen.records,
    };
    return seen.files;
  }

  /** Of every object that has one. */
  get statuses(): readonly ObjectStatus[] {
    const kinds = this.#files.directory(`${stateDir}/status`)?.names ?? [];
    return [...kinds].flatMap(([kind, folder]) =>
      folder.kind === 'directory'
        ? [...folder.names.keys()].flatMap((name) => this.#status(`${kind}/${name}`) ?? [])
        : [],
    );
  }

  statusOf(app: string): ObjectStatus | undefined {
    return this.#status(`warmapp/${app}.json`);
  }

  #status(path: string): ObjectStatus | undefined {
    const seen = this.#statuses.get(path) ?? { content: undefined, value: undefined };
    this.#statuses.set(path, seen);
    this.#look(seen, `${stateDir}/status/${path}`, parse<ObjectStatus>, undefined);
    return seen.value;
  }

  /** Every alert that has a file, oldest first. */
  get alerts(): readonly SeenAlert[] {
    const found: SeenAlert[] = [];
    for (const path of [`${stateDir}/alerts`, `${stateDir}/alerts/seen`]) {
      for (const [name, node] of this.#files.directory(path)?.names ?? []) {
        if (node.kind !== 'file' || name.startsWith('.') || !name.endsWith('.json')) continue;
        if (!this.#alerts.has(node)) {
          const alert = parse<Alert>(node.content);
          this.#alerts.set(node, alert === undefined ? undefined : { id: name, alert });
        }
        const seen = this.#alerts.get(node);
        if (seen !== undefined) found.push(seen);
      }
    }
    return found;
  }

  /** Says whether the file is another than at the last look. */
  #look<T>(
    seen: Seen<T>,
    path: string,
    read: (content: Buffer) => T | undefined,
    none: T,
  ): boolean {
    const content = this.#files.file(path)?.content;
    if (content === seen.content) return false;
    seen.content = content;
    const value = content === undefined ? none : read(content);
    if (value === undefined && content !== undefined) return false;
    seen.value = value as T;
    return true;
  }

  #readJournal(seen: SeenApp, path: string): boolean {
    const { journal } = seen;
    const content = this.#files.file(path)?.content;
    if (content === journal.content) return false;
    const before = journal.content;
    const isGrown = before !== undefined && content?.subarray(0, before.byteLength).equals(before);
    const isWhole = isGrown === true && before.at(-1) === LINE_END;
    const read = isWhole
      ? foldLines(content?.subarray(before.byteLength), journal.value, seen.records)
      : foldLines(content, emptyJournal, []);
    journal.content = content;
    if (read === undefined) return false;
    journal.value = read.view;
    seen.records = read.records;
    return true;
  }
}

const LINE_END = 0x0a;

/** Undefined: a line but the last is no record, or contradicts the others. */
function foldLines(
  content: Buffer | undefined,
  from: JournalView,
  before: JournalRecord[],
): { readonly view: JournalView; readonly records: JournalRecord[] } | undefined {
  let view = from;
  const records = [...before];
  const lines = (content?.toString() ?? '').split('\n');
  for (const [index, line] of lines.entries()) {
    const record = parse<JournalRecord>(line);
    if (record === undefined) {
      if (index < lines.length - 1) return undefined;
      break;
    }
    const folded = foldRecord(view, record);
    if (folded.kind === 'contradiction') return undefined;
    if (folded.view !== view) records.push(record);
    view = folded.view;
  }
  return { view, records };
}

// The type is the caller's word: only what the controller itself has written is read.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
function parse<T>(content: Buffer | string): T | undefined {
  // As behind the last line of every journal: what is thrown would cost more than all else here.
  if (content.length === 0) return undefined;
  try {
    return JSON.parse(content.toString()) as T;
  } catch {
    return undefined;
  }
}

function newlySeen(): SeenApp {
  const none: AppFiles = { lastGood: null, quarantine: null, view: emptyJournal, records: [] };
  return {
    at: -1,
    lastGood: { content: undefined, value: null },
    quarantine: { content: undefined, value: null },
    journal: { content: undefined, value: emptyJournal },
    records: [],
    files: none,
  };
}
