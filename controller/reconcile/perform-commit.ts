/** The release is proved: `last_good` moves, and what is no longer needed goes. Nothing else moves it. */
import {
  RESTORED_BY_HAND,
  type LastGood,
  type ProvedService,
  type Release,
} from '../model/release.ts';
import type { SwarmView } from '../model/swarm.ts';
import { obsoleteServices } from '../recipe/obsolete-services.ts';
import { releaseOf, type Job, type PerformDeps } from './job.ts';
import { volumesOf } from './perform-undeploy.ts';
import type { Performed } from './perform.ts';

export async function performCommit(
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  const { app } = job.input;
  const release = releaseOf(job, 'to');
  const reading = await deps.driver.read(app, release, signal);
  const view = await deps.engine.observeStack(app.stack, signal);
  const lastGood: LastGood = {
    ...release,
    proved: provedServices(view, app.stack, release),
    secrets: reading.secrets.map(({ fullName }) => fullName),
    recipe: app.recipe,
    domain: app.domain,
    stack: app.stack,
    nodeId: job.data.nodeId ?? '',
    provedAt: new Date(deps.clock.now()).toISOString(),
    ...(job.data.unprobed === true ? { unprobed: true } : {}),
  };
  await deps.store.writeLastGood(app.name, lastGood);
  if (job.kind === 'restore') await quarantineLeft(job, deps);
  // What is put back says nothing of a release that failed: it stays quarantined.
  else if (job.kind !== 'repair') await deps.store.writeQuarantine(app.name, null);
  await removeObsolete('to', job, deps, signal);
  await deps.snapshots.dropDisplaced(app.name, await volumesOf(job, deps, signal), signal);
  return { kind: 'ok', data: {} };
}

/** What Swarm was asked for, as it is now that it is proved: an edit by hand is told by the difference. */
function provedServices(
  view: SwarmView,
  stack: string,
  release: Release,
): NonNullable<Release['proved']> {
  return Object.fromEntries(
    Object.keys(release.images).flatMap((name): [string, ProvedService][] => {
      const service = view.services.find((one) => one.name === `${stack}_${name}`);
      if (service === undefined) return [];
      const { replicas = null, writtenDigest } = service;
      return [
        [name, { replicas, ...(writtenDigest === undefined ? {} : { written: writtenDigest }) }],
      ];
    }),
  );
}

/**
 * A person went back: without this the next pass would take them to the release that they just left. What is quarantined
 * already stays so when the same snapshot is restored once more; but for the restored release itself, which an earlier
 * try may have failed with, and which is proved now.
 */
async function quarantineLeft(job: Job, deps: PerformDeps): Promise<void> {
  const { app, to, leaves } = job.input;
  if (leaves === undefined || leaves.specHash === to.specHash) {
    const record = (await deps.store.records([app.name])).get(app.name);
    const barred = record?.known === true ? record.value.quarantine?.specHash : undefined;
    if (barred === to.specHash) await deps.store.writeQuarantine(app.name, null);
    return;
  }
  await deps.store.writeQuarantine(app.name, {
    version: leaves.version,
    commit: leaves.commit,
    specHash: leaves.specHash,
    reason: RESTORED_BY_HAND,
    since: new Date(deps.clock.now()).toISOString(),
  });
}

/** Services that the release the app is left on does not have: nothing else ever takes them away. */
export async function removeObsolete(
  which: 'to' | 'from',
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<void> {
  const { app } = job.input;
  const reading = await deps.driver.read(app, releaseOf(job, which), signal);
  const view = await deps.engine.observeStack(app.stack, signal);
  for (const service of obsoleteServices(view, app, reading)) {
    await deps.engine.removeService(service.id, signal);
  }
}
