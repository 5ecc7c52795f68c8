/**
 * A stack name that another app still has, as after a renaming: what nobody wants any more is kept for its grace time,
 * then its data is saved and its volumes are dropped, and they have the names that the new app would use.
 *
 * S1: so nothing is begun in that stack before the other app is done with it, also while none of its services is there.
 */
import type { WarmAppSpec } from '../model/desired.ts';
import type { PlanEntry } from '../model/plan.ts';
import type { AppRecord } from '../model/record.ts';
import type { World } from '../model/world.ts';
import { retirementOf } from './retired.ts';

/** The stack that an app was deployed as last; undefined: it never was. */
export function stackOf({ lastGood, frozen }: AppRecord): string | undefined {
  return lastGood?.stack ?? frozen?.app.stack;
}

/** The same entry, held where it would begin something in a stack that is another app's still. */
export function heldByTenant(entry: PlanEntry, app: WarmAppSpec, { records }: World): PlanEntry {
  if (entry.decision.kind !== 'start') return entry;
  const tenant = [...records].find(
    ([name, record]) => name !== app.name && record.known && occupies(record.value, app.stack),
  )?.[0];
  if (tenant === undefined) return entry;
  const message = `stack ${app.stack} is that of app ${tenant}, which is not retired yet: its data is in the volumes of that stack; wait until it is, call ${app.name} ${tenant} again, or give it another domain`;
  const { file, line } = app.source;
  return {
    ...entry,
    decision: { kind: 'held', message },
    hold: {
      version: entry.target ?? entry.latest ?? '',
      commit: entry.decision.input.to.commit,
      reasons: [
        {
          ...{ kind: 'held-adoption', reason: 'ForeignStack', message, file, line },
          ...{ from: null, to: app.stack },
        },
      ],
      notes: [],
    },
  };
}

function occupies(record: AppRecord, stack: string): boolean {
  if (stackOf(record) !== stack) return false;
  const isKept = record.lastGood !== null && retirementOf(record.history) === undefined;
  return isKept || record.open.length > 0;
}
