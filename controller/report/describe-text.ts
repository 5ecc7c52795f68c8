/** Everything about one object on one page for a person: what `ci-warm describe` prints. */
import type { ObjectStatus } from '../model/condition.ts';
import { whyInFull, type Unknown } from '../model/known.ts';
import type { AppRecord } from '../model/record.ts';
import { alertTable } from './alert-table.ts';
import { snapshotSummary, type Described } from './described.ts';
import { historyTable } from './history-table.ts';
import { adviceOnHold } from './hold-advice.ts';
import { summaryCondition } from './index-file.ts';
import { plain, renderTable, type Paint, type Tone } from './table.ts';
import { bytes, duration, inFile, oneLine, sentence } from './text.ts';

const tones = { True: 'good', False: 'bad', Unknown: 'warn' } as const satisfies Record<
  string,
  Tone
>;
/** Finished transitions that are shown; `ci-warm history` has them all. */
const TRANSITIONS_MAX = 5;

/** Sections with a heading each; those with nothing to say are left out. Ends with a line feed. */
export function describeText(described: Described, paint: Paint = plain): string {
  const { record } = described;
  const app = record?.known === true ? record.value : undefined;
  return [
    head(described, paint),
    section('Spec', rows(described.written?.fields ?? [])),
    section('Versions', versions(described.status)),
    section('Conditions', conditions(described, paint)),
    section('Held', held(described)),
    section('Quarantined', quarantine(described)),
    ...(app === undefined ? [] : ofApp(described, app, paint)),
    section('Volumes', rows(described.volumes.map(({ volume, path }) => [volume, path]))),
    section(
      'Alerts',
      described.alerts.length === 0
        ? ''
        : renderTable(alertTable(described.alerts, { wide: true }), paint),
    ),
    record?.known === false ? section('State', unread(record)) : '',
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function ofApp(described: Described, app: AppRecord, paint: Paint): readonly string[] {
  const history = { ...app, history: app.history.slice(-TRANSITIONS_MAX) };
  return [
    section('Known-good', knownGood(described, app)),
    section('Snapshot', snapshot(described, app)),
    section(
      'Transitions',
      app.history.length + app.open.length === 0
        ? ''
        : renderTable(historyTable(history, { wide: true }), paint),
    ),
  ];
}

/** What is wrong, and below it everything that is known of that. */
function unread(record: Unknown): string {
  const [why = '', ...details] = whyInFull(record);
  return `${[sentence(why), ...details.map((detail) => `- ${oneLine(detail)}`)].join('\n')}\n`;
}

function section(title: string, text: string): string {
  if (text === '') return '';
  const lines = text.trimEnd().split('\n');
  return `${title}:\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n`;
}

type Row = readonly [string, string];

/** Names and values in two columns. */
function rows(pairs: readonly Row[]): string {
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}   ${oneLine(value)}\n`).join('');
}

function head({ status, written, isOtherRevision, nowMs }: Described, paint: Paint): string {
  const { status: is, reason, lastTransitionTime } = summaryCondition(status);
  const other = isOtherRevision ? ' (of another revision than the one that was judged)' : '';
  const source =
    written === undefined ? '-' : `${written.source.file}:${String(written.source.line)}${other}`;
  const pairs: readonly Row[] = [
    ['Name:', status.name],
    ['Kind:', status.kind],
    ['Ready:', `${paint(is, tones[is])} ${reason}${ageSince(lastTransitionTime, nowMs)}`],
    ['Source:', source],
    ['Revision:', status.observedRevision],
  ];
  // Not by `rows`: what is painted must stay as it is.
  return pairs.map(([name, value]) => `${name.padEnd(9)}   ${value}\n`).join('');
}

/** `, for 3 h 20 min`; nothing where the time is not known. */
function ageSince(time: string, nowMs: number): string {
  const since = Date.parse(time);
  return Number.isNaN(since) ? '' : `, for ${duration(Math.max(0, nowMs - since))}`;
}

function age(time: string, nowMs: number): string {
  return duration(Math.max(0, nowMs - Date.parse(time))).replaceAll(' ', '');
}

function versions({ versions: { current, target, latest } }: ObjectStatus): string {
  if (current === null && target === null && latest === null) return '';
  return rows([
    ['current', current ?? '-'],
    ['target', target ?? '-'],
    ['latest', latest ?? '-'],
  ]);
}

function conditions({ status, nowMs }: Described, paint: Paint): string {
  return renderTable(
    {
      columns: ['TYPE', 'STATUS', 'REASON', 'AGE', 'MESSAGE'],
      rows: status.conditions.map(({ type, status: is, reason, message, lastTransitionTime }) => [
        type,
        { text: is, tone: tones[is] },
        reason,
        age(lastTransitionTime, nowMs),
        message,
      ]),
    },
    paint,
  );
}

function held({ status, written }: Described): string {
  const { hold } = status;
  if (hold === null) return '';
  const file = written?.source.file ?? `WarmApp ${status.name}`;
  return [
    `${hold.version}, commit ${hold.commit}`,
    ...hold.reasons.map(
      ({ reason, message, file: where, line, from, to }) =>
        `- ${reason}${inFile(where, line)}: ${sentence(message)}${bothValues(from, to)}`,
    ),
    `To go on: ${adviceOnHold({ ...hold, notes: [] }, file)}`,
    '',
  ].join('\n');
}

function bothValues(from: string | null, to: string | null): string {
  return from === null && to === null ? '' : ` [${oneLine(from ?? '-')} → ${oneLine(to ?? '-')}]`;
}

function quarantine({ status: { name, quarantine: found }, nowMs }: Described): string {
  if (found === null) return '';
  return [
    ...rows([
      ['version', found.version],
      ['commit', found.commit],
      ['since', `${found.since} (${age(found.since, nowMs)})`],
      ['reason', found.reason],
    ])
      .trimEnd()
      .split('\n'),
    `To try it again: ci-warm reconcile ${name} --retry`,
    '',
  ].join('\n');
}

function knownGood({ nowMs }: Described, { lastGood }: AppRecord): string {
  if (lastGood === null) return '';
  const { version, commit, provedAt, domain, stack, nodeId, images } = lastGood;
  return rows([
    ['version', version],
    ['commit', commit],
    ['proved', `${provedAt} (${age(provedAt, nowMs)})`],
    ['domain', domain],
    ['stack', stack],
    ['node', nodeId],
    ...Object.entries(images).map(([service, image]): Row => [`image of ${service}`, image]),
  ]);
}

function snapshot({ nowMs }: Described, { snapshot: found }: AppRecord): string {
  if (!found.known) return unread(found);
  if (found.value === null) return '';
  const { id, version, takenAt, driver, volumes, archiveBytes, contentBytes } = snapshotSummary(
    found.value,
  );
  const content = bytes(contentBytes);
  return rows([
    ['id', id],
    ['of version', version],
    ['taken', `${takenAt} (${age(takenAt, nowMs)})`],
    ['volumes', volumes.length === 0 ? 'none' : volumes.join(', ')],
    driver === 'reflink'
      ? ['size', `${content}, in blocks that it shares with the data as far as that is unchanged`]
      : ['size', `${bytes(archiveBytes)}, unpacked ${content}`],
  ]);
}
