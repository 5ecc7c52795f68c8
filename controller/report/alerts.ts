/**
 * The alerts: what happened, on what, why, and what to do. One event has one fingerprint, whenever and however often it
 * is observed (A1): a hold is its version and its evidence, a rollback its transition, an invalid object its problems,
 * an illness the moment when it began. So an alert may be made anew in every pass; the store raises it once.
 */
import type { Alert, HoldReason } from '../model/alert.ts';
import type { WarmAppSpec } from '../model/desired.ts';
import { digestOf } from '../model/digest.ts';
import type { AppHealth } from '../model/health.ts';
import type { PhaseFailure, TransitionInput, TransitionKind } from '../model/journal.ts';
import type { Known } from '../model/known.ts';
import type { Hold, PlanEntry } from '../model/plan.ts';
import type { InvalidObject, SpecProblem } from '../model/spec-problem.ts';
import { alertOf } from './alert-parts.ts';
import { adviceOnHold } from './hold-advice.ts';
import { primaryReason } from './hold-order.ts';
import { byText, count, duration, oneLine, rfc3339, sentence } from './text.ts';

/** Problems of one object or file that a message lists. */
const PROBLEMS_MAX = 10;

/**
 * The hold of a plan's entry; none when it holds nothing that a person could lift. What keeps a newer version back and
 * what ails the app are two events: one lasts, and the other may pass.
 */
export function holdAlerts(entry: PlanEntry, app: WarmAppSpec, nowMs: number): readonly Alert[] {
  const { hold, current, target } = entry;
  if (hold === null) return [];
  const isIllness = ({ kind }: HoldReason): boolean => kind === 'held-unhealthy';
  const lasting = hold.reasons.filter((reason) => !isIllness(reason));
  if (current === null || lasting.length === 0 || lasting.length === hold.reasons.length) {
    return holdAlert(hold, current, app, nowMs);
  }
  const illness = { ...hold, version: target ?? hold.version, notes: [] };
  return [
    ...holdAlert({ ...hold, reasons: lasting }, current, app, nowMs),
    ...holdAlert({ ...illness, reasons: hold.reasons.filter(isIllness) }, current, app, nowMs),
  ];
}

function holdAlert(
  hold: Hold,
  current: string | null,
  app: WarmAppSpec,
  nowMs: number,
): readonly Alert[] {
  const first = primaryReason(hold.reasons);
  if (first === undefined) return [];
  const evidence = hold.reasons
    .map(({ reason, file, line, from, to }) => ({ reason, file, line, from, to }))
    .sort((a, b) => byText(a.reason, b.reason) || byText(digestOf(a), digestOf(b)));
  const isFound = hold.reasons.some(({ kind }) => kind === 'held-adoption');
  const isNot = isFound ? 'is not adopted' : 'is not installed';
  const stays = current === null ? isNot : `stays on ${current}`;
  const many = hold.reasons.length > 1;
  const list = hold.reasons.map(({ message }) => `${many ? '- ' : ''}${sentence(message)}`);
  const advice = adviceOnHold(hold, app.source.file);
  const alert = alertOf({
    kind: first.kind,
    app: app.name,
    severity: 'warning',
    title: `${app.name}: ${hold.version} is held`,
    message: [
      `${app.name} ${stays}, and nothing of it was touched: ${hold.version} needs a person${many ? `, for ${String(list.length)} reasons:` : '.'}`,
      ...list,
      `To go on: ${advice}.`,
    ].join('\n'),
    atMs: nowMs,
    fingerprint: `held/${app.name}/${digestOf({ version: hold.version, evidence: evidence.map(sameWhereverFrom) })}`,
    from: current,
    to: hold.version,
    reasons: evidence,
    releaseNotes: hold.notes,
    resolve: advice,
  });
  return [alert];
}

/** A hold stays the same event when the app moves to another version below it, and its object to another line. */
function sameWhereverFrom({
  reason,
  file,
  to,
}: Alert['reasons'][number]): Omit<Alert['reasons'][number], 'from' | 'line'> {
  return { reason, file, to };
}

/** A transition that was turned round. */
export interface FailedTransition {
  readonly id: string;
  readonly transition: TransitionKind;
  readonly input: TransitionInput;
  /** The failure that turned it round. */
  readonly failure: PhaseFailure;
  /** From when until when the target may have taken writes; null: it never did. */
  readonly servedFromMs: number | null;
  readonly servedUntilMs: number | null;
  readonly nowMs: number;
}

/** The transition ended as it should when its target fails: on the prior version, or undeployed where there is none. */
export function rollbackAlert(failed: FailedTransition): Alert {
  const { id, input, failure, nowMs } = failed;
  const app = input.app.name;
  const from = input.from?.version ?? null;
  const { version } = input.to;
  const title =
    from === null
      ? `${app}: the first install of ${version} failed`
      : `${app}: ${version} failed and was rolled back to ${from}`;
  const end =
    from === null
      ? `${app} is undeployed; its volumes are kept.`
      : `${app} is back on ${from}, and healthy. ${lostWrites(failed)}`;
  const isFault = failure.verdict === 'unhealthy';
  const what = isFault ? `${version} did not become healthy` : `${version} was not reached`;
  const next = isFault
    ? `${version} is quarantined: a newer version or another configuration will be tried, this one not again.`
    : failure.verdict === 'inconclusive'
      ? 'It was not the fault of the version, and is tried again by itself.'
      : 'It is not tried again by itself.';
  return alertOf({
    kind: 'rollback',
    app,
    severity: from === null ? 'critical' : 'warning',
    title,
    message: [`${what}: ${sentence(failure.message)}`, end, next].join('\n'),
    atMs: nowMs,
    fingerprint: `rollback/${app}/${id}`,
    from,
    to: version,
    reasons: [{ reason: failure.reason, file: null, line: null, from, to: version }],
    releaseNotes: input.notes,
    lastLogs: failure.lastLogs,
    resolve:
      failure.verdict === 'inconclusive'
        ? `ci-warm history ${app}`
        : `ci-warm reconcile ${app} --retry, once the cause is gone`,
  });
}

