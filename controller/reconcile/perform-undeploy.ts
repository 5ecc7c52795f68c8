/**
 * Takes an app off the Swarm in the order that loses nothing: services → tasks and containers gone → networks. Never by
 * `docker stack rm`, which removes networks under tasks that still leave them and leaks their addresses.
 */
import { CiWarmError } from '../model/failure.ts';
import { label, type ServiceView, type SwarmView } from '../model/swarm.ts';
import type { ReleaseSpec } from '../model/release.ts';
import type { VolumePlace } from '../model/snapshot.ts';
import { judgeUndeployed } from '../gates/undeployed.ts';
import type { Job, PerformDeps } from './job.ts';
import type { Performed } from './perform.ts';

const POLL_MS = 100;
/** Longer than any stop grace that a recipe could reasonably ask for. */
const WAIT_MAX_MS = 10 * 60_000;
/** A network that a container of somebody else's is on stays: the volumes are free, and the next deploy uses it. */
const NETWORKS_WAIT_MAX_MS = 30_000;
/** Swarm takes the containers of a removed service away within seconds. */
const FORGOTTEN_AFTER_MS = 15_000;

export async function performUndeploy(
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  const volumes = await volumesOf(job, deps, signal);
  const names = await serviceNames(job, deps, signal);
  const isOurs = ({ labels, name }: ServiceView): boolean =>
    labels[label.app] === job.input.app.name || names.has(name);
  const { stack } = job.input.app;
  const deadlineMs = deps.clock.now() + WAIT_MAX_MS;
  let freeSinceMs: number | undefined;
  let tasklessSinceMs: number | undefined;
  for (;;) {
    const view = await deps.engine.observeStack(stack, signal);
    const services = view.services.filter((one) => one.stack === stack);
    const own = services.filter(isOurs);
    for (const service of own) await deps.engine.removeService(service.id, signal);
    if (own.length === 0 && services[0] !== undefined) throw foreign(job, services[0]);
    const isTaskless =
      services.length === 0 &&
      !view.tasks.some((task) => task.stack === stack && task.nodeId !== '');
    tasklessSinceMs = isTaskless ? (tasklessSinceMs ?? deps.clock.now()) : undefined;
    if (tasklessSinceMs !== undefined && deps.clock.now() - tasklessSinceMs > FORGOTTEN_AFTER_MS) {
      await removeForgotten(view, stack, names, deps, signal);
    }
    const by = await usersOf(view, stack, volumes, deps, signal);
    if (by.length === 0) {
      freeSinceMs ??= deps.clock.now();
      if (await removeNetworks(view, stack, deps, signal)) break;
      if (deps.clock.now() - freeSinceMs > NETWORKS_WAIT_MAX_MS) break;
    }
    if (deps.clock.now() > deadlineMs) {
      throw new CiWarmError(
        'not-undeployed',
        `undeploying ${job.input.app.name}: after ${String(WAIT_MAX_MS / 60_000)} minutes there is still ${by.join(', ')}`,
      );
    }
    await deps.clock.sleep(POLL_MS, signal);
    signal.throwIfAborted();
  }
  const servedUntilMs = deps.clock.now();
  return { kind: 'ok', data: job.data.servedFromMs === undefined ? {} : { servedUntilMs } };
}

/**
 * Full names of the services of every release that may run. Ours is what carries our label, and what stands under one of
 * these names without it: somebody has written over that.
 */
async function serviceNames(
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { app } = job.input;
  const names = new Set<string>();
  for (const release of releasesOf(job)) {
    const { services } = await deps.driver.read(app, release, signal);
    for (const { name } of services) names.add(`${app.stack}_${name}`);
  }
  const read = async (release: ReleaseSpec) => await deps.driver.read(app, release, signal);
  const failed = await ofFailed(job, deps, read);
  for (const { name } of failed?.services ?? []) names.add(`${app.stack}_${name}`);
  return names;
}

/**
 * A container whose service was removed while the Engine was restarted: Swarm has forgotten its task, and would leave it
 * there for ever. Only those that ended, of services that our record names (R2).
 */
