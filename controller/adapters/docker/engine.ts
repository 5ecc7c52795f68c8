/**
 * The port `Engine` over the Docker Engine's API: lists, removals, logs, events, users of a volume.
 *
 * Invariants: an observation is a constant number of list calls, all or nothing (L1); a removal that failed is read
 * again before it counts as failed (L4).
 */
import type Dockerode from 'dockerode';
import { CiWarmError } from '../../model/failure.ts';
import { label } from '../../model/swarm.ts';
import type { SwarmView } from '../../model/swarm.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Connection } from './connect.ts';
import { isNotFound } from './errors.ts';
import { labelService } from './label-service.ts';
import { tailLogs } from './logs.ts';
import type { RawLists } from './raw.ts';
import { usersOf } from './users.ts';
import { toView } from './view.ts';
import { watchEvents } from './watch.ts';

/** Makes the port; asks nothing yet. */
export function createEngine(connection: Connection): Engine {
  let selfId: string | undefined;

  async function observe(stack: string | undefined, signal: AbortSignal): Promise<SwarmView> {
    const atMs = Date.now();
    const what = stack === undefined ? 'list everything' : `list what there is of ${stack}`;
    const lists = await connection.ask(what, signal, (docker, abortSignal) =>
      askLists(docker, stack, abortSignal),
    );
    // The id of this node changes only when it leaves its Swarm: then the one remembered is among no Swarm's nodes.
    if (selfId === undefined || !lists.nodes.some((node) => node.ID === selfId)) {
      selfId = await connection.ask('ask which node this is', signal, askSelf);
    }
    return toView(lists, selfId, atMs);
  }

  return {
    observe: (signal) => observe(undefined, signal),
    observeStack: (stack, signal) => observe(stack, signal),
    removeService: (id, signal) =>
      remove(connection, `remove service ${id}`, signal, {
        remove: (docker, abortSignal) => docker.getService(id).remove({ abortSignal }),
        read: (docker, abortSignal) => docker.getService(id).inspect({ abortSignal }),
      }),
    labelService: (id, change, signal) => labelService(connection, id, change, signal),
    removeNetwork: (id, signal) =>
      remove(connection, `remove network ${id}`, signal, {
        remove: (docker, abortSignal) => docker.getNetwork(id).remove({ abortSignal }),
        read: (docker) => docker.getNetwork(id).inspect(),
      }),
    removeContainer: (id, signal) =>
      remove(connection, `remove container ${id}`, signal, {
        remove: (docker, abortSignal) => docker.getContainer(id).remove({ abortSignal }),
        read: (docker) => docker.getContainer(id).inspect(),
      }),
    tailLogs: (serviceId, linesMax, signal) => tailLogs(connection, serviceId, linesMax, signal),
    watch: (onChange, signal) => watchEvents(connection, onChange, signal),
    usersOf: (volumeNames, paths, signal) => usersOf(connection, { volumeNames, paths }, signal),
  };
}

/** Eight calls at once, whatever there is. */
async function askLists(
  docker: Dockerode,
  stack: string | undefined,
  abortSignal: AbortSignal,
): Promise<RawLists> {
  const filter = stack === undefined ? {} : { filters: { label: [`${label.stack}=${stack}`] } };
  const [services, tasks, containers, volumes, networks, secrets, configs, nodes] =
    await Promise.all([
      docker.listServices({ ...filter, abortSignal }),
      docker.listTasks({ ...filter, abortSignal }),
      docker.listContainers({ all: true, ...filter, abortSignal }),
      docker.listVolumes({ ...filter, abortSignal }),
      docker.listNetworks({ ...filter, abortSignal }),
      docker.listSecrets({ ...filter, abortSignal }),
      docker.listConfigs({ ...filter, abortSignal }),
      docker.listNodes({ abortSignal }),
    ]);
  return {
    services: toList(services),
    tasks: toList(tasks),
    containers: toList(containers),
    volumes: toList((volumes as { readonly Volumes?: unknown }).Volumes ?? []),
    networks: toList(networks),
    secrets: toList(secrets),
    configs: toList(configs),
    nodes: toList(nodes),
  };
}

/** The types of the library promise more than Engines keep: the shapes in raw.ts take every field as possibly missing. */
function toList(answer: unknown): readonly never[] {
  if (Array.isArray(answer)) return answer as readonly unknown[] as readonly never[];
  throw new CiWarmError(
    'no-answer',
    'Docker: list everything: an answer was no list. See whether the Docker Engine is well: `docker info`.',
  );
}

async function askSelf(docker: Dockerode): Promise<string> {
  const info = (await docker.info()) as { readonly Swarm?: { readonly NodeID?: string } };
  return info.Swarm?.NodeID ?? '';
}

interface Removal {
  readonly remove: (docker: Dockerode, abortSignal: AbortSignal) => Promise<unknown>;
  readonly read: (docker: Dockerode, abortSignal: AbortSignal) => Promise<unknown>;
}

/** L4: an error does not say that nothing was done, so what is gone when it is read again was removed. */
async function remove(
  connection: Connection,
  what: string,
  signal: AbortSignal,
  removal: Removal,
): Promise<void> {
  try {
    await connection.ask(what, signal, removal.remove);
  } catch (failure) {
    if (isNotFound(failure) || (await isGone(connection, removal, signal))) return;
    throw failure;
  }
}

/** False also when it cannot be read: the failure of the removal itself is the better thing to tell then. */
async function isGone(
  connection: Connection,
  removal: Removal,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await connection.ask('read it again', signal, removal.read);
    return false;
  } catch (failure) {
    return isNotFound(failure);
  }
}
