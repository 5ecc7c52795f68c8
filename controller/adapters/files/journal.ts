/**
 * One app's `journal.jsonl`: appended to and synced, a line at a time.
 *
 * Invariants: `append` returns only when the line survives a power cut (line-writer.ts). A torn last line is cut off by
 * the next append and noted. A damaged journal stays where it is, is never appended to and never read as empty.
 */
import { basename, dirname } from 'node:path';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { idsToKeep, type JournalView } from '../../model/journal-fold.ts';
import type { JournalRecord } from '../../model/journal.ts';
import { known, unknown, type Known } from '../../model/known.ts';
import type { CheckState } from '../../model/state-file.ts';
import type { Log } from '../../ports/log.ts';
import { CLOSED_FILE, ensureDirectory, writeFailure, writeFileAtomic } from './atomic-write.ts';
import type { FileSystem } from './fs.ts';
import {
  keepTransitions,
  lineOf,
  noJournal,
  readJournal,
  withRecord,
  type JournalDamage,
  type JournalText,
} from './journal-text.ts';
import { createLineWriter } from './line-writer.ts';
import { createStampedFile } from './stamped-file.ts';

export interface Journal {
  /** The same object as before while the file is unchanged. */
  read(): Promise<Known<JournalView>>;
  /**
   * Appends and syncs. Not to be called again before it has returned. An error is not "not done" (L4): the record may
   * be there, and appending it again does no harm. Errors: `state-invalid`, `disk-full`, `tool-failed`.
   */
  append(record: JournalRecord): Promise<void>;
}

export interface JournalOptions {
  readonly path: string;
  readonly app: string;
  readonly check: CheckState;
  readonly fs: FileSystem;
  readonly log: Log;
}

/** Finished transitions that compaction keeps. */
export const FINISHED_KEPT = 50;
/** Compaction is due beyond either of these. */
export const FINISHED_MAX = 200;
const JOURNAL_BYTES_MAX = 1024 * 1024;

export function createJournal(options: JournalOptions): Journal {
  const { path, app, check, fs, log } = options;
  const lines = createLineWriter(path, fs);
  let shown: (Known<JournalView> & { readonly known: true }) | undefined;
  const file = createStampedFile<JournalText>({
    path,
    fs,
    parse: (content) => {
      const reading = readJournal(content, app, check);
      return reading.kind === 'ok' ? known(reading.journal) : unknown(damaged(path, reading.why));
    },
    absent: () => known(noJournal),
  });

  const compact = async (view: JournalView): Promise<void> => {
    const content = await fs.read(path);
    await writeFileAtomic(path, keepTransitions(content, idsToKeep(view, FINISHED_KEPT)), {
      fs,
      mode: CLOSED_FILE,
    });
    file.forget();
  };

  return {
    read: async () => {
      const journal = await file.read();
      if (!journal.known) return journal;
      if (shown?.value !== journal.value.view) shown = { known: true, value: journal.value.view };
      return shown;
    },
    append: async (record) => {
      const journal = await file.read();
      if (!journal.known) throw new CiWarmError('state-invalid', journal.why);
      const after = withRecord(journal.value, record, check);
      if (after.kind === 'damaged') throw refused(path, after.why.says);
      if (journal.value.tornBytes > 0) {
        log.warn('cut a torn last line off the journal', {
          path,
          tornBytes: journal.value.tornBytes,
        });
      }
      try {
        await ensureDirectory(dirname(path), fs);
        await lines.append(journal.value.validBytes, lineOf(journal.value, record));
      } catch (error) {
        file.forget();
        throw writeFailure(`cannot append to ${path}`, error);
      }
      file.remember(known(after.journal));
      if (!isCompactionDue(after.journal)) return;
      // The record is safe already: a compaction that fails is tried again at the next end of a transition.
      await compact(after.journal.view).catch((error: unknown) => {
        // What is appended to a file whose name may not last would go with it.
        lines.distrust();
        log.warn('could not compact the journal', { path, reason: reasonOf(error) });
      });
    },
  };
}

/** Only at the end of a transition, and only when there is something to drop. */
function isCompactionDue({ view, validBytes }: JournalText): boolean {
  const finished = view.history.length;
  if (view.open.length > 0 || finished <= FINISHED_KEPT) return false;
  return finished > FINISHED_MAX || validBytes > JOURNAL_BYTES_MAX;
}

/** One sentence: where it is damaged, by what, and what to do. */
function damaged(
  path: string,
  { app, line, says, details }: JournalDamage,
): { readonly why: string; readonly details: readonly string[] } {
  const where = `${app}/${basename(path)}:${line}`;
  const why = `${path} is damaged: ${where} ${says}; nothing is done to ${app} until that line is mended, or the file is moved away because what it says no longer counts`;
  return { why, details };
}

function refused(path: string, why: string): CiWarmError {
  const message = `will not append to ${path} a record that ${why}; this is a mistake in ci-warm, please report it`;
  return new CiWarmError('state-invalid', message);
}
