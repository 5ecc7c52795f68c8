/** Feeds the health gate: looks, probes, and asks it, until it has an answer. The gate decides, this only samples. */
import { CiWarmError, reasonOf } from '../model/failure.ts';
import { known, unknown, type Known } from '../model/known.ts';
import type { PhaseFailure } from '../model/journal.ts';
import type { RecipeReading } from '../model/recipe.ts';
import type { SwarmView } from '../model/swarm.ts';
import { probesFor } from '../gates/default-probes.ts';
import {
  isReadyToProbe,
  isUnprobed,
  judgeHealth,
  startHealth,
  type HealthQuestion,
  type HealthVerdict,
} from '../gates/health.ts';
import { whoElseAnswers } from '../gates/leaving.ts';
import { releaseOf, type Job, type PerformDeps } from './job.ts';
import type { Performed } from './perform.ts';

const POLL_MS = 200;
const LOG_LINES_MAX = 50;

export async function performJudge(
  which: 'to' | 'from',
  job: Job,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<Performed> {
  const { app, policy } = job.input;
  const release = releaseOf(job, which);
  const reading = await deps.driver.read(app, release, signal);
  const probes = probesFor(policy.health.probes, reading);
  const question: HealthQuestion = {
    stack: app.stack,
    specHash: job.kind === 'adopt' ? null : release.specHash,
    services: wantedServices(reading, app.stack),
    deployedAtMs: job.data.deployedAtMs ?? 0,
    convergeMs: policy.convergeMs,
    bootMs: policy.bootMs,
    stableForMs: policy.health.stableForMs,
  };
  let memory = startHealth(deps.clock.now());
  for (;;) {
    const view = await look(job, deps, signal);
    const results =
      view.known && isReadyToProbe(question, memory, view.value)
        ? [
            ...(await deps.probes.run(
              probes,
              { stack: app.stack, domain: app.domain, view: view.value },
              signal,
            )),
            ...whoElseAnswers(probes, view.value),
          ]
        : [];
    signal.throwIfAborted();
    const step = judgeHealth(question, memory, { atMs: deps.clock.now(), view, probes: results });
    memory = step.memory;
    if (step.verdict.kind === 'healthy') {
      return { kind: 'ok', data: isUnprobed(results) ? { unprobed: true } : {} };
    }
    if (step.verdict.kind !== 'waiting') {
      return { kind: 'failed', failure: await explain(step.verdict, deps, signal) };
    }
    await deps.clock.sleep(POLL_MS, signal);
    signal.throwIfAborted();
  }
}

function wantedServices(reading: RecipeReading, stack: string): readonly string[] {
  return reading.services.map((service) => `${stack}_${service.name}`);
}

/** A look that fails is a sample too: the gate stops its clocks (L1). */
async function look(job: Job, deps: PerformDeps, signal: AbortSignal): Promise<Known<SwarmView>> {
  try {
    return known(await deps.engine.observeStack(job.input.app.stack, signal));
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return unknown(reasonOf(thrown));
  }
}

type Failed = Extract<HealthVerdict, { kind: 'unhealthy' | 'inconclusive' }>;

async function explain(
  verdict: Failed,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<PhaseFailure> {
  return {
    verdict: verdict.kind,
    reason: verdict.reason,
    message: verdict.message,
    lastLogs: await lastLogs(verdict.service, deps, signal),
    noAnswer: verdict.reason === 'NoAnswer',
  };
}

/** The verdict stands without its logs: a failure to read them is only said. */
async function lastLogs(
  serviceId: string | null,
  deps: PerformDeps,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (serviceId === null) return [];
  try {
    return await deps.engine.tailLogs(serviceId, LOG_LINES_MAX, signal);
  } catch (thrown) {
    if (thrown instanceof CiWarmError) return [`(the log could not be read: ${thrown.message})`];
    throw thrown;
  }
}
