/** The part of a status that the state directory remembers: versions, holds, quarantine, last transitions. */
import type { HoldStatus, ObjectStatus, TransitionStatus } from '../model/condition.ts';
import type { TransitionSummary } from '../model/journal.ts';
import { known, type Known } from '../model/known.ts';
import type { PlanEntry } from '../model/plan.ts';
import type { AppRecord } from '../model/record.ts';
import { oneLine } from './text.ts';

/** Transitions that a status tells of. */
const TRANSITIONS_MAX = 5;

/** What is known of an app that nothing ever happened to. */
export const emptyRecord: AppRecord = {
  lastGood: null,
  quarantine: null,
  request: null,
  orphan: null,
  open: [],
  history: [],
  frozen: null,
  snapshot: known(null),
};

/**
 * The plan's entry, filled from what is remembered where the pass did not come to judge it: while a transition is under
 * way, an app is suspended or the Swarm is unknown, what was held a minute ago is not suddenly let through.
 */
export function remembered(
  entry: PlanEntry,
  record: Known<AppRecord>,
  before: ObjectStatus | undefined,
): PlanEntry {
  const { kind } = entry.decision;
  const isJudged = kind !== 'unknown' && kind !== 'in-transition' && kind !== 'suspended';
  if (isJudged && entry.isHoldUnknown !== true) return entry;
  const begin = record.known ? record.value.open[0] : undefined;
  const isChange = begin !== undefined && begin.transition !== 'drill';
  const under = isChange && 'input' in begin ? begin.input.to.version : undefined;
  const target = entry.target ?? under ?? before?.versions.target ?? null;
  const held = before?.hold ?? null;
  return {
    ...entry,
    current: entry.current ?? before?.versions.current ?? null,
    target,
    latest: entry.latest ?? before?.versions.latest ?? null,
    hold: entry.hold ?? (held === null || held.version === target ? null : { ...held, notes: [] }),
  };
}

/** What is recorded of an app that the plan says nothing of, with the version it was last proved good with. */
export function lastKnown(
  record: Known<AppRecord>,
): Pick<ObjectStatus, 'versions' | 'quarantine' | 'lastTransitions'> {
  const current = record.known ? (record.value.lastGood?.version ?? null) : null;
  return { versions: { current, target: null, latest: null }, ...recorded(record) };
}

/** Quarantine and last transitions; nothing where the record could not be read. */
export function recorded(
  record: Known<AppRecord>,
): Pick<ObjectStatus, 'quarantine' | 'lastTransitions'> {
  return record.known
    ? {
        quarantine: record.value.quarantine,
        lastTransitions: record.value.history
          .slice(-TRANSITIONS_MAX)
          .reverse()
          .map(transitionStatus),
      }
    : { quarantine: null, lastTransitions: [] };
}

function transitionStatus(summary: TransitionSummary): TransitionStatus {
  const { id, kind, startedAt, endedAt, end, fromVersion, toVersion, failure } = summary;
  return {
    id,
    kind,
    startedAt,
    endedAt,
    end,
    fromVersion,
    toVersion,
    failure:
      failure === null ? null : { reason: failure.reason, message: oneLine(failure.message) },
  };
}

/** The hold with its evidence, without the release notes. */
export function holdOf({ hold }: PlanEntry): HoldStatus | null {
  return hold === null
    ? null
    : { version: hold.version, commit: hold.commit, reasons: hold.reasons };
}