async function removeForgotten(
  view: SwarmView,
  stack: string,
  names: ReadonlySet<string>,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  const ended = ['created', 'exited', 'dead'];
  const forgotten = view.containers.filter(
    (one) =>
      one.stack === stack &&
      ended.includes(one.state) &&
      // A task's container is called `service.slot.task`.
      [...names].some((name) => one.names[0]?.startsWith(`${name}.`) === true),
  );
  for (const { id } of forgotten) {
    deps.log.info('a container that Swarm has forgotten is removed', { stack, container: id });
    try {
      await deps.engine.removeContainer(id, signal);
    } catch (thrown) {
      // It runs after all: it is looked at again.
      if (!(thrown instanceof CiWarmError && thrown.code === 'conflict')) throw thrown;
    }
  }
}

function foreign({ input }: Job, { name }: ServiceView): CiWarmError {
  return new CiWarmError(
    'conflict',
    `undeploying ${input.app.name}: service ${name} was put into its stack by somebody else and is left alone; remove it, so that the data can be known to be at rest`,
  );
}

/** S1, asked once more right before a volume is copied or replaced. Throws `not-undeployed`, naming who uses it. */
export async function assertUndeployed(
  job: Job,
  volumes: readonly VolumePlace[],
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  const { stack, name } = job.input.app;
  const view = await deps.engine.observeStack(stack, signal);
  const by = await usersOf(view, stack, volumes, deps, signal);
  if (by.length > 0) {
    throw new CiWarmError(
      'not-undeployed',
      `the volumes of ${name} are in use by ${by.join(', ')}`,
    );
  }
}

/** Volumes of both ways: the target may have made some that the prior release does not know. */
export async function volumesOf(
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<readonly VolumePlace[]> {
  const { app } = job.input;
  const places = new Map<string, VolumePlace>();
  for (const release of releasesOf(job)) {
    for (const place of await deps.driver.volumes(app, release, signal))
      places.set(place.name, place);
  }
  const read = async (release: ReleaseSpec) => await deps.driver.volumes(app, release, signal);
  for (const place of (await ofFailed(job, deps, read)) ?? []) places.set(place.name, place);
  return [...places.values()];
}

/**
 * What is asked about the release whose way back had failed. The way back does not depend on it: one that its repository
 * no longer has (its tag was taken back, say) is passed over, and what it alone made stays where it is.
 */
async function ofFailed<Answer>(
  { input: { app, failed } }: Job,
  { log }: PerformDeps,
  ask: (failed: ReleaseSpec) => Promise<Answer>,
): Promise<Answer | undefined> {
  if (failed === undefined) return undefined;
  try {
    return await ask(failed);
  } catch (thrown) {
    if (!(thrown instanceof CiWarmError && thrown.code === 'recipe-invalid')) throw thrown;
    const { version } = failed;
    const why = thrown.message;
    log.warn('what a failed release made is left where it is', { app: app.name, version, why });
    return undefined;
  }
}

/** Every release that may run, or may have made volumes: both ways, and what is left. */
function releasesOf({ input }: Job): readonly ReleaseSpec[] {
  const { from, to, leaves } = input;
  return [...(leaves === undefined ? [] : [leaves]), ...(from === null ? [] : [from]), to];
}

async function usersOf(
  view: SwarmView,
  stack: string,
  volumes: readonly VolumePlace[],
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = volumes.map((volume) => volume.name);
  const listed = judgeUndeployed(view, stack, names);
  if (listed.kind === 'in-use') return listed.by;
  return deps.engine.usersOf(
    names,
    volumes.map((volume) => volume.path),
    signal,
  );
}

/** True when none is left. A network that something still leaves is tried again at the next look. */
async function removeNetworks(
  view: SwarmView,
  stack: string,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<boolean> {
  let isGone = true;
  for (const network of view.networks.filter((one) => one.stack === stack)) {
    isGone = false;
    try {
      await deps.engine.removeNetwork(network.id, signal);
    } catch (thrown) {
      if (!(thrown instanceof CiWarmError && thrown.code === 'conflict')) throw thrown;
    }
  }
  return isGone;
}
