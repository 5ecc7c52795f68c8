/**
 * What `ci-warm diff` shows, for people and for programs. Values of variables that look like credentials are masked: they
 * are compared, and never shown.
 */
import type { AppDiff, AppDifference } from '../model/app-diff.ts';
import { scrub } from './scrub.ts';
import { plain, type Paint } from './table.ts';
import { oneLine, plainText, shorten } from './text.ts';

export interface ShownDiff {
  readonly diff: AppDiff;
  /** Of the recipe's files between the two commits; empty: none. */
  readonly recipeDiff: string;
}

const SECRET_NAME = /pass|secret|token|key|credential|auth|pwd/i;
const MASK = '***';
const SHORT_COMMIT = 10;
/** An alert is read on a telephone. */
const ALERT_LINES_MAX = 200;
const ALERT_LINE_LENGTH_MAX = 300;

/** Ends with a line feed; empty where nothing differs. */
export function diffText({ diff, recipeDiff }: ShownDiff, paint: Paint = plain): string {
  const { app, recipe, current, target, differences } = diff;
  if (differences.length === 0) return '';
  const lines = [`WarmApp ${app}`, ...differences.map(differenceLine)];
  if (current === null || target === null || recipeDiff === '') return `${lines.join('\n')}\n`;
  const refs = [current, target].map(
    ({ version, commit }) => `${version} (${commit.slice(0, SHORT_COMMIT)})`,
  );
  return [
    ...[...lines, '', `Recipe ${recipe} between ${refs.join(' and ')}`],
    ...plainText(recipeDiff)
      .trimEnd()
      .split('\n')
      .map((line) => painted(line, paint)),
    '',
  ].join('\n');
}

function differenceLine({ what, name, from, to, message }: AppDifference): string {
  const [was, is] = [from, to].map((value) => shown(name, value));
  const change =
    from === null && to === null
      ? ''
      : from === null
        ? `+ ${withName(name, is)}`
        : to === null
          ? `- ${withName(name, was)}`
          : `${withName(name, was)} → ${is ?? ''}`;
  const why = message === '' ? '' : oneLine(message);
  const text = [change, why].filter((part) => part !== '').join(': ');
  return `  ${what.padEnd(8)} ${text}`;
}

function withName(name: string, value: string | undefined): string {
  return name === '' ? (value ?? '') : `${name}=${value ?? ''}`;
}

function shown(name: string, value: string | null): string {
  if (value === null) return '';
  return SECRET_NAME.test(name) ? MASK : oneLine(scrub(value));
}

function painted(line: string, paint: Paint): string {
  if (/^(?:\+\+\+|---|diff |index )/.test(line)) return paint(line, 'dim');
  if (line.startsWith('+')) return paint(line, 'good');
  return line.startsWith('-') ? paint(line, 'bad') : line;
}

/** The same as JSON: an object of kind `Diff`. */
export function diffJson({ diff, recipeDiff }: ShownDiff): Readonly<Record<string, unknown>> {
  const { app, recipe, current, target, differences } = diff;
  return {
    ...{ apiVersion: 'ci-warm.dev/v1', kind: 'Diff', name: app, recipe, current, target },
    differences: differences.map(({ what, name, from, to, message }) => ({
      what,
      name: name === '' ? null : name,
      from: from === null ? null : shown(name, from),
      to: to === null ? null : shown(name, to),
      message: message === '' ? null : oneLine(message),
    })),
    recipeDiff: recipeDiff === '' ? null : plainText(recipeDiff),
  };
}

/** The recipe's difference as an alert carries it: its beginning, without what looks like a credential. Null: there is none. */
export function diffForAlert(app: string, recipeDiff: string): string | null {
  if (recipeDiff === '') return null;
  const lines = recipeDiff.trimEnd().split('\n');
  const kept = lines
    .slice(0, ALERT_LINES_MAX)
    .map((line) => shorten(scrub(line), ALERT_LINE_LENGTH_MAX));
  const more = lines.length - kept.length;
  const rest = more > 0 ? [`[${String(more)} lines more: ci-warm diff ${app}]`] : [];
  return [...kept, ...rest].join('\n');
}
