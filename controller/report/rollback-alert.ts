/**
 * The alerts of a transition that was turned round: how that ended, whose fault it was, what was lost and what to do. Its
 * id is the fingerprint, so each is told once (A1).
 */
import type { Alert } from '../model/alert.ts';
import type { PhaseFailure, TransitionInput, TransitionKind } from '../model/journal.ts';
import type { Known } from '../model/known.ts';
import { alertOf } from './alert-parts.ts';
import { duration, rfc3339, sentence } from './text.ts';

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
