/** The alert of a drill that found a snapshot that cannot be restored: before it was needed. */
import type { Alert } from '../model/alert.ts';
import type { PhaseFailure, TransitionInput } from '../model/journal.ts';
import { alertOf } from './alert-parts.ts';
import { sentence } from './text.ts';

/** One per snapshot: the next upgrade takes another. */
export function snapshotInvalidAlert({
  input,
  failure,
  nowMs,
}: {
  readonly input: TransitionInput;
  readonly failure: PhaseFailure;
  readonly nowMs: number;
}): Alert {
  const app = input.app.name;
  const { version } = input.to;
  return alertOf({
    kind: 'snapshot-invalid',
    app,
    severity: 'critical',
    title: `${app}: its snapshot of ${version} cannot be restored`,
    message: [
      sentence(failure.message),
      `${app} itself was not touched and runs on. As long as this is so there is no way back to ${version} with its data.`,
    ].join('\n'),
    atMs: nowMs,
    fingerprint: `snapshot-invalid/${app}/${input.snapshotId ?? ''}`,
    to: version,
    reasons: [{ reason: failure.reason, file: null, line: null, from: null, to: version }],
    lastLogs: failure.lastLogs,
    resolve: `ci-warm snapshot verify ${app}; the next upgrade takes a new snapshot`,
  });
}
