/**
 * A file's text with its lines: offsets to line and column, and a line made fit to be shown. What is
 * shown never holds control characters (a file must not be able to steer a terminal) and never the
 * user part of a URL (it may be a password).
 */

import type { Excerpt } from '../model/spec-problem.ts';

/** Lines and columns count from 1; columns are UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SourceText {
  /** As shown in problems. */
  readonly file: string;
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
}

/** A range of offsets; `end` is exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Characters of a line that are shown, and how many of them in front of the mistake. */
const EXCERPT_MAX = 120;
const BEFORE_MAX = 60;

/** The text with its lines found. */
export function sourceText(file: string, text: string): SourceText {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lineStarts.push(at + 1);
  }
  return { file, text, lineStarts };
}

/** Where an offset is; offsets outside the text are taken as its ends. */
export function positionOf(source: SourceText, offset: number): Position {
  const inside = Math.min(Math.max(offset, 0), source.text.length);
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((source.lineStarts[middle] ?? 0) <= inside) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: inside - (source.lineStarts[low] ?? 0) + 1 };
}

/** The line where a range begins, with the range marked as far as it stays on the line. */
export function excerptOf(source: SourceText, range: TextRange): Excerpt {
  const { line, column } = positionOf(source, range.start);
  const start = source.lineStarts[line - 1] ?? 0;
  const end = source.lineStarts[line] ?? source.text.length;
  const whole = fitToShow(source.text.slice(start, end).replace(/\r?\n$/, ''));
  const at = Math.min(column - 1, whole.length);
  const length = Math.max(1, Math.min(range.end - range.start, whole.length - at));
  if (whole.length <= EXCERPT_MAX) return { text: whole, from: at, length };

  const cutAt = Math.max(0, at - BEFORE_MAX);
  const before = cutAt === 0 ? '' : '…';
  const part = whole.slice(cutAt, cutAt + EXCERPT_MAX);
  const after = cutAt + EXCERPT_MAX < whole.length ? '…' : '';
  const from = at - cutAt + before.length;
  const room = before.length + part.length - from;
  return { text: `${before}${part}${after}`, from, length: Math.max(1, Math.min(length, room)) };
}

/**
 * Text of others as it may be shown: control and direction characters, which could steer a terminal,
 * and the user part of URLs are replaced, one character by one. Tabs stay.
 */
export function fitToShow(text: string): string {
  return text
    .replace(/:\/\/[^/\s@]*(?=@)/g, (found) => `://${'*'.repeat(found.length - 3)}`)
    .replace(/(?!\t)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/gu, '\ufffd');
}
