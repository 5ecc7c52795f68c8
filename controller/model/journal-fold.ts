/**
 * From journal records to what they mean: the one transition that has no end yet, and those that have one.
 *
 * Not here: what is to be done next in an open transition (transitions/progress.ts), and how lines become records
 * (adapters/files). Records that contradict each other are never smoothed over: whoever reads them must say so, because
 * a transition that is forgotten is one whose data is not brought back (L2, U1). A record that is written twice is
 * none of that: an append that failed may have happened all the same (L4).
 */
import { withoutDrills } from './drill-verdict.ts';
import type {
  JournalRecord,
  PhaseFailure,
  TransitionEnd,
  TransitionInput,
  TransitionSummary,
} from './journal.ts';

export interface JournalView {
  /** Records of the open transition, oldest first, beginning with its `begin`; empty when there is none. */
  readonly open: readonly JournalRecord[];
  /** Finished transitions, oldest first. */
  readonly history: readonly TransitionSummary[];
  /** What the newest transition knew of the app when it began. */
  readonly frozen: Pick<TransitionInput, 'app' | 'policy'> | null;
}

export type FoldStep =
  | { readonly kind: 'ok'; readonly view: JournalView }
  /** `why`: what the record is at odds with, as the end of a sentence. */
  | { readonly kind: 'contradiction'; readonly why: string };

/** Of an empty journal. */
export const emptyJournal: JournalView = { open: [], history: [], frozen: null };

/** The view with one more record. An app has at most one transition open at a time (R1). */
export function foldRecord(view: JournalView, record: JournalRecord): FoldStep {
  const openId = view.open[0]?.id;
  if (record.id === openId) return { kind: 'ok', view: withRecord(view, record) };
  if (view.history.some(({ id }) => id === record.id)) {
    return isBegin(record)
      ? contradiction(`begins transition ${record.id}, which has ended already`)
      : { kind: 'ok', view };
  }
  if (openId !== undefined) {
    return contradiction(`belongs to transition ${record.id} while ${openId} has not ended`);
  }
  return isBegin(record)
    ? { kind: 'ok', view: { ...view, open: [record], frozen: frozenIn(record.input) } }
    : contradiction(`belongs to transition ${record.id}, which never began`);
}

/**
 * The transitions that compaction keeps: the open one, the newest `finishedMax` of the others, and the newest that
 * touched anything. That one says which version was last on the data, however often nothing came of what followed (P2).
 */
export function idsToKeep(view: JournalView, finishedMax: number): ReadonlySet<string> {
  const finished = view.history.slice(-finishedMax).map(({ id }) => id);
  const touched = withoutDrills(view.history).findLast(({ end }) => end !== 'abandoned');
  if (touched !== undefined) finished.push(touched.id);
  return new Set([...finished, ...view.open.slice(0, 1).map(({ id }) => id)]);
}

function withRecord(view: JournalView, record: JournalRecord): JournalView {
  if (isBegin(record)) return view;
  const records = [...view.open, record];
  const [begin] = records;
  const end = endOf(record);
  if (end === undefined || begin === undefined || !isBegin(begin)) {
    return { ...view, open: records };
  }
  const { input } = begin;
  const summary: TransitionSummary = {
    id: begin.id,
    kind: begin.transition,
    startedAt: begin.at,
    endedAt: record.at,
    end,
    fromVersion: input.leaves?.version ?? input.from?.version ?? null,
    toVersion: input.to.version,
    toCommit: input.to.commit,
    toSpecHash: input.to.specHash,
    domain: input.app.domain,
    recipe: input.app.recipe,
    snapshotId: input.snapshotId ?? leftWith(begin.transition, end, records),
    ...failedIn(begin, end),
    failure: end === 'succeeded' ? null : standingFailure(records),
  };
  return { ...view, open: [], history: [...view.history, summary] };
}

function frozenIn({ app, policy }: TransitionInput): JournalView['frozen'] {
  return { app, policy };
}

/**
 * The snapshot without which there is no way on: it holds all that is left of a retired app's data, which must not come
 * back empty; or what the data was before a target ran on it whose way back has failed (P2).
 */
function leftWith(
  kind: TransitionSummary['kind'],
  end: TransitionEnd,
  records: readonly JournalRecord[],
): string | null {
  if (kind !== 'retire' && end !== 'stranded') return null;
  for (const record of records) {
    if (record.event !== 'outcome' || record.result.kind !== 'ok') continue;
    if (record.result.data?.snapshotId !== undefined) return record.result.data.snapshotId;
  }
  return null;
}

/** What the next way back has to see to, however often one fails. */
function failedIn(
  { transition, input }: BeginRecord,
  end: TransitionEnd,
): Pick<TransitionSummary, 'failed'> {
  const failed = transition === 'upgrade' ? input.to : input.failed;
  return end === 'stranded' && failed !== undefined ? { failed } : {};
}

/** The first phase that failed and did not succeed when it was tried again. */
function standingFailure(records: readonly JournalRecord[]): PhaseFailure | null {
  const failures = new Map<string, PhaseFailure>();
  for (const record of records) {
    if (record.event !== 'outcome') continue;
    if (record.result.kind === 'ok') failures.delete(record.phase);
    if (record.result.kind === 'failed') failures.set(record.phase, record.result.failure);
  }
  return failures.values().next().value ?? null;
}

type BeginRecord = Extract<JournalRecord, { readonly phase: 'begin'; readonly input: object }>;

function isBegin(record: JournalRecord): record is BeginRecord {
  return record.event === 'intent' && record.phase === 'begin' && record.input !== undefined;
}

function endOf(record: JournalRecord): TransitionEnd | undefined {
  if (record.event !== 'outcome' || record.phase !== 'end') return undefined;
  const { kind } = record.result;
  return kind === 'ok' || kind === 'failed' ? undefined : kind;
}

function contradiction(why: string): FoldStep {
  return { kind: 'contradiction', why };
}
