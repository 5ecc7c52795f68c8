/** Transitions of one app as rows, newest first: what `ci-warm history` shows. */
import type { JournalRecord, TransitionEnd, TransitionSummary } from '../model/journal.ts';
import type { AppRecord } from '../model/record.ts';
import type { Cell, Table, Tone } from './table.ts';
import { duration, oneLine } from './text.ts';

const tones: Readonly<Record<TransitionEnd, Tone>> = {
  succeeded: 'good',
  'rolled-back': 'warn',
  abandoned: 'warn',
  undeployed: 'bad',
  stranded: 'bad',
};

export function historyTable(record: AppRecord, { wide }: { readonly wide: boolean }): Table {
  const columns = ['STARTED', 'TRANSITION', 'FROM', 'TO', 'END', 'TOOK', 'REASON'];
  const open = record.open[0];
  const rows = record.history.toReversed().map((summary) => row(summary, wide));
  return {
    columns: wide ? [...columns, 'ID', 'MESSAGE'] : columns,
    rows: open === undefined ? rows : [openRow(open, record.open.at(-1), wide), ...rows],
  };
}

function row(summary: TransitionSummary, wide: boolean): readonly Cell[] {
  const { startedAt, endedAt, kind, fromVersion, toVersion, end, failure, id } = summary;
  const cells: readonly Cell[] = [
    startedAt,
    kind,
    fromVersion ?? '',
    toVersion,
    { text: end, tone: tones[end] },
    duration(Date.parse(endedAt) - Date.parse(startedAt)).replaceAll(' ', ''),
    failure?.reason ?? '',
  ];
  return wide ? [...cells, id, oneLine(failure?.message ?? '')] : cells;
}

function openRow(
  begin: JournalRecord,
  last: JournalRecord | undefined,
  wide: boolean,
): readonly Cell[] {
  const input = 'input' in begin ? begin.input : undefined;
  const cells: readonly Cell[] = [
    begin.at,
    begin.transition,
    input?.from?.version ?? '',
    input?.to.version ?? '',
    { text: `in-${last?.phase ?? begin.phase}`, tone: 'warn' },
    '',
    '',
  ];
  return wide ? [...cells, begin.id, ''] : cells;
}
