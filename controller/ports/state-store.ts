/**
 * The state directory. Every file appears whole or not at all, and is checked against its schema when written and when
 * read: a damaged one stays where it is and is said (Unknown, or `state-invalid`), never read as "nothing there".
 */
import type { ObjectStatus } from '../model/condition.ts';
import type { JournalRecord } from '../model/journal.ts';
import type { Known } from '../model/known.ts';
import type { AppRecord } from '../model/record.ts';
import type { Orphan } from '../model/orphan.ts';
import type { LastGood, Quarantine } from '../model/release.ts';
import type { ControllerStatus } from '../model/state-file.ts';
import type { AppRequest } from '../model/request.ts';

export interface StateStore {
  /** What is known of these apps. Unchanged files are recognised by stat and answered from memory. */
  records(apps: readonly string[]): Promise<ReadonlyMap<string, Known<AppRecord>>>;
  /** Apps that the state directory knows, desired or not. */
  apps(): Promise<readonly string[]>;
  /** Appends and syncs; when it returns the record survives a power cut. */
  append(record: JournalRecord): Promise<void>;
  /** `last_good` and `last_good.json`: the JSON is the commit point, the plain text follows it. */
  writeLastGood(app: string, lastGood: LastGood): Promise<void>;
  /** null lifts it. */
  writeQuarantine(app: string, quarantine: Quarantine | null): Promise<void>;
  /** What a person asks for, before it is answered; null: it was begun, or is refused. */
  writeRequest(app: string, request: AppRequest | null): Promise<void>;
  /** Since when nothing asks for the app; null: something does again. */
  writeOrphan(app: string, orphan: Orphan | null): Promise<void>;
  /**
   * Everything of the app goes: its records, its snapshot and its data. First as a whole, by a rename, so that nothing of
   * it is found half gone; nothing there is fine.
   */
  forget(app: string): Promise<void>;
  /** Writes only when something but the time changed. `statuses` is the whole set: objects that are gone lose their file. */
  writeStatuses(statuses: readonly ObjectStatus[], index: unknown): Promise<void>;
  /** `status/controller.json`: the one file that an idle pass writes. */
  writeController(controller: ControllerStatus): Promise<void>;
  readStatuses(): Promise<readonly ObjectStatus[]>;
}
