/** Builders of what a status is made of: one app, and everything that is known of it. */
import type { Condition, ObjectStatus } from '../../controller/model/condition.ts';
import type { AppHealth } from '../../controller/model/health.ts';
import { known } from '../../controller/model/known.ts';
import type { Decision, PlanEntry } from '../../controller/model/plan.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import { statusesOf, type StatusInputs } from '../../controller/report/status.ts';
import { desiredOf, warmApp } from './desired.ts';
import { world } from './plan.ts';
import { appRecord, lastGood } from './record.ts';

export const app = warmApp('guestbook');
export const nowMs = Date.parse('2026-11-21T09:30:00Z');
export const healthy: AppHealth = { kind: 'healthy' };
export const ill: AppHealth = {
  kind: 'unhealthy',
  reason: 'TasksNotRunning',
  message: 'service app has 0 of 1 tasks running',
  since: '2026-11-21T09:29:00Z',
};
export const inSync: Decision = { kind: 'in-sync', version: '1.1.0+1.1.0' };
export const held: Decision = { kind: 'held', message: '2.0.0 is a major' };
export const quarantined: Decision = {
  kind: 'quarantined',
  version: '1.2.0+1.2.0',
  message: 'CrashLoop',
};
export const backingOff: Decision = {
  kind: 'backing-off',
  untilMs: nowMs + 60_000,
  reason: 'RegistryUnavailable',
  message: 'the registry did not answer',
};

/** An app at 1.1.0+1.1.0, healthy, in its first pass. */
export function inputs(entry: PlanEntry, over: Partial<StatusInputs> = {}): StatusInputs {
  const desired = desiredOf([app]);
  return {
    desired,
    invalid: [],
    incomplete: false,
    plan: { revision: desired.revision, entries: [entry] },
    world: world({
      records: new Map([[app.name, known(appRecord({ lastGood: lastGood(app, '1.1.0+1.1.0') }))]]),
    }),
    health: new Map([[app.name, healthy]]),
    previous: [],
    nowMs,
    ...over,
  };
}

/** The world in which the app's record is this. */
export function recorded(record: Partial<AppRecord>): Pick<StatusInputs, 'world'> {
  return { world: world({ records: new Map([[app.name, known(appRecord(record))]]) }) };
}

/** The status of one object of the whole. */
export function statusOf(input: StatusInputs, name = 'guestbook', kind = 'WarmApp'): ObjectStatus {
  const status = statusesOf(input).find((one) => one.kind === kind && one.name === name);
  if (status === undefined) throw new Error(`no status of ${kind} ${name}`);
  return status;
}

/** A condition as `True InSync`; `absent` where there is none. */
export function condition(status: ObjectStatus, type: Condition['type']): string {
  const found = status.conditions.find((one) => one.type === type);
  return found === undefined ? 'absent' : `${found.status} ${found.reason}`;
}
