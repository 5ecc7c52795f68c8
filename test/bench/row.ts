/** A line of the table that `npm run bench` prints, and the table itself. */

export interface Row {
  readonly what: string;
  readonly figure: number;
  /** Behind the figure; empty for a count. */
  readonly unit: string;
  /** More than this is too much. */
  readonly limit?: number;
  /** What others take for the same, and who. */
  readonly others?: string;
}

/** The middle one; of an even number halfway between the two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (at: number): number => sorted[Math.floor(at)] ?? Number.NaN;
  return (middle((sorted.length - 1) / 2) + middle(sorted.length / 2)) / 2;
}

/** With its heading, one line a row. */
export function showTable(rows: readonly Row[]): string {
  const cells = [
    ['what', 'figure', 'target', 'peer / by hand'],
    ...rows.map((row) => [row.what, figureOf(row), targetOf(row), row.others ?? '']),
  ];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  );
  return cells
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function figureOf({ figure, unit }: Row): string {
  return withUnit(rounded(figure), unit);
}

function targetOf({ figure, unit, limit }: Row): string {
  if (limit === undefined) return '';
  return `≤ ${withUnit(String(limit), unit)}${figure <= limit ? '' : '  MISSED'}`;
}

function withUnit(number: string, unit: string): string {
  return unit === '' ? number : `${number} ${unit}`;
}

function rounded(figure: number): string {
  if (Number.isInteger(figure)) return String(figure);
  return figure.toFixed(figure < 10 ? 2 : 1);
}
