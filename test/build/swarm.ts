/** Builders of an observation: a one-node Swarm, services with their tasks and containers. */
import type {
  ContainerView,
  ServiceView,
  SwarmView,
  TaskView,
} from '../../controller/model/swarm.ts';

const startedMs = Date.parse('2026-11-21T09:00:00Z');

export function service(stack: string, name: string, over: Partial<ServiceView> = {}): ServiceView {
  return {
    id: `id-${stack}-${name}`,
    name: `${stack}_${name}`,
    stack,
    image: `images.example.org/${name}@sha256:${'a'.repeat(64)}`,
    labels: {},
    versionIndex: 10,
    replicas: 1,
    updateState: undefined,
    mayEnd: false,
    restartCondition: 'any',
    restartMaxAttempts: undefined,
    updatedAtMs: startedMs,
    networkIds: [],
    ...over,
  };
}

export function task(of: ServiceView, over: Partial<TaskView> = {}): TaskView {
  return {
    id: `${of.id}-task`,
    serviceId: of.id,
    slot: 1,
    nodeId: 'node1',
    desiredState: 'running',
    state: 'running',
    error: undefined,
    exitCode: undefined,
    createdAtMs: startedMs,
    stateAtMs: startedMs + 2000,
    containerId: `${of.id}-container`,
    stack: of.stack,
    image: of.image,
    specHash: undefined,
    ...over,
  };
}

export function container(of: TaskView, over: Partial<ContainerView> = {}): ContainerView {
  return {
    id: of.containerId ?? `${of.id}-container`,
    names: [],
    state: 'running',
    health: 'none',
    stack: of.stack,
    serviceId: of.serviceId,
    taskId: of.id,
    volumes: [],
    binds: [],
    ...over,
  };
}

export function swarmView(over: Partial<SwarmView> = {}): SwarmView {
  return {
    atMs: Date.parse('2026-11-21T09:30:00Z'),
    services: [],
    tasks: [],
    containers: [],
    volumes: [],
    networks: [],
    secrets: [],
    configs: [],
    nodes: [{ id: 'node1', hostname: 'one', ready: true, self: true }],
    ...over,
  };
}
