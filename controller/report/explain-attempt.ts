/** What was tried last with an app, or is under way: the phases that the journal knows, and how each answered. */
import type { JournalRecord } from '../model/journal.ts';
import type { AppRecord } from '../model/record.ts';
import type { Described } from './described.ts';
import type { Decided } from './explain.ts';
import { summaryCondition } from './index-file.ts';
import { duration, sentence } from './text.ts';

const QUESTION = 'Did the last attempt succeed?';

/** While a transition is under way the answer is unknown. */
export function attemptDecision({ status, record, nowMs }: Described): Decided {
  const base = { question: QUESTION, evidence: [], toChange: null } as const;
  if (record?.known === false) {
    return { ...base, answer: 'unknown', because: [sentence(record.why)] };
  }
  const app = record?.value;
  if (app !== undefined && app.open.length > 0) {
    return { ...base, answer: 'unknown', because: underWay(app.open, nowMs) };
  }
  const last = app?.history.at(-1);
  if (last === undefined) return { ...base, answer: 'yes', because: ['Nothing was tried yet.'] };
  const { kind, id, fromVersion, toVersion, end, endedAt, failure } = last;
  const from = fromVersion === null ? '' : `from ${fromVersion} `;
  const { reason, message } = summaryCondition(status);
  return {
    ...base,
    answer: end === 'succeeded' ? 'yes' : 'no',
    because: [
      sentence(`${kind} ${id} ${from}to ${toVersion} ended on ${endedAt}: ${end}`),
      ...(failure === null
        ? []
        : [sentence(`${failure.reason} (${failure.verdict}): ${failure.message}`)]),
      ...(reason === 'BackingOff' ? [sentence(message)] : []),
    ],
    toChange: end === 'succeeded' ? null : advice(status.name, app),
  };
}

/** A quarantine has its own question, and its own way out. */
function advice(name: string, app: AppRecord | undefined): string | null {
  return app?.quarantine === null
    ? `ci-warm alerts and ci-warm history ${name} -o wide say more`
    : null;
}

/** A sentence for the whole, and one for each phase. */
function underWay(open: readonly JournalRecord[], nowMs: number): readonly string[] {
  const [begin] = open;
  if (begin === undefined) return [];
  const input = 'input' in begin ? begin.input : undefined;
  const from = input?.from === null || input === undefined ? '' : `from ${input.from.version} `;
  const to = input === undefined ? '' : `to ${input.to.version} `;
  const age = duration(Math.max(0, nowMs - Date.parse(begin.at)));
  return [
    sentence(`${begin.transition} ${begin.id} ${from}${to}is under way since ${begin.at} (${age})`),
    ...phases(open).map(sentence),
  ];
}

interface Tried {
  readonly phase: string;
  readonly result: string;
  /** Of the last time. */
  readonly endedAt: string;
  readonly tookMs: number;
  readonly count: number;
}

/** What was tried again with the same result is one sentence. */
function phases(open: readonly JournalRecord[]): readonly string[] {
  const tried: Tried[] = [];
  let begun: JournalRecord | undefined;
  for (const record of open.slice(1)) {
    if (record.event === 'intent') {
      begun = record;
      continue;
    }
    const { phase, at: endedAt } = record;
    const result = resultOf(record);
    const tookMs = Date.parse(endedAt) - Date.parse(begun?.at ?? endedAt);
    const last = tried.at(-1);
    const isAgain = last?.phase === phase && last.result === result;
    if (isAgain) tried.pop();
    tried.push({ phase, result, endedAt, tookMs, count: isAgain ? last.count + 1 : 1 });
    begun = undefined;
  }
  const now =
    begun === undefined ? [] : [`Phase ${begun.phase} was begun on ${begun.at} and has not ended`];
  return [...tried.map(triedText), ...now];
}

function triedText({ phase, result, endedAt, tookMs, count }: Tried): string {
  return count === 1
    ? `Phase ${phase} took ${duration(tookMs)}: ${result}`
    : `Phase ${phase} was tried ${String(count)} times, last on ${endedAt}: ${result}`;
}

function resultOf(record: Extract<JournalRecord, { readonly event: 'outcome' }>): string {
  const { result } = record;
  if (result.kind !== 'failed') return result.kind;
  const { reason, verdict, message } = result.failure;
  return `failed: ${reason} (${verdict}): ${message}`;
}
