/**
 * The alerts of desired state that is written wrongly: where, what is wrong with it, and what stays as it is meanwhile. The
 * same problems are the same event (A1), wherever their lines move to.
 */
import type { Alert } from '../model/alert.ts';
import { digestOf } from '../model/digest.ts';
import type { InvalidObject, SpecProblem } from '../model/spec-problem.ts';
import { alertOf } from './alert-parts.ts';
import { byText, count, oneLine, sentence } from './text.ts';

/** Problems of one object or file that a message lists. */
const PROBLEMS_MAX = 10;

/** Of one object; nothing waits for it. */
export function invalidAlert(object: InvalidObject, nowMs: number): Alert {
  const { kind, name, file, problems } = object;
  const isApp = kind === 'WarmApp' || kind === 'Canonical';
  return alertOf({
    kind: 'desired-invalid',
    app: isApp ? name : 'host',
    severity: 'warning',
    title: `${kind} ${name} is invalid`,
    message: [
      `${kind} ${name} in ${file} has ${count(problems.length, 'problem')}; what it stands for stays as it is, and nothing else waits for it.`,
      ...listed(problems),
    ].join('\n'),
    atMs: nowMs,
    fingerprint: `desired-invalid/${kind}/${name}/${digestOfProblems(problems)}`,
    resolve: `mend ${file}; ci-warm validate shows every problem`,
  });
}

/** Problems that belong to no object: files that could not be read or parsed, a missing Settings. One alert a file. */
export function invalidFileAlerts(
  problems: readonly SpecProblem[],
  invalid: readonly InvalidObject[],
  nowMs: number,
): readonly Alert[] {
  const told = new Set(invalid.flatMap((object) => object.problems.map(placeOf)));
  const files = Map.groupBy(
    problems.filter((problem) => !told.has(placeOf(problem))),
    ({ file }) => file,
  );
  return [...files].map(([file, own]) =>
    alertOf({
      kind: 'desired-invalid',
      app: 'host',
      severity: 'warning',
      title: `${file} is invalid`,
      message: [
        `${file} has ${count(own.length, 'problem')}; while they are there, nothing counts as removed.`,
        ...listed(own),
      ].join('\n'),
      atMs: nowMs,
      fingerprint: `desired-invalid/file/${file}/${digestOfProblems(own)}`,
      resolve: `mend ${file}; ci-warm validate shows every problem`,
    }),
  );
}

function placeOf({ file, line, column, code }: SpecProblem): string {
  return `${file}:${String(line)}:${String(column)}:${code}`;
}

function listed(problems: readonly SpecProblem[]): readonly string[] {
  const shown = problems
    .slice(0, PROBLEMS_MAX)
    .map(
      ({ file, line, column, message, hint }) =>
        `- ${file}:${String(line)}:${String(column)}: ${sentence(message)}${hint === '' ? '' : ` (${oneLine(hint)})`}`,
    );
  const others = problems.length - shown.length;
  return others > 0 ? [...shown, `- and ${String(others)} more`] : shown;
}

function digestOfProblems(problems: readonly SpecProblem[]): string {
  return digestOf(problems.map(({ code, message }) => `${code}: ${message}`).sort(byText));
}
