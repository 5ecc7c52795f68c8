/**
 * The health gate: did the deploy work? Judged sample by sample; the answer is healthy, unhealthy, inconclusive, or not
 * yet.
 *
 * - U3: only tasks of this change count. Swarm's own update state is never taken for success or failure; a spec that
 *   Swarm rolled back is unhealthy.
 * - L1: a sample that failed stops the clocks; failures around an outage of the daemon or a node are not the app's.
 * - L1: healthy is what was seen to be. The time between two looks that lie far apart counts for nothing, so that one that
 *   answers now and then is not healthy for having been asked at the right moments; nor is it held against anybody.
 * - A crash loop is judged by its deaths (three, without one healthy probe), not by waiting out a limit.
 */
import type { Known } from '../model/known.ts';
import type { ProbeResult } from '../model/probe.ts';
import type { SwarmView } from '../model/swarm.ts';
import { describeTask, gatherFacts, type HealthFacts } from './health-facts.ts';
import { describeProbe, notConverged, overdue } from './health-overdue.ts';

export interface HealthQuestion {
  readonly stack: string;
  /** Null: what runs was not deployed by us, and is judged as it is. */
  readonly specHash: string | null;
  /** Services that must be there, by their full name. */
  readonly services: readonly string[];
  /** Failures before this moment belong to somebody else. */
  readonly deployedAtMs: number;
  readonly convergeMs: number;
  readonly bootMs: number;
  readonly stableForMs: number;
}

/** `probes` is empty while there is nothing to probe yet. */
export interface HealthSample {
  readonly atMs: number;
  readonly view: Known<SwarmView>;
  readonly probes: readonly ProbeResult[];
}

/** What has to be remembered between samples. */
export interface HealthMemory {
  readonly startedAtMs: number;
  readonly lastSampleAtMs: number;
  /** Time that does not count against any limit: nobody could look. */
  readonly blindMs: number;
  /** Deaths until this moment are the outage's. */
  readonly excuseUntilMs: number;
  /** A probe was answered well once. Where there is nobody to ask, nothing ever says so. */
  readonly everGreen: boolean;
  /** How often it was healthy and was then seen not to be. */
  readonly flaps: number;
  readonly runningSinceMs: number | null;
  readonly stable: Stable | null;
}

/** The same tasks, with every probe green at every look. */
interface Stable {
  readonly key: string;
  readonly beganMs: number;
  /** The last look that said so. */
  readonly atMs: number;
  /** For how long it was seen to be so, without a gap. */
  readonly seenMs: number;
  /** Between looks that were too far apart to have seen what lay between them. */
  readonly gaps: number;
}

export type HealthVerdict =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'waiting'; readonly for: string }
  | {
      readonly kind: 'unhealthy' | 'inconclusive';
      readonly reason: string;
      readonly message: string;
      /** The service whose last log lines tell more. */
      readonly service: string | null;
    };

const DEATHS_MAX = 3;
/** Looks that are no further apart have seen what lies between them: a little more than the pause between two. */
const SEEN_BETWEEN_MS = 1000;
/** So many of a window's length, and looks that are too far apart are enough all the same: slow probes are no illness. */
const GAPS_MAX = 10;
const BLIND_MAX_MS = 300_000;
/** Swarm reports a restarted daemon's tasks as failed a little after it answers again. */
const OUTAGE_GRACE_MS = 15_000;

export function startHealth(nowMs: number): HealthMemory {
  return {
    startedAtMs: nowMs,
    lastSampleAtMs: nowMs,
    blindMs: 0,
    // What died before anybody watched may have died with the machine, or with the daemon: whoever was killed then cannot
    // tell. An app that crashes does it again.
    excuseUntilMs: nowMs,
    everGreen: false,
    flaps: 0,
    runningSinceMs: null,
    stable: null,
  };
}

export interface HealthStep {
  readonly verdict: HealthVerdict;
  readonly memory: HealthMemory;
}

/** One sample more. The same samples give the same verdict. */
export function judgeHealth(
  question: HealthQuestion,
  memory: HealthMemory,
  sample: HealthSample,
): HealthStep {
  if (!sample.view.known) return judgeBlind(memory, sample, sample.view.why);
  const seen = { ...memory, lastSampleAtMs: sample.atMs };
  const facts = gatherFacts(
    { ...question, excuseUntilMs: memory.excuseUntilMs },
    sample.view.value,
  );
  const fatal = judgeFatal(question, memory, facts);
  if (fatal !== null) return { verdict: fatal, memory: seen };
  if (facts.notRunning.length > 0) return judgeConverging(question, seen, sample, facts);
  return judgeRunning(question, seen, sample, facts);
}

/** Whether everything that should run does: before that there is nothing to probe. */
export function isReadyToProbe(
  question: HealthQuestion,
  memory: HealthMemory,
  view: SwarmView,
): boolean {
  const facts = gatherFacts({ ...question, excuseUntilMs: memory.excuseUntilMs }, view);
  return facts.notRunning.length === 0;
}

function judgeBlind(memory: HealthMemory, sample: HealthSample, why: string): HealthStep {
  const unseenMs = sample.atMs - memory.lastSampleAtMs;
  const blindMs = memory.blindMs + unseenMs;
  // One look that is missed does not part those around it: how far these are apart is what counts.
  const next = {
    ...memory,
    lastSampleAtMs: sample.atMs,
    blindMs,
    excuseUntilMs: sample.atMs + OUTAGE_GRACE_MS,
  };
  if (blindMs <= BLIND_MAX_MS) return { verdict: { kind: 'waiting', for: why }, memory: next };
  return {
    verdict: { kind: 'inconclusive', reason: 'NoAnswer', message: why, service: null },
    memory: next,
  };
}

