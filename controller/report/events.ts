/**
 * What happened, in order of time: begins and ends of transitions, the phases of those under way, alerts, and changes of
 * conditions. Put together from what the state directory holds now, so the same state gives the same events.
 *
 * Limits: of a condition only the last change is known, of a finished transition its begin and its end. What was so
 * from the first pass on and asks for nobody is no event.
 */
import type { Alert } from '../model/alert.ts';
import type { Condition, ObjectStatus } from '../model/condition.ts';
import type { JournalRecord, TransitionEnd, TransitionSummary } from '../model/journal.ts';
import type { Known } from '../model/known.ts';
import type { AppRecord } from '../model/record.ts';
import type { ListedAlert } from './alert-table.ts';
import { byText, oneLine, sentence } from './text.ts';

/** As `-o json` prints it, too: part of the interface. */
export interface Event {
  /** Tells events apart: an event that was seen is known by it. */
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  /** `warmapp/guestbook`; `host` for what is about no object. */
  readonly object: string;
  readonly type: 'Normal' | 'Warning';
  readonly source: 'transition' | 'condition' | 'alert';
  /** One word: `UpgradeSucceeded`, a condition's reason, an alert's kind. */
  readonly reason: string;
  readonly message: string;
}

export interface EventInputs {
  readonly statuses: readonly ObjectStatus[];
  /** By name of app. One that cannot be read has no events here; its condition says so. */
  readonly records: ReadonlyMap<string, Known<AppRecord>>;
  readonly alerts: readonly ListedAlert[];
}

/** All that is known, oldest first. */
export function eventsOf({ statuses, records, alerts }: EventInputs): readonly Event[] {
  const kinds = new Map(
    statuses
      .filter(({ kind }) => kind === 'WarmApp' || kind === 'Canonical')
      .map(({ kind, name }) => [name, kind.toLowerCase()]),
  );
  const objectOf = (app: string): string =>
    app === 'host' && !kinds.has(app) ? app : `${kinds.get(app) ?? 'warmapp'}/${app}`;
  return [
    ...[...records].flatMap(([app, record]) =>
      record.known ? transitionEvents(objectOf(app), record.value) : [],
    ),
    ...statuses.flatMap(conditionEvents),
    ...alerts.map(({ id, alert }) => alertEvent(objectOf(alert.app), id, alert)),
  ].sort(
    (a, b) => Date.parse(a.at) - Date.parse(b.at) || order(a) - order(b) || byText(a.id, b.id),
  );
}

/** What is done comes before what is said of it. */
function order({ source }: Event): number {
  return { transition: 0, condition: 1, alert: 2 }[source];
}

const ends: Readonly<Record<TransitionEnd, string>> = {
  succeeded: 'Succeeded',
  'rolled-back': 'RolledBack',
  abandoned: 'Abandoned',
  undeployed: 'Undeployed',
  stranded: 'Stranded',
};

function transitionEvents(object: string, { history, open }: AppRecord): readonly Event[] {
  return [
    ...history.flatMap((summary) => [
      begun(object, summary.id, summary.kind, {
        at: summary.startedAt,
        from: summary.fromVersion,
        to: summary.toVersion,
      }),
      ended(object, summary),
    ]),
    ...open.flatMap((record) => openEvents(object, record)),
  ];
}

interface Move {
  readonly at: string;
  readonly from: string | null;
  readonly to: string;
}

function begun(object: string, id: string, kind: string, { at, from, to }: Move): Event {
  return {
    id: `${object}/${id}/begin`,
    at,
    object,
    type: 'Normal',
    source: 'transition',
    reason: `${capital(kind)}Began`,
    message: sentence(`${kind} ${moved(from, to)}`),
  };
}

function ended(object: string, summary: TransitionSummary): Event {
  const { id, kind, endedAt, end, fromVersion, toVersion, failure } = summary;
  const why = failure === null ? '' : `: ${failure.reason}: ${failure.message}`;
  return {
    id: `${object}/${id}/end`,
    at: endedAt,
    object,
    type: end === 'succeeded' ? 'Normal' : 'Warning',
    source: 'transition',
    reason: `${capital(kind)}${ends[end]}`,
    message: sentence(`${kind} ${moved(fromVersion, toVersion)} ended: ${end}${why}`),
  };
}

function openEvents(object: string, record: JournalRecord): readonly Event[] {
  const { at, id, transition, phase, event } = record;
  if ('input' in record) {
    const { from, to } = record.input;
    return [begun(object, id, transition, { at, from: from?.version ?? null, to: to.version })];
  }
  const base = { id: `${object}/${id}/${phase}/${event}/${at}`, at, object } as const;
  const source = 'transition';
  if (record.event === 'intent') {
    const message = sentence(`${transition}: phase ${phase} begins`);
    return [{ ...base, type: 'Normal', source, reason: 'PhaseBegan', message }];
  }
  if (record.result.kind !== 'failed') return [];
  const { reason, message } = record.result.failure;
  const said = sentence(`${transition}: phase ${phase} failed: ${reason}: ${message}`);
  return [{ ...base, type: 'Warning', source, reason: 'PhaseFailed', message: said }];
}

function moved(from: string | null, to: string): string {
  return from === null || from === to ? `of ${to}` : `${from} → ${to}`;
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

/** Conditions of which True is what a person wants to hear of. */
const abnormal: ReadonlySet<Condition['type']> = new Set([
  'UpgradeHeld',
  'Quarantined',
  'RolledBack',
  'Orphaned',
]);

function conditionEvents(status: ObjectStatus): readonly Event[] {
  const object = `${status.kind.toLowerCase()}/${status.name}`;
  const times = status.conditions.map(({ lastTransitionTime }) => Date.parse(lastTransitionTime));
  const first = Math.min(...times);
  return status.conditions
    .filter((condition) => {
      // `Ready` says the same as these two, at the same time.
      if (condition.type === 'Stalled' || condition.type === 'Reconciling') return false;
      const isQuiet = abnormal.has(condition.type) && condition.status === 'False';
      return !(isQuiet && Date.parse(condition.lastTransitionTime) === first);
    })
    .map((condition): Event => {
      const { type, status: is, reason, message, lastTransitionTime } = condition;
      return {
        id: `${object}/${type}/${is}/${lastTransitionTime}`,
        at: lastTransitionTime,
        object,
        type: isBad(condition) ? 'Warning' : 'Normal',
        source: 'condition',
        reason,
        message: `${type}=${is}: ${oneLine(message)}`,
      };
    });
}

function isBad({ type, status }: Condition): boolean {
  if (abnormal.has(type)) return status === 'True';
  return status === 'False';
}

function alertEvent(object: string, id: string, alert: Alert): Event {
  return {
    id: `alert/${id}`,
    at: alert.at,
    object,
    type: alert.severity === 'info' ? 'Normal' : 'Warning',
    source: 'alert',
    reason: alert.kind,
    message: sentence(alert.title),
  };
}