/**
 * Even the way back failed: undeployed, data safe. `backFailure`: why the way back failed, where it is known. `left`: what
 * of it is on the Swarm all the same.
 */
export function strandedAlert(
  failed: FailedTransition & {
    readonly backFailure: PhaseFailure | null;
    readonly left: Known<readonly string[]>;
  },
): Alert {
  const { id, input, failure, backFailure, nowMs } = failed;
  const app = input.app.name;
  const from = input.from?.version ?? null;
  const { version } = input.to;
  const stateful = input.app.data === 'Stateful';
  return alertOf({
    kind: 'rollback-failed',
    app,
    severity: 'critical',
    title:
      failed.transition === 'restore'
        ? `${app}: going back to ${from ?? version} failed`
        : failed.transition === 'retire'
          ? `${app}: it could neither be retired nor put back`
          : `${app}: ${version} failed, and so did the way back to ${from ?? 'nothing'}`,
    message: [
      `${failed.transition === 'retire' ? 'Its retirement' : version} failed: ${sentence(failure.message)}`,
      ...(backFailure === null ? [] : [`The way back failed: ${sentence(backFailure.message)}`]),
      `${howLeft(app, failed.left)} ${stateful ? `Its data is safe: the snapshot under ${app}/snapshot in the state directory, and its volumes.` : 'It has no data to lose.'}`,
      ...(failed.transition === 'restore' && stateful
        ? [
            `What a restore displaced is kept beside each volume (${app}/volumes/<volume>/displaced-${id}) until ${app} is healthy again.`,
          ]
        : []),
      ...(stateful && failed.servedFromMs !== null
        ? [
            `${servedWindow(failed, failed.servedFromMs)}: what was written to it in that time is not in the snapshot.`,
          ]
        : []),
    ].join('\n'),
    atMs: nowMs,
    fingerprint: `rollback-failed/${app}/${id}`,
    from,
    to: version,
    reasons: [failure, ...(backFailure === null ? [] : [backFailure])].map(({ reason }) => ({
      reason,
      file: null,
      line: null,
      from,
      to: version,
    })),
    releaseNotes: input.notes,
    lastLogs: [...failure.lastLogs, ...(backFailure?.lastLogs ?? [])],
    resolve: `remove the cause, then ci-warm reconcile ${app} --retry`,
  });
}

/** Taking it off the Swarm may have failed as well, or nobody could look (L1). */
function howLeft(app: string, left: Known<readonly string[]>): string {
  if (!left.known) {
    return `Whether ${app} is undeployed is not known (${left.why}); it is left as it is.`;
  }
  if (left.value.length === 0) return `${app} is undeployed and is left so.`;
  return `${app} could not be undeployed and is left so: ${left.value.join(', ')} of it is there still.`;
}

/** What was written while the target served went with it: people have to know which time that is. */
function lostWrites(failed: FailedTransition): string {
  const { version } = failed.input.to;
  if (failed.input.app.data === 'Stateless') return 'It keeps no data.';
  return failed.servedFromMs === null
    ? `${version} never served: no data was lost.`
    : `${servedWindow(failed, failed.servedFromMs)}: what was written to it in that time is gone. The data is that of before.`;
}

function servedWindow({ input, servedUntilMs, nowMs }: FailedTransition, fromMs: number): string {
  const untilMs = servedUntilMs ?? nowMs;
  return `${input.to.version} may have served from ${rfc3339(fromMs)} until ${rfc3339(untilMs)} (${duration(untilMs - fromMs)})`;
}

/** An object that is written wrongly. The same problems are the same event, wherever their lines move to. */
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

/** Of an app that is not healthy. */
export interface IllnessOf {
  readonly app: string;
  readonly version: string | null;
  /** When the app's condition `Healthy` last changed: names the illness. */
  readonly since: string;
  readonly nowMs: number;
}

/** An app fell ill between transitions. It is told, and never rolled back. */
export function unhealthyAlert(
  illness: IllnessOf & { readonly health: Extract<AppHealth, { kind: 'unhealthy' }> },
): Alert {
  const { app, version, since, health, nowMs } = illness;
  const what = version === null ? app : `${app} ${version}`;
  return alertOf({
    kind: 'unhealthy',
    app,
    severity: 'critical',
    title: `${app} is not healthy`,
    message: `${what} is not healthy since ${since}: ${sentence(health.message)}\nIt is not rolled back: it was healthy with this version before. Look at its logs and its host.`,
    atMs: nowMs,
    fingerprint: `unhealthy/${app}/${since}`,
    from: version,
    reasons: [{ reason: health.reason, file: null, line: null, from: version, to: null }],
    resolve: `ci-warm get warmapp ${app} -o yaml`,
  });
}
