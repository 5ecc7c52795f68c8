/** What Docker's lists show of the simulated Swarm. */
import { label } from '../../controller/model/swarm.ts';
import type { SwarmView } from '../../controller/model/swarm.ts';
import type { SwarmModel } from './swarm-model.ts';
import { nodeId } from './swarm-objects.ts';

/** Everything, or one stack's. */
export function viewOf(swarm: SwarmModel, nowMs: number, stack: string | undefined): SwarmView {
  const isAsked = (of: string): boolean => stack === undefined || of === stack;
  return {
    atMs: nowMs,
    ...managerView(swarm, stack),
    containers: [...swarm.containers.values()]
      // Every daemon tells of its own.
      .filter(({ task }) => isAsked(task.service.stack) && task.node?.id === nodeId)
      .map((container) => ({
        id: container.id,
        names: [container.id],
        state: container.isRunning ? 'running' : 'exited',
        health: 'none' as const,
        stack: container.task.service.stack,
        serviceId: container.task.service.id,
        taskId: container.task.id,
        volumes: [...container.task.spec.mounts.keys()].map(
          (volume) => `${container.task.service.stack}_${volume}`,
        ),
        binds: [],
      })),
  };
}

/** What comes from the Swarm's managers, and is stale when they have lost their leader. */
export type ManagerView = Omit<SwarmView, 'atMs' | 'containers'>;

export function managerView(swarm: SwarmModel, stack: string | undefined): ManagerView {
  const isAsked = (of: string): boolean => stack === undefined || of === stack;
  const isLabelled = (labels: Readonly<Record<string, string>>): boolean =>
    stack === undefined || labels[label.stack] === stack;
  return {
    services: [...swarm.services.values()]
      .filter((service) => isAsked(service.stack))
      .map((service) => ({
        id: service.id,
        name: service.name,
        stack: service.stack,
        image: service.spec.image,
        labels: service.labels,
        versionIndex: service.versionIndex,
        replicas: 1,
        updateState: service.updateState,
        mayEnd: false,
        restartCondition: 'any',
        restartMaxAttempts: undefined,
        updatedAtMs: service.updatedAtMs,
        networkIds: [...swarm.networks.values()].flatMap(({ id, stack: of }) =>
          of === service.stack ? [id] : [],
        ),
        found: {
          environment: {},
          mounts: [...service.spec.mounts.keys()].map((volume) => ({
            kind: 'volume' as const,
            source: `${service.stack}_${volume}`,
            target: `/${volume}-0`,
          })),
          secrets: [],
          configs: [],
        },
      })),
    tasks: [...swarm.tasks.values()]
      .filter((task) => isAsked(task.service.stack))
      .map((task) => ({
        id: task.id,
        serviceId: task.service.id,
        slot: 1,
        nodeId: task.node?.id ?? '',
        desiredState: task.desiredState,
        state: task.state,
        error: task.error,
        exitCode: task.exitCode,
        createdAtMs: task.createdAtMs,
        stateAtMs: task.stateAtMs,
        containerId: task.container?.id,
        stack: task.service.stack,
        image: task.spec.image,
        specHash: task.spec.specHash === '' ? undefined : task.spec.specHash,
      })),
    volumes: [...swarm.volumes]
      .filter(([, { labels }]) => isLabelled(labels))
      .map(([name, { path, labels, device }]) => ({
        ...{ name, mountpoint: path, driver: 'local', labels },
        options: device === undefined ? {} : { type: 'none', o: 'bind', device },
      })),
    networks: [...swarm.networks.values()]
      .filter((network) => isAsked(network.stack))
      .map(({ id, name, stack: of }) => ({ id, name, stack: of, labels: {} })),
    secrets: [...swarm.secrets]
      .filter(([, { labels }]) => isLabelled(labels))
      .map(([name, { id, labels }]) => ({ id, name, stack: labels[label.stack], labels })),
    configs: [],
    nodes: swarm.nodes.map(({ id, isReady }) => ({
      id,
      hostname: id,
      ready: isReady,
      self: id === nodeId,
    })),
  };
}
