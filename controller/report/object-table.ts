/** Objects as rows: what `ci-warm get` and `ci-warm status` show. */
import type { Condition, ObjectStatus } from '../model/condition.ts';
import type { Kind } from '../model/desired.ts';
import { conditionOf, summaryCondition } from './index-file.ts';
import type { Cell, Table, Tone } from './table.ts';
import { byText } from './text.ts';

/** Kinds of object that have versions to show. */
const versioned: readonly Kind[] = ['WarmApp', 'Canonical'];

const tones: Readonly<Record<Condition['status'], Tone>> = {
  True: 'good',
  False: 'bad',
  Unknown: 'warn',
};

interface Column {
  readonly heading: string;
  readonly cell: (status: ObjectStatus) => Cell;
}

const kind: Column = { heading: 'KIND', cell: (status) => status.kind };
const name: Column = { heading: 'NAME', cell: (status) => status.name };
const ready: Column = { heading: 'READY', cell: readyCell };
const reason: Column = { heading: 'REASON', cell: (status) => summaryCondition(status).reason };
const version: Column = { heading: 'VERSION', cell: (status) => status.versions.current ?? '' };
const target: Column = { heading: 'TARGET', cell: (status) => status.versions.target ?? '' };
const latest: Column = { heading: 'LATEST', cell: (status) => status.versions.latest ?? '' };
const held: Column = {
  heading: 'HELD',
  cell: (status) => (status.hold === null ? '' : { text: status.hold.version, tone: 'warn' }),
};
const health: Column = {
  heading: 'HEALTHY',
  cell: (status) => {
    const condition = conditionOf(status, 'Healthy');
    return condition === undefined ? '' : { text: condition.status, tone: tones[condition.status] };
  },
};
const since: Column = {
  heading: 'SINCE',
  cell: (status) => summaryCondition(status).lastTransitionTime,
};
const message: Column = { heading: 'MESSAGE', cell: (status) => summaryCondition(status).message };

/** What runs comes before what it is made of. */
const order: readonly Kind[] = ['WarmApp', 'Canonical', 'Run', 'Sweep', 'Recipe', 'Settings'];

/** Objects of several kinds as people look for them: by kind, then by name. */
export function inOrder(statuses: readonly ObjectStatus[]): readonly ObjectStatus[] {
  return statuses.toSorted(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || byText(a.name, b.name),
  );
}

/** One row an object, in the order given. `mixed`: of several kinds, so each row says its own. */
export function objectTable(
  statuses: readonly ObjectStatus[],
  { wide, mixed }: { readonly wide: boolean; readonly mixed: boolean },
): Table {
  const withVersions = statuses.some((status) => versioned.includes(status.kind));
  const columns = [
    ...(mixed ? [kind] : []),
    name,
    ready,
    reason,
    ...(withVersions ? [version, target, held] : []),
    ...(wide && withVersions ? [latest, health] : []),
    ...(wide ? [since, message] : []),
  ];
  return {
    columns: columns.map(({ heading }) => heading),
    rows: statuses.map((status) => columns.map(({ cell }) => cell(status))),
  };
}

function readyCell(status: ObjectStatus): Cell {
  const { status: isReady } = summaryCondition(status);
  return { text: isReady, tone: tones[isReady] };
}
