/**
 * The text of a journal: what its lines mean, where it may be cut, and which lines compaction keeps. No files here.
 *
 * An append that was killed half way leaves a last line without its end: that line was never acknowledged and is cut
 * off by the next append. After a power cut the tail may hold NUL bytes instead of what was written; that counts the
 * same. Any other line that cannot be read is damage, wherever it stands: a forgotten record could be the one that
 * says how to bring data back (U1, L2). So is a last line that does not even begin as a record: a file that something
 * else was written over would be read as an empty journal.
 */
import { emptyJournal, foldRecord, type JournalView } from '../../model/journal-fold.ts';
import type { JournalRecord } from '../../model/journal.ts';
import type { CheckState } from '../../model/state-file.ts';
import { inFull, inShort, parseJson } from './state-json.ts';

export interface JournalText {
  readonly view: JournalView;
  /** Where the next line begins; what stands behind it is a torn line. */
  readonly validBytes: number;
  readonly tornBytes: number;
  /** The last record is whole but for its line end. */
  readonly lacksLineEnd: boolean;
}

export type JournalReading =
  | { readonly kind: 'ok'; readonly journal: JournalText }
  | { readonly kind: 'damaged'; readonly why: JournalDamage };

export interface JournalDamage extends Damage {
  readonly app: string;
  /** From 1. */
  readonly line: number;
}

interface Damage {
  /** Goes on a sentence that begins with the line or the record. */
  readonly says: string;
  /** Everything that is wrong with it, where that is more than `says` holds. */
  readonly details: readonly string[];
}

/** Of a file that is not there. */
export const noJournal: JournalText = {
  view: emptyJournal,
  validBytes: 0,
  tornBytes: 0,
  lacksLineEnd: false,
};

const LINE_END = 0x0a;
const NUL = '\0';
/** Of every line: `JSON.stringify` of an object that has members. */
const RECORD_START = '{"';

/** What the bytes of `app`'s journal say. Never throws. */
export function readJournal(content: Buffer, app: string, check: CheckState): JournalReading {
  const lines = splitLines(content);
  let journal = noJournal;
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const record = parseJson(line.text);
    const isTorn = record === undefined && isLast && isCutShort(line);
    if (isTorn) return { kind: 'ok', journal: { ...journal, tornBytes: line.bytes } };
    const step = stepOf(journal.view, record, app, check);
    if (step.kind === 'damaged') {
      return { kind: 'damaged', why: { ...step.why, app, line: index + 1 } };
    }
    journal = {
      view: step.view,
      validBytes: journal.validBytes + line.bytes,
      tornBytes: 0,
      lacksLineEnd: !line.hasEnd,
    };
  }
  return { kind: 'ok', journal };
}

/** The journal with one more record, as it is after `lineOf(record)` was appended at `validBytes`. */
export function withRecord(
  journal: JournalText,
  record: JournalRecord,
  check: CheckState,
): Exclude<Step, { readonly kind: 'ok' }> | (JournalReading & { readonly kind: 'ok' }) {
  const step = stepOf(journal.view, record, record.app, check);
  if (step.kind === 'damaged') return step;
  const validBytes = journal.validBytes + lineOf(journal, record).byteLength;
  return {
    kind: 'ok',
    journal: { view: step.view, validBytes, tornBytes: 0, lacksLineEnd: false },
  };
}

/** The bytes that append `record`. */
export function lineOf(journal: JournalText, record: JournalRecord): Buffer {
  return Buffer.from(`${journal.lacksLineEnd ? '\n' : ''}${JSON.stringify(record)}\n`);
}

/** The lines of those transitions alone, byte for byte. */
export function keepTransitions(content: Buffer, ids: ReadonlySet<string>): string {
  return splitLines(content)
    .filter(({ text }) => {
      const record = parseJson(text);
      return typeof record === 'object' && record !== null && 'id' in record
        ? typeof record.id === 'string' && ids.has(record.id)
        : false;
    })
    .map(({ text }) => `${text}\n`)
    .join('');
}

/** Nothing but the beginning of a record can have been left by a writer of records. */
function isCutShort({ text, hasEnd }: Line): boolean {
  const isBegun = text.startsWith(RECORD_START) || text === RECORD_START.slice(0, text.length);
  return text.startsWith(NUL) || (isBegun && (!hasEnd || text.includes(NUL)));
}

type Step =
  | { readonly kind: 'ok'; readonly view: JournalView }
  | { readonly kind: 'damaged'; readonly why: Damage };

function stepOf(view: JournalView, record: unknown, app: string, check: CheckState): Step {
  if (record === undefined) return damagedBy('is not JSON');
  const wrong = check('journal-record', record);
  if (wrong.length > 0) {
    return damagedBy(`is no journal record: ${inShort(wrong)}`, inFull(wrong));
  }
  // The schema has just said that it has this form.
  const checked = record as JournalRecord;
  if (checked.app !== app) return damagedBy(`belongs to the app ${checked.app}`);
  const step = foldRecord(view, checked);
  return step.kind === 'ok' ? step : damagedBy(step.why);
}

function damagedBy(says: string, details: readonly string[] = []): Step {
  return { kind: 'damaged', why: { says, details } };
}

interface Line {
  readonly text: string;
  /** With its end. */
  readonly bytes: number;
  readonly hasEnd: boolean;
}

function splitLines(content: Buffer): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < content.byteLength;) {
    const end = content.indexOf(LINE_END, start);
    const hasEnd = end >= 0;
    const next = hasEnd ? end + 1 : content.byteLength;
    const text = content.toString('utf8', start, hasEnd ? end : next);
    lines.push({ text, bytes: next - start, hasEnd });
    start = next;
  }
  return lines;
}
