/**
 * From the Engine's answers to our own words. Pure.
 *
 * An entry without an id cannot be told from another one, so it fails the whole observation (L1): half a world read as
 * the whole would plan deletions. So does an answer of a shape that nobody knows. Any other missing field has a meaning
 * of its own, said where it is read.
 */
import { digestOf } from '../../model/digest.ts';
import { CiWarmError } from '../../model/failure.ts';
import { label } from '../../model/swarm.ts';
import type {
  ContainerView,
  FoundService,
  NamedView,
  NodeView,
  ServiceView,
  SwarmView,
  TaskView,
  VolumeView,
} from '../../model/swarm.ts';
import type {
  RawContainer,
  RawContainerSpec,
  RawLabels,
  RawLists,
  RawNode,
  RawService,
  RawStored,
  RawTask,
  RawTaskSpec,
  RawVolume,
} from './raw.ts';
import { writtenDigest } from './written-spec.ts';

const serviceLabel = 'com.docker.swarm.service.id';
const taskLabel = 'com.docker.swarm.task.id';

const noLabels: Readonly<Record<string, string>> = {};
/** States in which a task's process has ended, so that its exit code means something. */
const ended: ReadonlySet<string> = new Set([
  'complete',
  'shutdown',
  'failed',
  'rejected',
  'remove',
  'orphaned',
]);

/** The whole view. `selfId` is this node's id; `atMs` when the questions were asked. Throws `no-answer` on nonsense. */
export function toView(lists: RawLists, selfId: string, atMs: number): SwarmView {
  return understood(() => wholeView(lists, selfId, atMs));
}

function wholeView(lists: RawLists, selfId: string, atMs: number): SwarmView {
  const services = lists.services.map(toService);
  const stackOf = new Map(services.map((service) => [service.id, service.stack]));
  return {
    atMs,
    services,
    tasks: lists.tasks.map((task) => toTask(task, stackOf)),
    containers: lists.containers.map(containerOf),
    volumes: lists.volumes.map(volumeOf),
    networks: lists.networks.map((network) =>
      toNamed(network.Id, network.Name, network.Labels, 'network'),
    ),
    secrets: lists.secrets.map((secret) => storedOf(secret, 'secret')),
    configs: lists.configs.map((config) => storedOf(config, 'config')),
    nodes: lists.nodes.map((node) => toNode(node, selfId)),
  };
}

function toService(raw: RawService): ServiceView {
  const spec = raw.Spec;
  const template = spec?.TaskTemplate;
  const labels = spec?.Labels ?? noLabels;
  const replicated = spec?.Mode?.Replicated;
  const attempts = template?.RestartPolicy?.MaxAttempts;
  const restartCondition = toRestartCondition(template?.RestartPolicy?.Condition);
  const view: ServiceView = {
    id: required(raw.ID, 'service'),
    name: spec?.Name ?? '',
    stack: labels[label.stack],
    image: template?.ContainerSpec?.Image ?? '',
    labels,
    versionIndex: raw.Version?.Index ?? 0,
    // Swarm leaves the number out of specs that were written without one; it means one then.
    replicas:
      replicated === undefined || replicated === null ? undefined : (replicated.Replicas ?? 1),
    updateState: raw.UpdateStatus?.State,
    mayEnd: restartCondition !== 'any' && !hasHealthcheck(template),
    restartCondition,
    // Zero is Swarm's word for "as often as it takes".
    restartMaxAttempts:
      attempts === undefined || attempts === null || attempts === 0 ? undefined : attempts,
    updatedAtMs: toMs(raw.UpdatedAt),
    networkIds: (template?.Networks ?? spec?.Networks ?? []).map((use) => use.Target ?? ''),
  };
  if (view.stack === undefined) return view;
  // Both are read when somebody looks: most of it is never asked about.
  return {
    ...view,
    get writtenDigest() {
      return writtenDigest(spec ?? {});
    },
    get found() {
      return foundIn(template?.ContainerSpec ?? {});
    },
  };
}

function foundIn(container: RawContainerSpec): FoundService {
  const environment = (container.Env ?? []).flatMap((entry): [string, string][] => {
    const equals = entry.indexOf('=');
    return equals < 0 ? [] : [[entry.slice(0, equals), digestOf(entry.slice(equals + 1))]];
  });
  return {
    environment: Object.fromEntries(environment),
    mounts: (container.Mounts ?? []).map(({ Type, Source = '', Target = '' }) => ({
      kind: Type === 'volume' || Type === 'bind' ? Type : 'other',
      source: Source,
      target: Target,
    })),
    secrets: (container.Secrets ?? []).map(({ SecretName = '' }) => SecretName),
    configs: (container.Configs ?? []).map(({ ConfigName = '' }) => ConfigName),
  };
}

function toRestartCondition(condition: string | undefined): ServiceView['restartCondition'] {
  return condition === 'none' || condition === 'on-failure' ? condition : 'any';
}

