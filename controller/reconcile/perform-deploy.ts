/** Hands a release to Swarm. Whether it works is for the health gate to say. */
import { releaseOf, type Job, type PerformDeps } from './job.ts';
import type { Performed } from './perform.ts';

export async function performDeploy(
  which: 'to' | 'from',
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  const deployedAtMs = deps.clock.now();
  await deps.driver.deploy(job.input.app, releaseOf(job, which), signal);
  return { kind: 'ok', data: { deployedAtMs } };
}
