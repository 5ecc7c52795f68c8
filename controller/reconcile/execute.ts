/**
 * One transition, from wherever its journal says it stands, to its end: write the intent, perform it, write the outcome,
 * ask the table for the next phase. Reads neither desired nor observed state: the journal froze what it needs.
 *
 * L2: killed between any two lines of this loop, the next call goes on from the journal. R1: the caller runs at most one
 * per app.
 */
import { CiWarmError, reasonOf } from '../model/failure.ts';
import type { JournalRecord, PhaseFailure, TransitionEnd } from '../model/journal.ts';
import { stuckAlert } from '../report/stuck-alert.ts';
import type { PhaseRow } from '../transitions/machine.ts';
import { progressOf, type Progress } from '../transitions/progress.ts';
import type { PerformDeps } from './job.ts';
import { perform } from './perform.ts';

/** `interrupted`: the controller is stopping; the journal stays open and the next start goes on. */
export type Executed = TransitionEnd | 'interrupted';

const PAUSE_FIRST_MS = 500;
const PAUSE_LONGEST_MS = 30_000;
/** So often a step that must be done fails, over half a minute or so, before a person is told. */
const STUCK_AFTER = 6;

/** `records`: those of one transition, beginning with its `begin`, as they are in the journal. */
export async function executeTransition(
  records: readonly JournalRecord[],
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Executed> {
  const written = [...records];
  /** Attempts of the phase under way that the journal does not tell of. */
  let untold = 0;
  const write = async (record: JournalRecord): Promise<void> => {
    await appendPersistently(record, deps, signal);
    written.push(record);
  };
  try {
    for (;;) {
      const progress = progressOf(written);
      if (progress === undefined) {
        throw new CiWarmError(
          'state-invalid',
          `the journal of ${written[0]?.app ?? 'an app'} cannot be followed`,
        );
      }
      if (progress.step.kind === 'ended') return 'succeeded';
      const stamp = stampOf(progress, deps);
      if (progress.step.kind === 'end') {
        const { end } = progress.step;
        await write({ ...stamp, phase: 'end', event: 'outcome', result: { kind: end } });
        deps.log.info('transition ended', { app: stamp.app, transition: stamp.id, end });
        return end;
      }
      const { phase, row, attempt, pause } = progress.step;
      if (pause) await deps.clock.sleep(pauseMs(attempt + untold), signal);
      signal.throwIfAborted();
      const { app, id } = stamp;
      deps.log.info('phase begins', { app, transition: id, phase, attempt: attempt + untold });
      if (untold === 0) await write({ ...stamp, phase, event: 'intent' });
      const result = await perform(row.intent, progress, deps, signal);
      if (result.kind === 'failed') {
        logFailure(result.failure, phase, stamp, deps);
        const failures = progress.step.answered + untold + 1;
        if (isStuck(row, result.failure, failures)) {
          await tellStuck(progress, phase, result.failure, deps);
        }
        if (isTold(written, phase, result.failure) && isWaitedOut(row, result.failure)) {
          untold += 1;
          continue;
        }
      }
      untold = 0;
      await write({ ...stamp, at: now(deps), phase, event: 'outcome', result });
    }
  } catch (thrown) {
    if (signal.aborted) return 'interrupted';
    throw thrown;
  }
}

/** Tried again however often it happens: how often it did changes nothing, so the journal need not grow by it. */
function isWaitedOut(row: PhaseRow<string>, failure: PhaseFailure): boolean {
  return row.failed(failure, Infinity).kind === 'retry';
}

/** Nothing but its own success ends this phase, and nothing else is done to the app meanwhile. */
function isStuck(row: PhaseRow<string>, failure: PhaseFailure, failures: number): boolean {
  return !failure.noAnswer && failures >= STUCK_AFTER && isWaitedOut(row, failure);
}

/** Once, for the store knows what it has (A1). What cannot be told now is told with the next failure. */
async function tellStuck(
  { id, kind, input, failure: turnedBy }: Progress,
  phase: string,
  failure: PhaseFailure,
  { alerts, clock, log }: PerformDeps,
): Promise<void> {
  const transition = { id, kind, input, phase, turnedBy };
  try {
    await alerts.raise(stuckAlert({ ...transition, failure, nowMs: clock.now() }));
  } catch (thrown) {
    log.error('an alert could not be written', { app: input.app.name, why: reasonOf(thrown) });
  }
}

function isTold(
  written: readonly JournalRecord[],
  phase: string,
  { reason }: PhaseFailure,
): boolean {
  return written.some((record) => record.phase === phase && failureIn(record)?.reason === reason);
}

function failureIn(record: JournalRecord): PhaseFailure | undefined {
  return record.event === 'outcome' && record.result.kind === 'failed'
    ? record.result.failure
    : undefined;
}

function logFailure(
  { verdict, reason, message }: PhaseFailure,
  phase: string,
  { app, id }: Pick<JournalRecord, 'app' | 'id'>,
  deps: PerformDeps,
): void {
  deps.log.warn('phase failed', { app, transition: id, phase, verdict, reason, why: message });
}

function stampOf(
  progress: Progress,
  deps: PerformDeps,
): Pick<JournalRecord, 'at' | 'id' | 'app' | 'transition'> {
  return {
    at: now(deps),
    id: progress.id,
    app: progress.input.app.name,
    transition: progress.kind,
  };
}

function now(deps: PerformDeps): string {
  return new Date(deps.clock.now()).toISOString();
}

function pauseMs(attempt: number): number {
  return Math.min(PAUSE_FIRST_MS * 2 ** (attempt - 2), PAUSE_LONGEST_MS);
}

/**
 * Nothing may be done that the journal does not know. So a journal that cannot be written (a full disk) stops the
 * transition where it is, until it can, rather than letting it go on unrecorded.
 */
async function appendPersistently(
  record: JournalRecord,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 2; ; attempt += 1) {
    try {
      await deps.store.append(record);
      return;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      deps.log.error('the journal cannot be written; waiting', {
        app: record.app,
        why: reasonOf(thrown),
      });
      await deps.clock.sleep(pauseMs(attempt), signal);
      signal.throwIfAborted();
    }
  }
}
