/**
 * What was told and is over: an illness, a way back that had failed, a retirement that hung, desired state that could not
 * be read. It goes by
 * what was told, not by what the last pass saw, so that none is missed that ends during a transition or a restart.
 *
 * Not here: holds and mistakes in desired state. Whoever lifted or mended them knows.
 */
import type { Alert, ToldAlert } from '../model/alert.ts';
import type { ObjectStatus } from '../model/condition.ts';
import { alertOf } from './alert-parts.ts';
import { verdictOn, type Standing } from './standing.ts';
import { isOfStuckStep } from './stuck-alert.ts';
import { byText, rfc3339 } from './text.ts';

export interface Recovery {
  readonly alert: Alert;
  /** Ids of the alerts that it ends, the one that names it last. */
  readonly ends: readonly string[];
}

export interface RecoveryInputs {
  /** What was told and is not known to be over; in order of id. */
  readonly told: readonly ToldAlert[];
  readonly standing: Standing;
  readonly statuses: readonly ObjectStatus[];
  readonly nowMs: number;
}

/** One for each app, whatever it was told of, and of the host one for its tree and one for its disk. The same inputs give the same alerts (A1). */
export function recoveries(inputs: RecoveryInputs): readonly Recovery[] {
  const over = inputs.told.filter((told) => isOver(told, inputs));
  const byMatter = Map.groupBy(over, ({ app, kind }) => (kind === 'disk-low' ? kind : app));
  return [...byMatter.values()].flatMap((ended) => {
    const ordered = ended.toSorted((a, b) => byText(a.id, b.id));
    const last = ordered.at(-1);
    if (last === undefined) return [];
    const isStuckOnly = ordered.every(({ fingerprint }) => isOfStuckStep(fingerprint));
    const alert = recoveredAlert(last, isStuckOnly, inputs);
    return [{ ends: ordered.map(({ id }) => id), alert }];
  });
}

/** Seen to be well: that it is no longer seen to be ill would not do (L1). */
function isOver(told: ToldAlert, { standing, statuses }: RecoveryInputs): boolean {
  // What the journal says of an end is so, whatever else could be seen.
  if (told.kind === 'rollback-failed' && isRetired(statuses, told.app)) return true;
  if (verdictOn(told, standing) !== 'over') return false;
  if (told.kind === 'desired-stale' || told.kind === 'disk-low') return true;
  const isOfHealth = told.kind === 'unhealthy' || told.kind === 'rollback-failed';
  return isOfHealth && healthy(statuses, told.app)?.status === 'True';
}

function recoveredAlert(
  { app, id, kind }: ToldAlert,
  isStuckOnly: boolean,
  inputs: RecoveryInputs,
): Alert {
  const { statuses, nowMs } = inputs;
  const status = statusOf(statuses, app);
  const version = status?.versions.current ?? null;
  const since = healthy(statuses, app)?.lastTransitionTime ?? rfc3339(nowMs);
  const what = version === null ? app : `${app} ${version}`;
  return alertOf({
    kind: 'recovered',
    app,
    severity: 'info',
    ...(status === undefined
      ? wordsOfHost(kind)
      : isRetired(statuses, app)
        ? retired(app)
        : isStuckOnly
          ? goesOn(app, what)
          : {
              title: `${app} is healthy again`,
              message: `${what} is healthy again since ${since}.`,
            }),
    atMs: nowMs,
    fingerprint: `recovered/${id}`,
    from: version,
    resolve: 'nothing is to be done',
  });
}

type Words = Pick<Alert, 'title' | 'message'>;

function wordsOfHost(kind: ToldAlert['kind']): Words {
  return kind === 'disk-low'
    ? {
        title: 'there is room on the disk again',
        message: 'There is more room than disk.warnBelow asks for where ci-warm keeps its state.',
      }
    : {
        title: 'the desired tree is followed again',
        message: 'What the desired tree says now is what counts again.',
      };
}

function goesOn(app: string, what: string): Words {
  return {
    title: `${app} is seen to again`,
    message: `What kept a transition of ${app} from its end is over; ${what} is healthy.`,
  };
}

function retired(app: string): Words {
  return {
    title: `${app} is retired now`,
    message: `What kept ${app} from being retired is over: its live volumes are gone, and its data is in its snapshot.`,
  };
}

/** A drill changes nothing about that. */
function isRetired(statuses: readonly ObjectStatus[], app: string): boolean {
  const last = statusOf(statuses, app)?.lastTransitions.find(({ kind }) => kind !== 'drill');
  return last?.kind === 'retire' && last.end === 'succeeded';
}

function healthy(
  statuses: readonly ObjectStatus[],
  app: string,
): ObjectStatus['conditions'][number] | undefined {
  return statusOf(statuses, app)?.conditions.find(({ type }) => type === 'Healthy');
}

function statusOf(statuses: readonly ObjectStatus[], app: string): ObjectStatus | undefined {
  return statuses.find(({ kind, name }) => kind === 'WarmApp' && name === app);
}
