/**
 * Tables for a terminal, and for `cut` and `awk`: columns in capitals, at least two spaces between them, nothing at the
 * end of a line. A cell says what it means by its tone; whether that becomes a colour is the caller's affair.
 */
import { oneLine } from './text.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'dim';

export type Cell = string | { readonly text: string; readonly tone: Tone };

export interface Table {
  readonly columns: readonly string[];
  /** As many cells as there are columns. */
  readonly rows: readonly (readonly Cell[])[];
}

/** Adds colour to a text without changing its width on the screen. */
export type Paint = (text: string, tone: Tone) => string;

/** The tone makes no difference: for files and pipes. */
export const plain: Paint = (text) => text;

const GAP = '   ';

/** The table as lines, heading first; each ends with a line feed. */
export function renderTable(table: Table, paint: Paint = plain): string {
  const rows = table.rows.map((row) => row.map(shown));
  const widths = table.columns.map((column, index) =>
    Math.max(width(column), ...rows.map((row) => width(row[index]?.text ?? ''))),
  );
  const line = (cells: readonly { readonly text: string; readonly tone?: Tone }[]): string =>
    cells
      .map(({ text, tone }, index) => {
        const isLast = index === cells.length - 1;
        const gap = isLast ? '' : ' '.repeat((widths[index] ?? 0) - width(text));
        return `${tone === undefined ? text : paint(text, tone)}${gap}`;
      })
      .join(GAP);
  return [table.columns.map((text) => ({ text })), ...rows].map((row) => `${line(row)}\n`).join('');
}

/** What is not there is a dash, so that every row has the same number of words for programs that split it. */
function shown(cell: Cell): { readonly text: string; readonly tone?: Tone } {
  const text = oneLine(typeof cell === 'string' ? cell : cell.text);
  if (text === '') return { text: '-' };
  return typeof cell === 'string' ? { text } : { text, tone: cell.tone };
}

/** Columns on the screen, near enough: characters as people count them. */
function width(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : [...new Intl.Segmenter().segment(text)].length;
}
