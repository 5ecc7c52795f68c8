/**
 * How an app is doing, from the lists of one observation alone: no probe, no log, no call. It is what every pass can
 * say for nothing; reconcile/ may put the answer of probes in its place.
 *
 * Invariants: an outage of a node says nothing about an app (L1); a task of another image, such as one left by an
 * earlier deploy, never counts as running (U3).
 */
import type { AppHealth } from '../model/health.ts';
import type { ContainerView, ServiceView, SwarmView, TaskView } from '../model/swarm.ts';
import { oneLine, rfc3339 } from './text.ts';

/** What should be there. */
export interface WantedApp {
  readonly stack: string;
  /** Names of services in the compose file; one that is not there is missing. Empty: those that are there are wanted. */
  readonly services: readonly string[];
}

/** Healthy when every service has its running tasks, at its image, and no health check of a container fails. */
export function appHealth(view: SwarmView, wanted: WantedApp): AppHealth {
  const services = view.services.filter((service) => service.stack === wanted.stack);
  if (services.length === 0) return { kind: 'not-running' };
  const missing = wanted.services.filter(
    (name) => !services.some((service) => service.name === `${wanted.stack}_${name}`),
  );
  if (missing.length > 0) {
    return {
      kind: 'unhealthy',
      reason: 'ServiceMissing',
      message: `service ${missing.join(', ')} is not there`,
      since: rfc3339(view.atMs),
    };
  }
  const ordered = services.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return (
    firstOf(ordered, (service) => judgeTasks(view, service)) ??
    firstOf(ordered, (service) => judgeContainers(view, service)) ?? { kind: 'healthy' }
  );
}

function firstOf(
  services: readonly ServiceView[],
  judge: (service: ServiceView) => AppHealth | undefined,
): AppHealth | undefined {
  for (const service of services) {
    const verdict = judge(service);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

function judgeTasks(view: SwarmView, service: ServiceView): AppHealth | undefined {
  const tasks = view.tasks.filter((task) => task.serviceId === service.id);
  const current = tasks.filter((task) => task.image === service.image);
  const running = runningOf(current).length;
  const readyNodes = view.nodes.filter((node) => node.ready).length;
  const wantedCount = service.replicas ?? readyNodes;
  const ended =
    service.mayEnd && current.some((task) => task.state === 'complete' && !task.exitCode);
  if (running >= wantedCount || ended) return undefined;
  const down = view.nodes.filter((node) => !node.ready).map((node) => node.hostname);
  if (down.length > 0 || readyNodes === 0) {
    const who = down.length === 0 ? 'no node' : `node ${down.join(', ')}`;
    return { kind: 'unknown', why: `${who} is ${down.length === 0 ? 'ready' : 'not ready'}` };
  }
  return {
    kind: 'unhealthy',
    reason: 'TasksNotRunning',
    message: `service ${service.name} has ${String(running)} of ${String(wantedCount)} tasks running${lastDeath(tasks)}`,
    since: rfc3339(sinceMs(current, service)),
  };
}

function judgeContainers(view: SwarmView, service: ServiceView): AppHealth | undefined {
  const running = runningOf(view.tasks.filter((task) => task.serviceId === service.id));
  const sick = running.find((task) => containerOf(view, task)?.health === 'unhealthy');
  return sick === undefined
    ? undefined
    : {
        kind: 'unhealthy',
        reason: 'ContainerUnhealthy',
        message: `the health check of service ${service.name} fails`,
        since: rfc3339(sick.stateAtMs),
      };
}

function runningOf(tasks: readonly TaskView[]): readonly TaskView[] {
  return tasks.filter((task) => task.desiredState === 'running' && task.state === 'running');
}

function containerOf(view: SwarmView, task: TaskView): ContainerView | undefined {
  return task.containerId === undefined
    ? undefined
    : view.containers.find((container) => container.id === task.containerId);
}

function lastDeath(tasks: readonly TaskView[]): string {
  const dead = tasks.filter((task) => task.state === 'failed' || task.state === 'rejected');
  const last = dead.toSorted((a, b) => b.stateAtMs - a.stateAtMs)[0];
  if (last === undefined) return '';
  const exit = last.exitCode === undefined ? '' : `, exit code ${String(last.exitCode)}`;
  return ` (the last one ended: ${oneLine(last.error ?? last.state, 200)}${exit})`;
}

/** The oldest task that should run and does not; where there is none, the last write to the service. */
function sinceMs(tasks: readonly TaskView[], service: ServiceView): number {
  const waiting = tasks.filter(
    (task) => task.desiredState === 'running' && task.state !== 'running',
  );
  return Math.min(
    ...waiting.map((task) => task.createdAtMs),
    ...(waiting.length === 0 ? [service.updatedAtMs] : []),
  );
}
