/**
 * Where a transition stands, read from its journal records alone. This is the crash recovery: whatever the last record
 * is, exactly one thing is to be done next (L2).
 *
 * | last record            | next                                                         |
 * |------------------------|--------------------------------------------------------------|
 * | begin                  | the first phase                                              |
 * | intent of a phase      | that phase again: nobody knows how far it came               |
 * | outcome of a phase     | the phase, the retry or the end that the table names for it  |
 * | end                    | nothing                                                      |
 */
import type {
  JournalRecord,
  PhaseData,
  PhaseFailure,
  TransitionInput,
  TransitionKind,
} from '../model/journal.ts';
import type { PhaseRow, TransitionTable } from './machine.ts';
import { tableOf } from './tables.ts';
import type { TransitionEnd } from '../model/journal.ts';

export interface Progress {
  readonly id: string;
  readonly kind: TransitionKind;
  readonly input: TransitionInput;
  readonly startedAt: string;
  /** What the phases so far have found out. */
  readonly data: PhaseData;
  /** The failure that turned the transition round. One that was tried again and got over is none. */
  readonly failure: PhaseFailure | null;
  /** The newest failure, where it is another one: why the way back failed. */
  readonly lastFailure: PhaseFailure | null;
  readonly step: Step;
}

export type Step =
  | {
      readonly kind: 'perform';
      readonly phase: string;
      readonly row: PhaseRow<string>;
      /** Counts from 1; grows with each outcome that led back to the same phase. */
      readonly attempt: number;
      /** Failures of the attempts before that were answers: waiting for one uses no attempt up. */
      readonly answered: number;
      /** Back-off before it is performed: this attempt follows a failed one. */
      readonly pause: boolean;
    }
  | { readonly kind: 'end'; readonly end: TransitionEnd }
  | { readonly kind: 'ended' };

/** Undefined: the records are not those of a transition (no `begin`, or a phase that its table does not know). */
export function progressOf(records: readonly JournalRecord[]): Progress | undefined {
  const [begin] = records;
  if (begin?.event !== 'intent' || begin.input === undefined) return undefined;
  const table = tableOf(begin.transition, begin.input);
  let step: Step | undefined = performStep(table, table.first, first);
  const { snapshotId } = begin.input;
  let data: PhaseData = snapshotId === null ? {} : { snapshotId };
  let failure: PhaseFailure | null = null;
  let lastFailure: PhaseFailure | null = null;
  for (const [index, record] of records.entries()) {
    if (index === 0 || isRepeated(record, records[index - 1])) continue;
    if (step?.kind !== 'perform') break;
    if (record.event === 'intent') {
      data = withService(data, step.row, record.at);
      continue;
    }
    if (record.phase === 'end') {
      step = { kind: 'ended' };
      break;
    }
    if (record.phase !== step.phase) return undefined;
    const { result } = record;
    if (result.kind === 'ok') data = { ...data, ...result.data };
    if (result.kind !== 'ok' && result.kind !== 'failed') return undefined;
    const next = afterOutcome(table, step, result);
    // A failure that was waited out turned nothing round, and must not be taken for the cause of what came later.
    const isRetried = next?.kind === 'perform' && next.phase === step.phase;
    if (result.kind === 'failed') {
      if (failure !== null) lastFailure = result.failure;
      else if (!isRetried) failure = result.failure;
    }
    step = next;
  }
  if (records.some((record) => record.phase === 'end')) step = { kind: 'ended' };
  if (step === undefined) return undefined;
  return {
    id: begin.id,
    kind: begin.transition,
    input: begin.input,
    startedAt: begin.at,
    data,
    failure,
    lastFailure,
    step,
  };
}

/**
 * From the first intent to deploy the target on, it may have served: also where that failed half way, or where nobody
 * lived to write what came of it.
 */
function withService(data: PhaseData, { intent }: PhaseRow<string>, at: string): PhaseData {
  const isTarget = intent.kind === 'deploy' && intent.which === 'to';
  return isTarget ? { servedFromMs: Date.parse(at), ...data } : data;
}

/**
 * An append that answered an error may have been done, and is made again (L4): an outcome right behind an outcome of the
 * same phase, without an intent between them, is the same one.
 */
function isRepeated(record: JournalRecord, before: JournalRecord | undefined): boolean {
  return record.event === 'outcome' && before?.event === 'outcome' && record.phase === before.phase;
}

function afterOutcome(
  table: TransitionTable,
  step: Extract<Step, { kind: 'perform' }>,
  result: { readonly kind: 'ok' } | { readonly kind: 'failed'; readonly failure: PhaseFailure },
): Step | undefined {
  const isAnswer = result.kind === 'failed' && !result.failure.noAnswer;
  const answered = step.answered + (isAnswer ? 1 : 0);
  const next = result.kind === 'ok' ? step.row.ok : step.row.failed(result.failure, answered);
  switch (next.kind) {
    case 'phase':
      return performStep(table, next.phase, first);
    case 'retry':
      return performStep(table, step.phase, { attempt: step.attempt + 1, answered, pause: true });
    case 'end':
      return { kind: 'end', end: next.end };
    default:
      return next satisfies never;
  }
}

type Count = Pick<Extract<Step, { kind: 'perform' }>, 'attempt' | 'answered' | 'pause'>;

const first: Count = { attempt: 1, answered: 0, pause: false };

function performStep(table: TransitionTable, phase: string, count: Count): Step | undefined {
  const row = table.phases[phase];
  return row === undefined ? undefined : { kind: 'perform', phase, row, ...count };
}
