/**
 * Who fell ill between transitions, and who got well again: read from the condition `Healthy` of the last pass and of
 * this one. A short illness is not told: tasks are replaced, daemons restart. Nothing is ever rolled back for it.
 */
import type { Alert } from '../model/alert.ts';
import type { Condition, ObjectStatus } from '../model/condition.ts';
import type { PlanEntry } from '../model/plan.ts';
import { recoveredAlert, unhealthyAlert } from './alerts.ts';

/** How long an app may be unhealthy before a person is told. */
const ILLNESS_HOLD_DOWN_MS = 30_000;

export interface IllnessInputs {
  readonly entries: readonly PlanEntry[];
  readonly before: readonly ObjectStatus[];
  readonly now: readonly ObjectStatus[];
  readonly nowMs: number;
}

export interface IllnessAlerts {
  readonly fallen: readonly Alert[];
  /** Only to be told where the illness was: `of` is the fingerprint of its alert. */
  readonly recovered: readonly { readonly of: string; readonly alert: Alert }[];
}

/** The same inputs give the same alerts; an illness has one fingerprint for as long as it lasts (A1). */
export function illnessAlerts({ entries, before, now, nowMs }: IllnessInputs): IllnessAlerts {
  const fallen: Alert[] = [];
  const recovered: { of: string; alert: Alert }[] = [];
  for (const { object, decision } of entries) {
    // A transition stops and starts the app by itself, and tells how that went.
    if (decision.kind === 'start' || decision.kind === 'in-transition') continue;
    const is = healthOf(now, object.name);
    const was = healthOf(before, object.name);
    const status = now.find((one) => one.kind === 'WarmApp' && one.name === object.name);
    const version = status?.versions.current ?? null;
    if (is?.status === 'False' && version !== null) {
      if (nowMs - Date.parse(is.lastTransitionTime) >= ILLNESS_HOLD_DOWN_MS) {
        fallen.push(illness(object.name, version, is, nowMs));
      }
    } else if (is?.status === 'True' && was?.status === 'False') {
      const { fingerprint } = illness(object.name, version, was, nowMs);
      const since = is.lastTransitionTime;
      recovered.push({
        of: fingerprint,
        alert: recoveredAlert({ app: object.name, version, since, nowMs }),
      });
    }
  }
  return { fallen, recovered };
}

function illness(app: string, version: string | null, since: Condition, nowMs: number): Alert {
  const { reason, message, lastTransitionTime } = since;
  return unhealthyAlert({
    app,
    version,
    since: lastTransitionTime,
    nowMs,
    health: { kind: 'unhealthy', reason, message, since: lastTransitionTime },
  });
}

function healthOf(statuses: readonly ObjectStatus[], app: string): Condition | undefined {
  return statuses
    .find((status) => status.kind === 'WarmApp' && status.name === app)
    ?.conditions.find((condition) => condition.type === 'Healthy');
}
