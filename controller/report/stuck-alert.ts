/**
 * A last step that must be done, and fails again and again: the record of what was proved, of how a transition ended, or
 * the end of a retirement. It goes on trying by itself and there is no way round it, so a person is told once where it
 * hangs and what ends it.
 */
import type { Alert } from '../model/alert.ts';
import type { PhaseFailure, TransitionInput, TransitionKind } from '../model/journal.ts';
import type { PlanEntry } from '../model/plan.ts';
import { alertOf } from './alert-parts.ts';
import { sentence } from './text.ts';

interface Stuck {
  readonly id: string;
  readonly kind: TransitionKind;
  readonly input: TransitionInput;
  /** The step that fails. */
  readonly phase: string;
  /** What turned the transition round before; null: nothing did. */
  readonly turnedBy: PhaseFailure | null;
  readonly failure: PhaseFailure;
  readonly nowMs: number;
}

/** The same step of the same transition gives the same fingerprint, however often it failed (A1). */
export function stuckAlert(stuck: Stuck): Alert {
  const { id, kind, input, phase, failure, nowMs } = stuck;
  const app = input.app.name;
  const { version } = input.to;
  const isClear = isRetirementsLast(kind, phase);
  return alertOf({
    kind: 'rollback-failed',
    app,
    severity: isClear || isDown(phase) ? 'critical' : 'warning',
    title: `${app}: its ${isClear ? 'retirement' : kind} does not come to its end`,
    message: (isClear ? wordsOfRetirement(stuck) : wordsOfRecord(stuck)).join('\n'),
    atMs: nowMs,
    fingerprint: fingerprintOf(app, id, kind, phase),
    from: input.from?.version ?? null,
    to: version,
    reasons: [
      {
        reason: failure.reason,
        file: null,
        line: null,
        from: input.from?.version ?? null,
        to: version,
      },
    ],
    lastLogs: failure.lastLogs,
    resolve: wayOut(input, failure),
  });
}

function wordsOfRetirement({ input, failure }: Stuck): readonly string[] {
  const app = input.app.name;
  return [
    `Its live volumes are not taken away: ${sentence(failure.message)}`,
    `${app} is undeployed, and what is left of its volumes is kept until this is mended. It is tried again by itself, and goes on once the cause is gone.`,
  ];
}

function wordsOfRecord({ kind, input, turnedBy, failure }: Stuck): readonly string[] {
  const app = input.app.name;
  const { version } = input.to;
  const isProved = turnedBy === null;
  return [
    isProved
      ? `${app} runs ${version}, which was found healthy, and the ${kind} cannot be brought to its end: ${sentence(failure.message)}`
      : `${kind === 'upgrade' || kind === 'install' ? version : `Its ${kind}`} failed: ${sentence(turnedBy.message)}`,
    ...(isProved ? [] : [`How that ended cannot be recorded: ${sentence(failure.message)}`]),
    `${app} is left as it is, and nothing else is done to it until this is mended. It is tried again by itself, and goes on once the cause is gone.`,
  ];
}

/** Fingerprints of what hangs where transitions are now, if it does: whatever was told of them holds still. */
export function stuckSteps(entries: readonly PlanEntry[]): readonly string[] {
  return entries.flatMap(({ object, decision }) =>
    decision.kind === 'in-transition'
      ? [fingerprintOf(object.name, decision.id, decision.transition, decision.phase)]
      : [],
  );
}

/** Whether an alert was about a step that hung, and not about a way back that had failed. */
export function isOfStuckStep(fingerprint: string): boolean {
  return /^rollback-failed\/[^/]+\/[^/]+\/[^/]+$/.test(fingerprint);
}

/** A way back that had failed is told by the transition alone: its end must not be taken for told already. */
function fingerprintOf(app: string, id: string, kind: TransitionKind, phase: string): string {
  const transition = `rollback-failed/${app}/${id}`;
  return isRetirementsLast(kind, phase) ? transition : `${transition}/${phase}`;
}

function isRetirementsLast(kind: TransitionKind, phase: string): boolean {
  return kind === 'retire' && phase === 'clear';
}

/** The app is off the Swarm while it waits for this step. */
function isDown(phase: string): boolean {
  return phase === 'conclude-strand' || phase === 'conclude-undeployed';
}

function wayOut({ app }: TransitionInput, { reason }: PhaseFailure): string {
  switch (reason) {
    case 'SnapshotInvalid':
      return `put the snapshot that it was saved in back under ${app.name}/.snapshots in the state directory, with ${app.name}/snapshot leading to it`;
    case 'StillInUse':
    case 'Conflict':
      return `remove what uses the volumes of ${app.stack}: docker ps --all --filter volume=NAME shows it`;
    default:
      return `remove the cause; ci-warm describe ${app.name} shows when it went on`;
  }
}
