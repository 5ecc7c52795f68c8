/**
 * The phases of an adoption: what runs is pinned by what it is, judged, labelled and committed. Nothing is deployed,
 * removed or copied in any of them.
 */
import { CiWarmError } from '../model/failure.ts';
import type { PhaseData } from '../model/journal.ts';
import { parseImageReference } from '../model/image-reference.ts';
import { adoptedAs, label, type ServiceView, type SwarmView } from '../model/swarm.ts';
import type { Intent } from '../transitions/machine.ts';
import { releaseOf, type Job, type PerformDeps } from './job.ts';
import { performCommit } from './perform-commit.ts';
import { performConclude } from './perform-conclude.ts';
import { performJudge } from './perform-judge.ts';
import { refuseProblems } from './perform-prepare.ts';
import type { Performed } from './perform.ts';

/** Every phase may be performed again after a crash (L2). */
export async function performAdopt(
  intent: Intent,
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  switch (intent.kind) {
    case 'prepare':
      return { kind: 'ok', data: await prepare(job, deps, signal) };
    case 'judge':
      return await performJudge(intent.which, job, deps, signal);
    case 'label':
      await labelAll(job, deps, signal);
      return { kind: 'ok', data: {} };
    case 'unlabel':
      await unlabelAll(job, deps, signal);
      return { kind: 'ok', data: {} };
    case 'commit':
      return await performCommit(job, deps, signal);
    case 'conclude':
      return await performConclude(intent.end, job, deps, signal);
    case 'undeploy':
    case 'snapshot':
    case 'deploy':
    case 'restore':
    case 'clear':
      throw new CiWarmError(
        'state-invalid',
        `an adoption of ${job.input.app.name} does no ${intent.kind}`,
      );
    default:
      return intent satisfies never;
  }
}

/** What runs becomes the way back of the next upgrade: it is pinned, present, and its volumes are the app's own (U2). */
async function prepare(job: Job, deps: PerformDeps, signal: AbortSignal): Promise<PhaseData> {
  const { app, to } = job.input;
  const reading = await deps.driver.read(app, to, signal);
  refuseProblems(reading);
  await deps.driver.volumes(app, to, signal);
  const view = await deps.engine.observeStack(app.stack, signal);
  const nodeId = view.nodes.find((node) => node.self)?.id;
  if (nodeId === undefined) {
    throw new CiWarmError(
      'no-answer',
      'adopting: this Engine is in no Swarm; run `ci-warm doctor`',
    );
  }
  const images: Record<string, string> = {};
  for (const { name } of reading.services) {
    const service = serviceOf(job, view, name);
    images[name] = await pinned(service, view, deps, signal);
  }
  return { release: { ...to, images }, nodeId, deployedAtMs: deps.clock.now() };
}

/** The service as it was compared. Throws `conflict` for one that somebody has written or removed since. */
function serviceOf({ input }: Job, view: SwarmView, name: string): ServiceView {
  const full = `${input.app.stack}_${name}`;
  const service = view.services.find((one) => one.name === full);
  if (service !== undefined && service.versionIndex === input.adopts?.[full]) return service;
  throw new CiWarmError(
    'conflict',
    `adopting ${input.app.name}: service ${full} ${service === undefined ? 'was removed' : 'was written by somebody else'} since it was compared with the recipe; it is compared again`,
  );
}

/** By the digest that its spec names; else by the image that its container really runs. */
async function pinned(
  service: ServiceView,
  view: SwarmView,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<string> {
  const { name, digest } = parseImageReference(service.image);
  if (digest !== undefined) return await deps.images.ensure(`${name}@${digest}`, signal);
  const running = view.tasks.find(
    (task) =>
      task.serviceId === service.id &&
      task.state === 'running' &&
      task.image === service.image &&
      task.containerId !== undefined,
  );
  const { containerId } = running ?? {};
  const reference =
    containerId === undefined
      ? service.image
      : await deps.images.ofContainer(containerId, service.image, signal);
  return await deps.images.ensure(reference, signal);
}

async function labelAll(job: Job, deps: PerformDeps, signal: AbortSignal): Promise<void> {
  const { app, adopts } = job.input;
  const release = releaseOf(job, 'to');
  const view = await deps.engine.observeStack(app.stack, signal);
  for (const [name, image] of Object.entries(release.images)) {
    const full = `${app.stack}_${name}`;
    const service = view.services.find((one) => one.name === full);
    if (service === undefined) {
      throw new CiWarmError('conflict', `adopting ${app.name}: service ${full} was removed`);
    }
    const ours = { [label.app]: app.name, [label.spec]: release.specHash };
    const isPinned = service.image.includes('@');
    const set = isPinned ? ours : { ...ours, [label.adopted]: adoptedAs(service.image, image) };
    const ifVersion = adopts?.[full];
    const change = { set, drop: [], ...(ifVersion === undefined ? {} : { ifVersion }) };
    await deps.engine.labelService(service.id, change, signal);
  }
}

async function unlabelAll(job: Job, deps: PerformDeps, signal: AbortSignal): Promise<void> {
  const { app } = job.input;
  const drop = [label.app, label.spec, label.adopted];
  const view = await deps.engine.observeStack(app.stack, signal);
  for (const service of view.services) {
    if (service.labels[label.app] !== app.name) continue;
    await deps.engine.labelService(service.id, { set: {}, drop }, signal);
  }
}
