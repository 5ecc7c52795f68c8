/** Which effect belongs to which step of a transition (G1). */
import type { JournalView } from '../../controller/model/journal-fold.ts';
import type { Intent } from '../../controller/transitions/machine.ts';
import { tableOf } from '../../controller/transitions/tables.ts';

/** What the controller does to an app from outside. */
export type Touch =
  | 'remove-service'
  | 'label'
  | 'remove-network'
  | 'deploy'
  | 'snapshot'
  | 'restore'
  | 'drop-displaced'
  | 'drop-data';

/** The intents under which each may be done. */
const allowed: Readonly<Record<Touch, readonly Intent['kind'][]>> = {
  'remove-service': ['undeploy', 'commit', 'conclude'],
  'remove-network': ['undeploy'],
  label: ['label', 'unlabel'],
  deploy: ['deploy'],
  snapshot: ['snapshot'],
  restore: ['restore'],
  'drop-displaced': ['commit', 'conclude'],
  'drop-data': ['clear'],
};

/** The same of the stack of a drill. */
const allowedInDrill: Readonly<Record<Touch, readonly Intent['kind'][]>> = {
  'remove-service': ['clear'],
  'remove-network': ['clear'],
  label: [],
  deploy: ['deploy'],
  snapshot: [],
  restore: ['restore'],
  'drop-displaced': [],
  'drop-data': ['clear'],
};

/** What a pass takes away of a drill that is over and could not clear up. */
const leftOver: readonly Touch[] = ['remove-service', 'remove-network', 'drop-data'];

/** G1: an app, or its drill, is touched only in a step of an open transition that is there for it. */
export function g1Touch(
  { open, history }: JournalView,
  touch: Touch,
  isDrilled: boolean,
): string | undefined {
  const [begin] = open;
  const isOver = begin === undefined && history.some(({ kind }) => kind === 'drill');
  if (isDrilled && isOver && leftOver.includes(touch)) return undefined;
  const what = isDrilled ? `${touch} on its drill` : touch;
  if ((begin?.transition === 'drill') !== isDrilled)
    return `${what} in a ${begin?.transition ?? 'pass'}`;
  const last = open.at(-1);
  const table =
    begin?.event === 'intent' && begin.input !== undefined
      ? tableOf(begin.transition, begin.input)
      : undefined;
  const kind = table?.phases[last?.phase ?? '']?.intent.kind;
  const kinds = isDrilled ? allowedInDrill[touch] : allowed[touch];
  if (last?.event === 'intent' && kind !== undefined && kinds.includes(kind)) return undefined;
  return `${what} in phase ${last?.phase ?? 'none'}, without its intent`;
}
