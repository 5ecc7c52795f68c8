/** A condition that was judged but not dated yet: report/status.ts makes conditions of findings, and nobody else does. */
import type { Condition } from '../model/condition.ts';
import type { AppName } from '../model/names.ts';
import type { PlanEntry } from '../model/plan.ts';
import type { Known } from '../model/known.ts';
import type { AppHealth } from '../model/health.ts';
import type { AppRecord } from '../model/record.ts';

export type Finding = Omit<Condition, 'lastTransitionTime'>;

/** What is known of one app when its conditions are judged. */
export interface AppFacts {
  readonly name: AppName;
  readonly data: 'Stateful' | 'Stateless';
  /** Where the app is written, for messages that ask for a change. */
  readonly file: string;
  readonly entry: PlanEntry;
  readonly record: Known<AppRecord>;
  readonly health: AppHealth;
}
