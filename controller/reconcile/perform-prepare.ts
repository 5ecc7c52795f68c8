/** Before anything is touched: every image of both ways is here, the way back can be read, there is room (U2). */
import { CiWarmError } from '../model/failure.ts';
import type { RecipeReading } from '../model/recipe.ts';
import type { LastGood } from '../model/release.ts';
import { otherUsers } from '../gates/undeployed.ts';
import type { Job, PerformDeps } from './job.ts';
import { identityOf } from './perform-data.ts';
import { volumesOf } from './perform-undeploy.ts';
import type { Performed } from './perform.ts';

export async function performPrepare(
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  const { app, from, to } = job.input;
  const reading = await deps.driver.read(app, to, signal);
  refuseProblems(reading);
  await refuseMissingSecrets(reading, job, deps, signal);
  const nodeId = await selfNodeId(job, deps, signal);
  // What goes back to last_good deploys it as it is: its images are pinned, and their tags may mean others by now.
  const images =
    job.kind !== 'install' && job.kind !== 'upgrade' && from !== null
      ? from.images
      : await pin(reading, deps, signal);
  if (from !== null) {
    await refuseBadWayBack(from, job, deps, signal);
    for (const pinned of Object.values(from.images)) await present(pinned, deps, signal);
    if (app.data === 'Stateful' && from.nodeId !== nodeId) {
      throw new CiWarmError(
        'conflict',
        `preparing ${app.name}: its data is on node ${from.nodeId}, and this is node ${nodeId}; run ci-warm where the data is. Where this is that host with a new Swarm, docs/troubleshooting.md says how to go on`,
      );
    }
    if (app.data === 'Stateful' && (job.kind === 'upgrade' || job.kind === 'restore')) {
      await refuseOtherUsers(job, deps, signal);
    }
    if (job.input.leaves !== undefined || job.kind === 'drill') {
      await refuseUnfit(job, from, nodeId, deps, signal);
    }
    if (app.data === 'Stateful' && job.kind === 'upgrade') {
      await refuseWithoutRoom(job, deps, signal);
    }
  }
  return { kind: 'ok', data: { release: { ...to, images }, nodeId } };
}

/** Throws `recipe-invalid` with the first problem. */
export function refuseProblems(reading: RecipeReading): void {
  const problem = firstProblem(reading);
  if (problem === undefined) return;
  throw new CiWarmError('recipe-invalid', `reading the recipe at ${reading.version}: ${problem}`);
}

function firstProblem({ problems }: RecipeReading): string | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  const more = problems.length - 1;
  const place = first.line === undefined ? first.file : `${first.file}:${String(first.line)}`;
  return `${place}: ${first.message}${more > 0 ? ` (and ${String(more)} more)` : ''}`;
}

/**
 * What a deploy of the way back would refuse is found out while the app runs (U2): it may have been deployed by another
 * ci-warm, which read its recipe otherwise. Throws `conflict`, for the target is not to blame.
 */
export async function refuseBadWayBack(
  from: LastGood,
  { input: { app } }: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  const why = await whyNotDeployable(from, app, deps, signal);
  if (why === undefined) return;
  throw new CiWarmError(
    'conflict',
    `preparing ${app.name}: ${from.version}, which it would have to go back to, cannot be deployed as it is: ${why}; nothing was touched. Go on with the version of ci-warm that deployed it`,
  );
}

async function whyNotDeployable(
  from: LastGood,
  app: Job['input']['app'],
  { driver }: PerformDeps,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const reading = await driver.read(app, from, signal);
    const unpinned = reading.services.find(({ name }) => from.images[name] === undefined);
    return (
      firstProblem(reading) ??
      (unpinned && `no image of service ${unpinned.name} is recorded for it`)
    );
  } catch (thrown) {
    if (thrown instanceof CiWarmError && thrown.code === 'recipe-invalid') return thrown.message;
    throw thrown;
  }
}

