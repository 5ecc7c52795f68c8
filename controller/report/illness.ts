/**
 * Who is ill between transitions: read from the condition `Healthy`. A short illness is not told: tasks are replaced,
 * daemons restart. Nothing is ever rolled back for it. Of an app that this controller stands by for, another one tells.
 * Who got well again is recovery.ts's.
 */
import type { Alert } from '../model/alert.ts';
import type { Condition, ObjectStatus } from '../model/condition.ts';
import type { PlanEntry } from '../model/plan.ts';
import { unhealthyAlert } from './unhealthy-alert.ts';

/** How long an app may be unhealthy before a person is told. */
const ILLNESS_HOLD_DOWN_MS = 30_000;

export interface IllnessInputs {
  readonly entries: readonly PlanEntry[];
  readonly statuses: readonly ObjectStatus[];
  readonly nowMs: number;
}

export interface Illnesses {
  /** To be told; an illness has one fingerprint for as long as it lasts (A1). */
  readonly alerts: readonly Alert[];
  /** Apps of which it could be judged whether they are ill, or stranded. */
  readonly judged: ReadonlySet<string>;
}

/** The same inputs give the same alerts. */
export function illnesses({ entries, statuses, nowMs }: IllnessInputs): Illnesses {
  const alerts: Alert[] = [];
  const judged = new Set<string>();
  for (const { object, decision, isStandby } of entries) {
    if (isStandby === true) continue;
    // A transition stops and starts the app by itself, and tells how that went.
    if (decision.kind === 'start' || decision.kind === 'in-transition') continue;
    const status = statuses.find((one) => one.kind === 'WarmApp' && one.name === object.name);
    const is = status?.conditions.find((condition) => condition.type === 'Healthy');
    if (is === undefined || is.status === 'Unknown') continue;
    const past = status?.conditions.find((condition) => condition.type === 'RolledBack');
    // What became of it is not known where its record cannot be read (L1).
    if (past?.status !== 'Unknown') judged.add(object.name);
    const version = status?.versions.current ?? null;
    if (is.status === 'True' || version === null) continue;
    if (nowMs - Date.parse(is.lastTransitionTime) < ILLNESS_HOLD_DOWN_MS) continue;
    alerts.push(illness(object.name, version, is, nowMs));
  }
  return { alerts, judged };
}

/**
 * Fingerprints of the apps that are undeployed since even the way back failed, or since a first install failed, which
 * has none. A drill changes nothing about that.
 */
export function strandings(statuses: readonly ObjectStatus[]): readonly string[] {
  return statuses.flatMap(({ name, lastTransitions }) => {
    const last = lastTransitions.find(({ kind }) => kind !== 'drill');
    if (last?.end === 'stranded') return [`rollback-failed/${name}/${last.id}`];
    return last?.end === 'undeployed' ? [`rollback/${name}/${last.id}`] : [];
  });
}

function illness(app: string, version: string, since: Condition, nowMs: number): Alert {
  const { reason, message, lastTransitionTime } = since;
  return unhealthyAlert({
    app,
    version,
    since: lastTransitionTime,
    nowMs,
    health: { kind: 'unhealthy', reason, message, since: lastTransitionTime },
  });
}
