/** Samples for the health gate: one service whose tasks and probes are as a test says. */
import {
  judgeHealth,
  startHealth,
  type HealthMemory,
  type HealthQuestion,
  type HealthSample,
  type HealthVerdict,
} from '../../controller/gates/health.ts';
import { known } from '../../controller/model/known.ts';
import type { ProbeResult } from '../../controller/model/probe.ts';
import {
  label,
  type ServiceView,
  type SwarmView,
  type TaskView,
} from '../../controller/model/swarm.ts';

const question: HealthQuestion = {
  stack: 'book',
  specHash: 'new',
  services: ['book_app'],
  deployedAtMs: 1000,
  convergeMs: 60_000,
  bootMs: 30_000,
  stableForMs: 5_000,
};

export const service: ServiceView = {
  id: 's1',
  name: 'book_app',
  stack: 'book',
  image: 'app@sha256:1',
  labels: { [label.spec]: 'new' },
  versionIndex: 1,
  replicas: 1,
  updateState: undefined,
  mayEnd: false,
  restartCondition: 'any',
  restartMaxAttempts: undefined,
  updatedAtMs: 1000,
  networkIds: [],
};

export function task(over: Partial<TaskView> = {}): TaskView {
  return {
    id: 't1',
    serviceId: 's1',
    slot: 1,
    nodeId: 'n1',
    desiredState: 'running',
    state: 'running',
    error: undefined,
    exitCode: undefined,
    createdAtMs: 2000,
    stateAtMs: 2500,
    containerId: 'c1',
    stack: 'book',
    image: 'app@sha256:1',
    specHash: 'new',
    ...over,
  };
}

export function dead(id: string, over: Partial<TaskView> = {}): TaskView {
  return task({
    id,
    state: 'failed',
    desiredState: 'shutdown',
    exitCode: 1,
    error: 'task: non-zero exit (1)',
    ...over,
  });
}

export function view(
  tasks: readonly TaskView[],
  services: readonly ServiceView[] = [service],
): SwarmView {
  return {
    atMs: 0,
    services,
    tasks,
    containers: [],
    volumes: [],
    networks: [],
    secrets: [],
    configs: [],
    nodes: [{ id: 'n1', hostname: 'one', ready: true, self: true }],
  };
}

export const green: readonly ProbeResult[] = [{ kind: 'green', probe: 'GET /' }];
export const red: readonly ProbeResult[] = [
  { kind: 'red', probe: 'GET /', detail: 'answered 500' },
];
export const unanswered: readonly ProbeResult[] = [
  { kind: 'unknown', probe: 'GET /', detail: 'no address' },
];

export function sample(
  atMs: number,
  tasks: readonly TaskView[],
  probes: readonly ProbeResult[] = green,
): HealthSample {
  return { atMs, view: known(view(tasks)), probes };
}

/** The first verdict that is not `waiting`, with the time it came at. */
export function judgeAll(
  samples: readonly HealthSample[],
  over: Partial<HealthQuestion> = {},
): { readonly verdict: HealthVerdict; readonly atMs: number } {
  let memory: HealthMemory = startHealth(1000);
  let last: HealthVerdict = { kind: 'waiting', for: '' };
  for (const one of samples) {
    const step = judgeHealth({ ...question, ...over }, memory, one);
    memory = step.memory;
    last = step.verdict;
    if (last.kind !== 'waiting') return { verdict: last, atMs: one.atMs };
  }
  return { verdict: last, atMs: samples.at(-1)?.atMs ?? 0 };
}
