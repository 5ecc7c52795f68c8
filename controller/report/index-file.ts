/** `status/index.json`: every object in one line each, and the whole in one sentence. */
import type { Condition, ObjectStatus, StatusIndex } from '../model/condition.ts';
import { count } from './text.ts';

/** The one condition that sums an object up: `Succeeded` of a run, `Ready` of everything else. */
export function summaryCondition(
  status: ObjectStatus,
): Pick<Condition, 'status' | 'reason' | 'message' | 'lastTransitionTime'> {
  return (
    conditionOf(status, 'Succeeded') ??
    conditionOf(status, 'Ready') ?? {
      status: 'Unknown',
      reason: 'NotSeenYet',
      message: 'No pass has judged it yet.',
      lastTransitionTime: '',
    }
  );
}

export function conditionOf(status: ObjectStatus, type: Condition['type']): Condition | undefined {
  return status.conditions.find((condition) => condition.type === type);
}

/** The same statuses give the same index. An empty revision: desired state was not read yet, or could not be used. */
export function statusIndex(read: string, statuses: readonly ObjectStatus[]): StatusIndex {
  const revision = read === '' ? 'unknown' : read;
  return {
    apiVersion: 'ci-warm.dev/v1',
    observedRevision: revision,
    revision,
    summary: summaryOf(statuses),
    objects: statuses.map((status) => {
      const { status: isReady, reason, message } = summaryCondition(status);
      return { kind: status.kind, name: status.name, ready: isReady, reason, message };
    }),
  };
}

/** `4 of 5 objects ready; 1 held.` */
export function summaryOf(statuses: readonly ObjectStatus[]): string {
  const number = (type: Condition['type'], wanted: Condition['status']): number =>
    statuses.filter((status) => conditionOf(status, type)?.status === wanted).length;
  const readyCount = statuses.filter((status) => summaryCondition(status).status === 'True').length;
  const parts = [
    `${String(readyCount)} of ${count(statuses.length, 'object')} ready`,
    ...[
      { text: 'in progress', number: number('Reconciling', 'True') },
      { text: 'stalled', number: number('Stalled', 'True') },
      { text: 'held', number: number('UpgradeHeld', 'True') },
      { text: 'quarantined', number: number('Quarantined', 'True') },
      { text: 'unhealthy', number: number('Healthy', 'False') },
    ]
      .filter((part) => part.number > 0)
      .map((part) => `${String(part.number)} ${part.text}`),
  ];
  return `${parts.join('; ')}.`;
}
