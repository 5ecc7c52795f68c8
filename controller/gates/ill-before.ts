/**
 * Safety gate: an app that is not healthy before an upgrade is held, unless a person approves: the snapshot of a broken
 * app must not replace the known-good, and its failure would be laid at the target's door.
 */
import type { HoldReason } from '../model/alert.ts';
import { label, type ServiceView, type SwarmView } from '../model/swarm.ts';

/** So many deaths within this time are a crash loop, though it runs in a third of the looks. One is any restart's. */
const DEATHS_MAX = 2;
const DEATHS_WITHIN_MS = 5 * 60_000;

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
    const isLooping = deathsOf(view, service) >= DEATHS_MAX;
    const isFine = running.length >= wanted && sick === undefined && !isLooping;
    if (service.mayEnd || isFine) continue;
    const state = isLooping
      ? 'it dies again and again'
      : sick === undefined
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

/** What Docker says of every task that ran when its daemon was restarted. */
const DAEMON_RESTARTED = /^No such container/;

/** Of its present spec, for what another release died of is not its illness (U3); and not the daemon's doing. */
function deathsOf(view: SwarmView, service: ServiceView): number {
  const spec = service.labels[label.spec];
  return view.tasks.filter(
    (task) =>
      task.serviceId === service.id &&
      (task.state === 'failed' || task.state === 'rejected') &&
      (task.specHash === undefined || task.specHash === spec) &&
      !DAEMON_RESTARTED.test(task.error ?? '') &&
      view.atMs - task.stateAtMs < DEATHS_WITHIN_MS,
  ).length;
}
