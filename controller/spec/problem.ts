/**
 * The one place where problems of desired state are made and rendered. Every problem has a code that
 * stays, a place in a file, a message and a hint that says what to do. Codes are listed in
 * docs/spec/problems.md.
 */
import type { SpecProblem } from '../model/spec-problem.ts';
import {
  excerptOf,
  fitToShow,
  positionOf,
  type SourceText,
  type TextRange,
} from './source-text.ts';

/** What is wrong, without the place. */
export interface Complaint {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint: string;
}

/** Every code there is, in the order of the stages that find them. */
export const PROBLEM_CODES = [
  'file-unreadable',
  'file-too-large',
  'yaml-syntax',
  'yaml-duplicate-key',
  'yaml-tag',
  'yaml-alias',
  'yaml-depth',
  'not-an-object',
  'unknown-kind',
  'unknown-field',
  'missing-field',
  'wrong-type',
  'needs-quotes',
  'unknown-value',
  'bad-value',
  'misplaced-field',
  'inconsistent',
  'duplicate-item',
  'reserved-name',
  'reserved-variable',
  'missing-settings',
  'duplicate-object',
  'unknown-recipe',
  'unknown-sso',
  'domain-taken',
  'name-too-long',
  'depends-on-invalid',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** A problem at a range of a file. */
export function problemAt(source: SourceText, range: TextRange, what: Complaint): SpecProblem {
  const position = positionOf(source, range.start);
  return { file: source.file, ...position, ...shown(what), excerpt: excerptOf(source, range) };
}

/** A problem of a file, or of the tree, that has no line to show. */
export function problemOfFile(file: string, what: Complaint): SpecProblem {
  return { file, line: 1, column: 1, ...shown(what), excerpt: undefined };
}

function shown({ code, message, hint }: Complaint): Complaint {
  return { code, message: fitToShow(message), hint: fitToShow(hint) };
}

/**
 * One problem for people: `file:line:column: message`, the line with the place marked, and the hint.
 * Several lines, no newline at the end.
 */
export function renderProblem({ excerpt, ...problem }: SpecProblem): string {
  const place = `${problem.file}:${String(problem.line)}:${String(problem.column)}`;
  const head = `${place}: ${problem.message}`;
  const hint = `  hint: ${problem.hint}`;
  if (excerpt === undefined) return `${head}\n${hint}`;

  const number = String(problem.line).padStart(5);
  const margin = ' '.repeat(number.length);
  // Tabs are kept in front of the marker, so that it stands below its place however wide they are.
  const indent = excerpt.text.slice(0, excerpt.from).replaceAll(/[^\t]/g, ' ');
  const marker = '^'.repeat(excerpt.length);
  return [head, `${number} | ${excerpt.text}`, `${margin} | ${indent}${marker}`, hint].join('\n');
}

/** All of them, parted by empty lines; empty text when there is none. */
export function renderProblems(problems: readonly SpecProblem[]): string {
  return problems.map((problem) => `${renderProblem(problem)}\n`).join('\n');
}

/** The problem for machines; the fields of the contract and no other. */
export function problemToJson(
  problem: SpecProblem,
): Pick<SpecProblem, 'file' | 'line' | 'column' | 'code' | 'message' | 'hint'> {
  const { file, line, column, code, message, hint } = problem;
  return { file, line, column, code, message, hint };
}

/** The order in which problems are shown: file, line, column, code. */
export function compareProblems(a: SpecProblem, b: SpecProblem): number {
  return (
    compareText(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

/** By code unit: the same everywhere, whatever the locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
