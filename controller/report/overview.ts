/** The state of everything as one page: what `ci-warm status` prints. What needs a person comes first and in full. */
import type { Condition, ObjectStatus } from '../model/condition.ts';
import { conditionOf, summaryCondition, summaryOf } from './index-file.ts';
import { inOrder, objectTable } from './object-table.ts';
import { plain, renderTable, type Paint } from './table.ts';
import { inFile, sentence } from './text.ts';

/** Conditions that ask for a person when they are true. */
const asking: readonly Condition['type'][] = [
  'Stalled',
  'Reconciling',
  'Quarantined',
  'RolledBack',
  'UpgradeHeld',
  'Orphaned',
];

export function overviewText(
  statuses: readonly ObjectStatus[],
  controller: string,
  { wide = false, paint = plain }: { readonly wide?: boolean; readonly paint?: Paint } = {},
): string {
  const notes = inOrder(statuses)
    .filter(needsWords)
    .toSorted((a, b) => urgency(a) - urgency(b))
    .map((status) => noteOn(status, paint));
  if (statuses.length === 0) return `${summaryOf(statuses)}\n${controller}\n`;
  return [
    `${summaryOf(statuses)}\n${controller}\n`,
    renderTable(objectTable(inOrder(statuses), { wide, mixed: true }), paint),
    ...notes,
  ].join('\n');
}

function needsWords(status: ObjectStatus): boolean {
  return (
    summaryCondition(status).status !== 'True' ||
    asking.some((type) => conditionOf(status, type)?.status === 'True')
  );
}

function urgency(status: ObjectStatus): number {
  return { False: 0, Unknown: 1, True: 2 }[summaryCondition(status).status];
}

/** The object, what its conditions say, and the evidence of a hold. */
function noteOn(status: ObjectStatus, paint: Paint): string {
  const summary = summaryCondition(status);
  const tone = { True: 'warn', False: 'bad', Unknown: 'warn' } as const;
  const said = new Set<string>();
  const messages = [
    summary.message,
    ...asking
      .map((type) => conditionOf(status, type))
      .filter((condition) => condition?.status === 'True')
      .map((condition) => condition?.message ?? ''),
  ].filter((message) => message !== '' && !said.has(message) && said.add(message));
  return [
    paint(`${status.kind} ${status.name}: ${summary.reason}`, tone[summary.status]),
    ...messages.map((message) => `  ${message}`),
    ...evidenceOf(status).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function evidenceOf({ hold }: ObjectStatus): readonly string[] {
  return (hold?.reasons ?? []).map(
    ({ reason, message, file, line }) => `- ${reason}${inFile(file, line)}: ${sentence(message)}`,
  );
}
