/**
 * S1: is an app really gone? Services disappear at once, tasks after seconds, containers later still; only when none is
 * left may its volumes be copied or replaced. Processes that outlived their containers are looked for by the edge
 * (`Engine.usersOf`): this file judges what Docker lists.
 */
import type { VolumePlace } from '../model/snapshot.ts';
import type { SwarmView } from '../model/swarm.ts';

export type Undeployed =
  | { readonly kind: 'undeployed' }
  /** `by`: who is still there, one phrase each. */
  | { readonly kind: 'in-use'; readonly by: readonly string[] };

/** Tasks that never got a node hold no volume; Swarm may keep them for ever when their node is drained. */
export function judgeUndeployed(
  view: SwarmView,
  stack: string,
  volumeNames: readonly string[],
): Undeployed {
  const services = view.services.filter((service) => service.stack === stack);
  const tasks = view.tasks.filter((task) => task.stack === stack && task.nodeId !== '');
  const containers = view.containers.filter(
    (container) =>
      container.stack === stack || container.volumes.some((volume) => volumeNames.includes(volume)),
  );
  const by = [
    ...services.map((service) => `service ${service.name}`),
    ...tasks.map((task) => `task ${task.id} (${task.state}) on node ${task.nodeId}`),
    ...containers.map(
      (container) =>
        `container ${container.names[0] ?? container.id.slice(0, 12)} (${container.state})`,
    ),
  ];
  return by.length === 0 ? { kind: 'undeployed' } : { kind: 'in-use', by };
}

/**
 * Who else uses the app's volumes, one phrase each: containers of no service of it, running or not. They would still be
 * there when the app is gone, so it must not be taken down for their sake.
 */
export function otherUsers(
  view: SwarmView,
  stack: string,
  places: readonly VolumePlace[],
): readonly string[] {
  const isUsed = (source: string): boolean =>
    places.some(({ path }) => source === path || source.startsWith(`${path}/`));
  return view.containers
    .filter((container) => container.stack !== stack)
    .filter(
      ({ volumes, binds }) =>
        volumes.some((volume) => places.some(({ name }) => name === volume)) || binds.some(isUsed),
    )
    .map(({ names, id, state }) => `container ${names[0] ?? id.slice(0, 12)} (${state})`);
}
