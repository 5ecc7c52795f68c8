/**
 * A retirement whose last step fails again and again. It goes on trying by itself and there is no way back (half of the
 * data is none), so a person is told once where it hangs and what ends it.
 */
import type { Alert } from '../model/alert.ts';
import type { PhaseFailure, TransitionInput } from '../model/journal.ts';
import type { PlanEntry } from '../model/plan.ts';
import { alertOf } from './alert-parts.ts';
import { sentence } from './text.ts';

/** The same transition gives the same fingerprint, however often it failed (A1). */
export function stuckAlert(stuck: {
  readonly id: string;
  readonly input: TransitionInput;
  readonly failure: PhaseFailure;
  readonly nowMs: number;
}): Alert {
  const { id, input, failure, nowMs } = stuck;
  const app = input.app.name;
  const { version } = input.to;
  return alertOf({
    kind: 'rollback-failed',
    app,
    severity: 'critical',
    title: `${app}: its retirement does not come to its end`,
    message: [
      `Its live volumes are not taken away: ${sentence(failure.message)}`,
      `${app} is undeployed, and what is left of its volumes is kept until this is mended. It is tried again by itself, and goes on once the cause is gone.`,
    ].join('\n'),
    atMs: nowMs,
    fingerprint: fingerprintOf(app, id),
    from: version,
    to: version,
    reasons: [{ reason: failure.reason, file: null, line: null, from: version, to: version }],
    lastLogs: failure.lastLogs,
    resolve: wayOut(input, failure),
  });
}

/** Fingerprints of the retirements that are at this step now: whatever was told of them holds still. */
export function stuckRetirements(entries: readonly PlanEntry[]): readonly string[] {
  return entries.flatMap(({ object, decision }) =>
    decision.kind === 'in-transition' &&
    decision.transition === 'retire' &&
    decision.phase === 'clear'
      ? [fingerprintOf(object.name, decision.id)]
      : [],
  );
}

function fingerprintOf(app: string, id: string): string {
  return `rollback-failed/${app}/${id}`;
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
