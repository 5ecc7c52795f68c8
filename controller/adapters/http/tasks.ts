/** Which tasks of a service a probe is about. Pure. */
import type { ServiceView, TaskView } from '../../model/swarm.ts';
import type { ProbeTarget } from '../../ports/probes.ts';

export type RunningTasks =
  | {
      readonly kind: 'tasks';
      /** On this node, so that they can be asked. */
      readonly here: readonly (TaskView & { readonly containerId: string })[];
      /** On another node, or without a container that could be named. */
      readonly outOfReach: readonly TaskView[];
    }
  /** Nothing of the service runs, which is the app's own fault. */
  | { readonly kind: 'none'; readonly why: string };

/** The tasks of the stack's service `name` (as in the compose file) that run and are meant to. */
export function runningTasks(target: ProbeTarget, name: string): RunningTasks {
  const service = target.view.services.find(
    (each) => each.stack === target.stack && each.name === `${target.stack}_${name}`,
  );
  if (service === undefined) return { kind: 'none', why: `the stack has no service ${name}` };
  const running = runningTasksOf(target, service);
  if (running.length === 0) return { kind: 'none', why: `no task of ${name} runs` };
  const selfId = target.view.nodes.find((node) => node.self)?.id;
  const here: (TaskView & { readonly containerId: string })[] = [];
  const outOfReach: TaskView[] = [];
  for (const task of running) {
    const { containerId } = task;
    if (task.nodeId === selfId && containerId !== undefined) here.push({ ...task, containerId });
    else outOfReach.push(task);
  }
  return { kind: 'tasks', here, outOfReach };
}

/** Running, and not about to be stopped. */
export function runningTasksOf(target: ProbeTarget, service: ServiceView): readonly TaskView[] {
  return target.view.tasks.filter(
    (task) =>
      task.serviceId === service.id && task.state === 'running' && task.desiredState === 'running',
  );
}
