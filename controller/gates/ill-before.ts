/**
 * Safety gate: an app that is not healthy before an upgrade is held, unless a person approves: the snapshot of a broken
 * app must not replace the known-good, and its failure would be laid at the target's door.
 */
import type { HoldReason } from '../model/alert.ts';
import type { SwarmView } from '../model/swarm.ts';

/** A reason for the first service that is not running as it should; none when all are. */
export function judgeIllBefore(view: SwarmView, stack: string): readonly HoldReason[] {
  for (const service of view.services.filter((one) => one.stack === stack)) {
    const running = view.tasks.filter(
      (task) => task.serviceId === service.id && task.state === 'running',
    );
    const wanted = service.replicas ?? 1;
    const sick = view.containers.find(
      (container) => container.serviceId === service.id && container.health === 'unhealthy',
    );
    if (service.mayEnd || (running.length >= wanted && sick === undefined)) continue;
    const state =
      sick === undefined
        ? `${String(running.length)} of ${String(wanted)} tasks running`
        : 'unhealthy by its own health check';
    return [
      {
        kind: 'held-unhealthy',
        reason: 'UnhealthyBefore',
        message: `service ${service.name} is not healthy now (${state}); mend it first, so that its data can be trusted`,
        file: null,
        line: null,
        from: state,
        to: null,
      },
    ];
  }
  return [];
}
