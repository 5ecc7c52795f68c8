/** The plan for people and for programs: what the next pass would do and why, what it holds and why. */
import { assertNever } from '../model/assert-never.ts';
import type { Decision, Hold, Plan, PlanEntry, PlanWarning } from '../model/plan.ts';
import type { SpecProblem } from '../model/spec-problem.ts';
import { adviceOnHold } from './hold-advice.ts';
import { plain, type Paint, type Tone } from './table.ts';
import { inFile, oneLine, rfc3339, sentence, shortRevision } from './text.ts';

interface Words {
  readonly mark: string;
  readonly tone: Tone;
  /** What follows the object's name. */
  readonly does: string;
  readonly why: string | undefined;
}

/** One paragraph an object; what would be done comes first. Ends with a line feed. */
export function planText(
  plan: Plan,
  problems: readonly SpecProblem[],
  { paint = plain, warnings = [] }: { paint?: Paint; warnings?: readonly PlanWarning[] } = {},
): string {
  const isWork = ({ decision }: PlanEntry): boolean =>
    decision.kind === 'start' || decision.kind === 'in-transition';
  const ordered = [
    ...plan.entries.filter(isWork),
    ...plan.entries.filter((entry) => !isWork(entry)),
  ];
  return [
    `Plan for ${plan.revision === '' ? 'no revision: desired state could not be used' : shortRevision(plan.revision)}`,
    ...ordered.map((entry) => entryText(entry, paint)),
    ...problems.map(
      ({ file, line, column, message }) =>
        `${paint('!', 'bad')} ${file}:${String(line)}:${String(column)}: ${oneLine(message)}`,
    ),
    ...warnings.map(
      ({ object, message }) =>
        `${paint('!', 'warn')} ${object.kind} ${object.name}: warning: ${oneLine(message)}`,
    ),
    totals(plan, problems),
    '',
  ].join('\n');
}

function entryText(entry: PlanEntry, paint: Paint): string {
  const { mark, tone, does, why } = wordsOf(entry.decision);
  return [
    `${paint(mark, tone)} ${entry.object.kind} ${entry.object.name}: ${does}`,
    ...(why === undefined ? [] : [`    because ${oneLine(why)}`]),
    ...(entry.hold === null ? [] : holdLines(entry.hold, entry.object.name)),
  ].join('\n');
}

function holdLines(hold: Hold, name: string): readonly string[] {
  return [
    `    holds ${hold.version}:`,
    ...hold.reasons.map(
      ({ reason, message, file, line }) =>
        `      - ${reason}${inFile(file, line)}: ${sentence(message)}`,
    ),
    `      to go on: ${adviceOnHold(hold, `WarmApp ${name}`)}`,
  ];
}

function wordsOf(decision: Decision): Words {
  switch (decision.kind) {
    case 'start': {
      const { transition, input, why } = decision;
      const from = input.from === null ? '' : `${input.from.version} → `;
      const does = `${transition} ${transition === 'install' || transition === 'upgrade' ? from : ''}${input.to.version}`;
      return { mark: transition === 'install' ? '+' : '~', tone: 'good', does, why };
    }
    case 'in-transition':
      return {
        mark: '~',
        tone: 'good',
        does: `${decision.transition} ${decision.id} goes on in phase ${decision.phase}`,
        why: undefined,
      };
    case 'waiting':
      return { mark: '#', tone: 'warn', does: 'waits', why: decision.message };
    case 'in-sync':
      return { mark: '=', tone: 'dim', does: `in sync at ${decision.version}`, why: undefined };
    case 'held':
      return { mark: '#', tone: 'warn', does: 'held', why: decision.message };
    case 'quarantined':
      return {
        mark: '#',
        tone: 'warn',
        does: `leaves ${decision.version} alone, which is quarantined`,
        why: decision.message,
      };
    case 'backing-off':
      return {
        mark: '#',
        tone: 'warn',
        does: `waits until ${rfc3339(decision.untilMs)}`,
        why: decision.message,
      };
    case 'suspended':
      return { mark: '=', tone: 'dim', does: 'suspended', why: undefined };
    case 'orphaned':
      return { mark: '-', tone: 'dim', does: 'orphaned', why: decision.message };
    case 'stalled':
      return {
        mark: '!',
        tone: 'bad',
        does: `stalled (${decision.reason})`,
        why: decision.message,
      };
    case 'unknown':
      return { mark: '?', tone: 'warn', does: 'nothing, for nothing is known', why: decision.why };
    default:
      return assertNever(decision, 'decision');
  }
}

function totals(plan: Plan, problems: readonly SpecProblem[]): string {
  const number = (wanted: (entry: PlanEntry) => boolean): number =>
    plan.entries.filter(wanted).length;
  const parts = [
    { text: 'to do', number: number(({ decision }) => decision.kind === 'start') },
    { text: 'under way', number: number(({ decision }) => decision.kind === 'in-transition') },
    {
      text: 'held',
      number: number(({ decision, hold }) => decision.kind === 'held' || hold !== null),
    },
    { text: 'quarantined', number: number(({ decision }) => decision.kind === 'quarantined') },
    { text: 'backing off', number: number(({ decision }) => decision.kind === 'backing-off') },
    { text: 'in sync', number: number(({ decision }) => decision.kind === 'in-sync') },
    { text: 'suspended', number: number(({ decision }) => decision.kind === 'suspended') },
    { text: 'orphaned', number: number(({ decision }) => decision.kind === 'orphaned') },
    { text: 'stalled', number: number(({ decision }) => decision.kind === 'stalled') },
    { text: 'unknown', number: number(({ decision }) => decision.kind === 'unknown') },
    { text: problems.length === 1 ? 'problem' : 'problems', number: problems.length },
  ].filter((part) => part.number > 0);
  const counted = parts.map((part) => `${String(part.number)} ${part.text}`).join(', ');
  return counted === '' ? 'Nothing to do.' : `${counted}.`;
}

/** The plan as JSON. Of a transition's input only what says where from and where to: an app's env stays out of logs. */
export function planJson(
  plan: Plan,
  problems: readonly SpecProblem[],
  warnings: readonly PlanWarning[] = [],
): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'ci-warm.dev/v1',
    kind: 'Plan',
    revision: plan.revision,
    items: plan.entries.map(({ object, decision, hold, current, target, latest }) => ({
      kind: object.kind,
      name: object.name,
      decision: decisionJson(decision),
      hold,
      versions: { current, target, latest },
    })),
    problems: problems.map(({ file, line, column, code, message, hint }) => ({
      file,
      line,
      column,
      code,
      message,
      hint,
    })),
    warnings: warnings.map(({ object, code, message }) => ({
      kind: object.kind,
      name: object.name,
      code,
      message,
    })),
  };
}

function decisionJson(decision: Decision): Readonly<Record<string, unknown>> {
  if (decision.kind === 'start') {
    const { kind, transition, input, why } = decision;
    const { version, commit } = input.to;
    return { kind, transition, from: input.from?.version ?? null, to: version, commit, why };
  }
  if (decision.kind === 'backing-off') {
    const { kind, untilMs, message } = decision;
    return { kind, until: rfc3339(untilMs), message };
  }
  if (decision.kind === 'held' || decision.kind === 'orphaned') {
    const { kind, message, untilMs } = decision;
    return { kind, message, ...(untilMs === undefined ? {} : { until: rfc3339(untilMs) }) };
  }
  return decision;
}
