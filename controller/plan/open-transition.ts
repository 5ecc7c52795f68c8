/** A transition that has no end yet comes before everything else that an app could want (R1, L2). */
import type { Decision } from '../model/plan.ts';
import type { AppRecord } from '../model/record.ts';
import { progressOf } from '../transitions/progress.ts';

/** Undefined: nothing is under way. */
export function openTransition(record: AppRecord): Decision | undefined {
  if (record.open.length === 0) return undefined;
  const progress = progressOf(record.open);
  if (progress === undefined) {
    return {
      kind: 'unknown',
      why: 'its journal has an open transition that this version cannot read',
    };
  }
  const phase = progress.step.kind === 'perform' ? progress.step.phase : 'end';
  return { kind: 'in-transition', id: progress.id, transition: progress.kind, phase };
}