function hasHealthcheck(template: RawTaskSpec | null | undefined): boolean {
  const test = template?.ContainerSpec?.Healthcheck?.Test ?? [];
  return test.length > 0 && test[0] !== 'NONE';
}

function toTask(raw: RawTask, stackOf: ReadonlyMap<string, string | undefined>): TaskView {
  const status = raw.Status;
  const state = status?.State ?? 'new';
  const container = raw.Spec?.ContainerSpec;
  const ran = status?.ContainerStatus;
  const serviceId = raw.ServiceID ?? '';
  return {
    id: required(raw.ID, 'task'),
    serviceId,
    slot: raw.Slot === 0 ? undefined : raw.Slot,
    nodeId: raw.NodeID ?? '',
    desiredState: raw.DesiredState ?? '',
    state,
    error: status?.Err === '' ? undefined : status?.Err,
    exitCode: ended.has(state) ? ran?.ExitCode : undefined,
    createdAtMs: toMs(raw.CreatedAt),
    stateAtMs: toMs(status?.Timestamp),
    containerId: ran?.ContainerID === '' ? undefined : ran?.ContainerID,
    // The container's labels outlive the service: a task whose service is gone still says whose it is.
    stack: container?.Labels?.[label.stack] ?? stackOf.get(serviceId),
    image: container?.Image ?? '',
    specHash: container?.Labels?.[label.spec],
  };
}

/** One container of the list call. Exported for the look at who uses a volume. */
export function toContainer(raw: RawContainer): ContainerView {
  return understood(() => containerOf(raw));
}

function containerOf(raw: RawContainer): ContainerView {
  const labels = raw.Labels ?? noLabels;
  const mounts = raw.Mounts ?? [];
  return {
    id: required(raw.Id, 'container'),
    names: (raw.Names ?? []).map((name) => (name.startsWith('/') ? name.slice(1) : name)),
    state: raw.State ?? '',
    health: healthOf(raw),
    stack: labels[label.stack],
    serviceId: labels[serviceLabel],
    taskId: labels[taskLabel],
    volumes: mounts.flatMap((mount) =>
      mount.Type === 'volume' && mount.Name !== undefined ? [mount.Name] : [],
    ),
    binds: mounts.flatMap((mount) =>
      mount.Type === 'bind' && mount.Source !== undefined ? [mount.Source] : [],
    ),
  };
}

/** The list call says it in the words for people only, until API 1.52. */
function healthOf(raw: RawContainer): ContainerView['health'] {
  const health = raw.Health?.Status;
  if (health === 'healthy' || health === 'unhealthy' || health === 'starting') return health;
  const words = raw.Status ?? '';
  if (words.endsWith('(healthy)')) return 'healthy';
  if (words.endsWith('(unhealthy)')) return 'unhealthy';
  return words.endsWith('(health: starting)') ? 'starting' : 'none';
}

/** One volume of the list, inspect or create call. */
export function toVolume(raw: RawVolume): VolumeView {
  return understood(() => volumeOf(raw));
}

function volumeOf(raw: RawVolume): VolumeView {
  return {
    name: required(raw.Name, 'volume'),
    driver: raw.Driver ?? '',
    labels: raw.Labels ?? noLabels,
    options: raw.Options ?? noLabels,
    mountpoint: raw.Mountpoint ?? '',
  };
}

/** One secret or config of the list call. */
export function toStored(raw: RawStored, what: string): NamedView {
  return understood(() => storedOf(raw, what));
}

function storedOf(raw: RawStored, what: string): NamedView {
  return toNamed(raw.ID, raw.Spec?.Name, raw.Spec?.Labels, what);
}

function toNamed(
  id: string | undefined,
  name: string | undefined,
  labels: RawLabels | undefined,
  what: string,
): NamedView {
  return {
    id: required(id, what),
    name: name ?? '',
    stack: labels?.[label.stack],
    labels: labels ?? noLabels,
  };
}

function toNode(raw: RawNode, selfId: string): NodeView {
  const id = required(raw.ID, 'node');
  return {
    id,
    hostname: raw.Description?.Hostname ?? '',
    ready: raw.Status?.State === 'ready',
    self: id === selfId,
  };
}

/** Reads an answer; one that cannot be read says nothing about the world. */
function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof CiWarmError) throw thrown;
    throw senseless('an answer came in a shape that nobody knows', thrown);
  }
}

function required(id: unknown, what: string): string {
  if (typeof id === 'string' && id !== '') return id;
  throw senseless(`a ${what} came without an id`);
}

function senseless(what: string, cause?: unknown): CiWarmError {
  return new CiWarmError(
    'no-answer',
    `Docker: list everything: ${what}. See whether the Docker Engine is well: \`docker info\`.`,
    cause,
  );
}

function toMs(time: string | undefined): number {
  const ms = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? 0 : ms;
}
