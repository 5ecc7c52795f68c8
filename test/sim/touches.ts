/** Which effect belongs to which step of a transition (G1). */
import type { Intent } from '../../controller/transitions/machine.ts';

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
export const allowed: Readonly<Record<Touch, readonly Intent['kind'][]>> = {
  'remove-service': ['undeploy', 'commit', 'conclude'],
  'remove-network': ['undeploy'],
  label: ['label', 'unlabel'],
  deploy: ['deploy'],
  snapshot: ['snapshot'],
  restore: ['restore'],
  'drop-displaced': ['commit', 'conclude'],
  'drop-data': ['clear'],
};
