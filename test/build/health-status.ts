/** The status of the app `book` at 1.1.0+1.1.0, of whose health just this is known. */
import type { Condition, ObjectStatus } from '../../controller/model/condition.ts';

export function statusOfHealth(status: Condition['status'], since: string): ObjectStatus {
  return {
    apiVersion: 'ci-warm.dev/v1',
    kind: 'WarmApp',
    name: 'book',
    observedRevision: 'r',
    conditions: [
      {
        type: 'Healthy',
        status,
        reason: 'TasksNotRunning',
        message: 'x',
        lastTransitionTime: since,
      },
    ],
    versions: { current: '1.1.0+1.1.0', target: null, latest: null },
    hold: null,
    quarantine: null,
    lastTransitions: [],
  };
}
