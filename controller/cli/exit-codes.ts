/** What the exit code says: the contract's table, and the only place where a number stands. */
import { assertNever } from '../model/assert-never.ts';
import type { FailureCode } from '../model/failure.ts';

export const exitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  timedOut: 3,
  unreachable: 4,
  unsuccessful: 5,
  held: 6,
  busy: 7,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The exit code of a command that ended with such a failure. */
export function exitCodeOf(code: FailureCode): ExitCode {
  switch (code) {
    case 'busy':
      return exitCode.busy;
    case 'no-answer':
    case 'registry-unavailable':
      return exitCode.unreachable;
    case 'timed-out':
      return exitCode.timedOut;
    case 'recipe-invalid':
      return exitCode.usage;
    case 'aborted':
    case 'not-undeployed':
    case 'registry-denied':
    case 'image-missing':
    case 'disk-full':
    case 'snapshot-invalid':
    case 'conflict':
    case 'state-invalid':
    case 'tool-failed':
      return exitCode.failed;
    default:
      return assertNever(code, 'failure code');
  }
}