function judgeFatal(
  question: HealthQuestion,
  memory: HealthMemory,
  facts: HealthFacts,
): HealthVerdict | null {
  const rolledBack = facts.foreign.find((service) => service.updateState?.startsWith('rollback'));
  if (rolledBack !== undefined) {
    return {
      kind: 'unhealthy',
      reason: 'SwarmRolledBack',
      message: `Swarm itself put service ${rolledBack.name} back to its former spec`,
      service: rolledBack.id,
    };
  }
  for (const service of facts.services) {
    const deaths = facts.deaths.get(service.id) ?? [];
    const last = deaths.toSorted((a, b) => b.stateAtMs - a.stateAtMs)[0];
    if (facts.exhausted.includes(service)) {
      return {
        kind: 'unhealthy',
        reason: 'RestartsExhausted',
        message: `service ${service.name} failed and its restart policy allows no further try${describeTask(last)}`,
        service: service.id,
      };
    }
    if (deaths.length >= DEATHS_MAX && !memory.everGreen) {
      return {
        kind: 'unhealthy',
        reason: 'CrashLoop',
        message: `service ${service.name} died ${String(deaths.length)} times without ever being healthy${describeTask(last)}`,
        service: service.id,
      };
    }
  }
  return judgeForeign(question, facts);
}

function judgeForeign(question: HealthQuestion, facts: HealthFacts): HealthVerdict | null {
  const other = facts.foreign[0];
  return other === undefined
    ? null
    : {
        kind: 'inconclusive',
        reason: 'Contended',
        message: `somebody else wrote service ${other.name} of stack ${question.stack} while it was being judged`,
        service: other.id,
      };
}

function judgeConverging(
  question: HealthQuestion,
  memory: HealthMemory,
  sample: HealthSample,
  facts: HealthFacts,
): HealthStep {
  const flaps = memory.flaps + (memory.stable === null ? 0 : 1);
  const next = { ...memory, stable: null, flaps };
  const what = facts.notRunning.map((one) => one.what).join('; ');
  // Once everything ran, a later death is judged against the boot limit: it must not get the longer one again.
  const sinceMs = memory.runningSinceMs ?? memory.startedAtMs;
  const limitMs = memory.runningSinceMs === null ? question.convergeMs : question.bootMs;
  if (sample.atMs - sinceMs - memory.blindMs <= limitMs) {
    return { verdict: { kind: 'waiting', for: what }, memory: next };
  }
  const verdict = notConverged(
    { atMs: sample.atMs, limitMs, stableForMs: question.stableForMs, flaps, facts },
    what,
  );
  return { verdict, memory: next };
}

function judgeRunning(
  question: HealthQuestion,
  memory: HealthMemory,
  sample: HealthSample,
  facts: HealthFacts,
): HealthStep {
  const runningSinceMs = memory.runningSinceMs ?? sample.atMs;
  const red = sample.probes.filter((probe) => probe.kind !== 'green');
  const deathCount = [...facts.deaths.values()].reduce((sum, dead) => sum + dead.length, 0);
  const key = `${String(deathCount)}:${facts.running
    .map((task) => task.id)
    .sort()
    .join(',')}`;
  const green = red.length === 0;
  const stable = green ? seenStable(question, memory.stable, key, sample.atMs) : null;
  // That nobody could look is no sign of illness (L1).
  const isFlap = memory.stable !== null && memory.stable.key !== stable?.key && !isUnseen(red);
  const next: HealthMemory = {
    ...memory,
    runningSinceMs,
    stable,
    everGreen: memory.everGreen || (green && !isUnprobed(sample.probes)),
    flaps: memory.flaps + (isFlap ? 1 : 0),
  };
  if (stable !== null && (stable.seenMs >= question.stableForMs || stable.gaps >= GAPS_MAX)) {
    return { verdict: { kind: 'healthy' }, memory: next };
  }
  // What became stable in time has its whole window, however slowly that is seen.
  const countedMs = stable === null ? sample.atMs : stable.beganMs + stable.seenMs;
  const elapsedMs = countedMs - runningSinceMs - memory.blindMs;
  if (elapsedMs <= question.bootMs + (green ? question.stableForMs : 0)) {
    const waitingFor = green
      ? `the same tasks to stay healthy for ${String(Math.round(question.stableForMs / 1000))} s`
      : red.map(describeProbe).join('; ');
    return { verdict: { kind: 'waiting', for: waitingFor }, memory: next };
  }
  const verdict = overdue(
    { ...question, atMs: sample.atMs, limitMs: question.bootMs, flaps: next.flaps, facts },
    red,
  );
  return { verdict, memory: next };
}

function seenStable(
  { stableForMs }: HealthQuestion,
  before: Stable | null,
  key: string,
  atMs: number,
): Stable {
  if (before?.key !== key) return { key, beganMs: atMs, atMs, seenMs: 0, gaps: 0 };
  const sinceMs = atMs - before.atMs;
  const isGap = sinceMs > Math.max(SEEN_BETWEEN_MS, stableForMs / GAPS_MAX);
  return isGap
    ? { ...before, atMs, seenMs: 0, gaps: before.gaps + 1 }
    : { ...before, atMs, seenMs: before.seenMs + sinceMs };
}

/** Whether no probe had anybody to ask: that its tasks run is all that is known of the app. */
export function isUnprobed(probes: readonly ProbeResult[]): boolean {
  return probes.every((probe) => probe.kind === 'green' && probe.nobody === true);
}

function isUnseen(red: readonly ProbeResult[]): boolean {
  return red.length > 0 && red.every((probe) => probe.kind === 'unknown');
}
