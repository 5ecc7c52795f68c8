/**
 * The one error type that edges throw, and what a caller may do about it.
 *
 * Pure code returns unions; only adapters throw. `reconcile/perform.ts` is the one place that turns a throw into an
 * outcome, and it decides by `code` alone: the text is for people.
 */

/**
 * - `no-answer`: Docker or a server did not answer, or has no leader. Says nothing about the world (L1).
 * - `timed-out`: a bounded wait ended. What was waited for may still happen.
 * - `aborted`: the caller's signal asked for it.
 * - `not-undeployed`: something still uses the volumes (S1).
 * - `registry-unavailable`: Docker answered, and the image registry did not. Says nothing about the image (L1).
 * - `registry-denied`: the registry answered that this host may not have the image.
 * - `image-missing`: the registry answered, and the image is not there.
 * - `disk-full`: no room, or the reserve would be broken.
 * - `snapshot-invalid`: a snapshot is damaged or does not belong here (S3).
 * - `recipe-invalid`: the recipe or its configuration cannot be deployed as it is.
 * - `conflict`: an object of that name exists and is not what we want (volume options, foreign owner).
 * - `state-invalid`: a state file is damaged.
 * - `busy`: another process holds the lock.
 * - `tool-failed`: a program that we ran failed in a way that is none of the above.
 */
export type FailureCode =
  | 'no-answer'
  | 'timed-out'
  | 'aborted'
  | 'not-undeployed'
  | 'registry-unavailable'
  | 'registry-denied'
  | 'image-missing'
  | 'disk-full'
  | 'snapshot-invalid'
  | 'recipe-invalid'
  | 'conflict'
  | 'state-invalid'
  | 'busy'
  | 'tool-failed';

export class CiWarmError extends Error {
  readonly code: FailureCode;

  /** `message`: what was being done, on what, why it failed and what to do next. Never a secret's value. */
  constructor(code: FailureCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CiWarmError';
    this.code = code;
  }
}

/** The text of anything thrown, for a message that wraps it. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