/** A secret that only a person can give is asked for now, and not when the app is down already. */
async function refuseMissingSecrets(
  reading: RecipeReading,
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  const { app } = job.input;
  const asked = reading.secrets.filter(
    (secret) => !secret.generate && !app.givenSecrets.some((given) => given.name === secret.name),
  );
  if (asked.length === 0) return;
  const stored = await deps.secrets.list(app.stack, signal);
  const missing = asked.find((secret) => !stored.has(secret.fullName));
  if (missing === undefined) return;
  throw new CiWarmError(
    'recipe-invalid',
    `preparing ${app.name}: recipe ${app.recipe} at ${reading.version} wants secret ${missing.name} from a person; name its file under secrets of recipe ${app.recipe}`,
  );
}

/** Throws `no-answer` where this Engine is in no Swarm. */
export async function selfNodeId(
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<string> {
  const view = await deps.engine.observeStack(job.input.app.stack, signal);
  const self = view.nodes.find((node) => node.self);
  if (self === undefined) {
    throw new CiWarmError(
      'no-answer',
      'preparing: this Engine is in no Swarm; run `ci-warm doctor`',
    );
  }
  return self.id;
}

async function pin(
  reading: RecipeReading,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const pinned = new Map<string, string>();
  for (const { image } of reading.services) {
    if (!pinned.has(image)) pinned.set(image, await deps.images.ensure(image, signal));
  }
  return Object.fromEntries(
    reading.services.map((service) => [service.name, pinned.get(service.image) ?? service.image]),
  );
}

/** Whoever has the image here need not ask a registry. */
export async function present(
  pinned: string,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  if (!(await deps.images.isPresent(pinned, signal))) await deps.images.ensure(pinned, signal);
}

/** G1: found out now, or the app would be down until they are gone. */
export async function refuseOtherUsers(
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  const { name, stack } = job.input.app;
  const view = await deps.engine.observe(signal);
  const others = otherUsers(view, stack, await volumesOf(job, deps, signal));
  if (others.length === 0) return;
  throw new CiWarmError(
    'not-undeployed',
    `preparing ${name}: its volumes are used by ${others.join(', ')}, which would keep them from being copied; remove it, nothing was touched`,
  );
}

/**
 * An app that runs is not taken down for a snapshot that could not be put back: S3, every byte of the archives, and the
 * room beside the data.
 */
async function refuseUnfit(
  job: Job,
  from: LastGood,
  nodeId: string,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  const { app, snapshotId, reserveBytes } = job.input;
  const volumes = await deps.driver.volumes(app, from, signal);
  const identity = await identityOf({ ...job, data: { nodeId } }, from, deps, signal);
  const request = { app: app.name, snapshotId: snapshotId ?? '', volumes, identity };
  const why = await deps.snapshots.refusal(request, signal);
  if (why !== undefined) {
    throw new CiWarmError(
      'snapshot-invalid',
      `preparing ${app.name}: its snapshot cannot be restored: ${why} Nothing was touched`,
    );
  }
  const manifest = await deps.snapshots.read(app.name, signal);
  const neededBytes = (manifest?.volumes ?? []).reduce((sum, one) => sum + one.contentBytes, 0);
  const { freeBytes } = await deps.snapshots.room(app.name, volumes, signal);
  if (freeBytes < neededBytes + reserveBytes) {
    throw new CiWarmError(
      'disk-full',
      `preparing ${app.name}: the data of its snapshot needs ${mebibytes(neededBytes)} beside the reserve of ${mebibytes(reserveBytes)}, and ${mebibytes(freeBytes)} are free; make room, nothing was touched`,
    );
  }
}

/** Of what runs now, beside the reserve. Throws `disk-full`. */
export async function refuseWithoutRoom(
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  const { app, from, reserveBytes } = job.input;
  if (from === null) return;
  const volumes = await deps.driver.volumes(app, from, signal);
  const { freeBytes, neededBytes } = await deps.snapshots.room(app.name, volumes, signal);
  if (freeBytes < neededBytes + reserveBytes) {
    throw new CiWarmError(
      'disk-full',
      `preparing ${app.name}: its snapshot needs ${mebibytes(neededBytes)} beside the reserve of ${mebibytes(reserveBytes)}, and ${mebibytes(freeBytes)} are free; make room, nothing was touched`,
    );
  }
}

function mebibytes(bytes: number): string {
  return `${String(Math.ceil(bytes / 2 ** 20))} MiB`;
}
