/**
 * What the health gate says of a change whose time is up: which fault it was, and whether it was the release's. Pure.
 *
 * L1: an outage, a full node or probes that could not be made are nobody's fault: inconclusive.
 */
import { assertNever } from '../model/assert-never.ts';
import type { ProbeResult } from '../model/probe.ts';
import type { HealthFacts } from './health-facts.ts';
import type { HealthVerdict } from './health.ts';

/** So many times healthy and then not: no longer one restart, or one slow answer. */
const FLAPS_MIN = 3;

/** So many deaths that one alone, of a slow start or a hand, is not held against it. */
const DEATHS_MIN = 2;

/** What was found out until the time was up. */
export interface Overdue {
  /** Of the last look. */
  readonly atMs: number;
  readonly limitMs: number;
  readonly stableForMs: number;
  readonly flaps: number;
  readonly facts: HealthFacts;
}

/** Not everything that should run does; `what` says what does not. */
export function notConverged(past: Overdue, what: string): HealthVerdict {
  const { facts, limitMs } = past;
  const service = facts.notRunning[0]?.service?.id ?? null;
  if (facts.unplaceable !== undefined) {
    return {
      kind: 'inconclusive',
      reason: 'NotScheduled',
      message: `not running after ${seconds(limitMs)}: ${what}`,
      service,
    };
  }
  if (past.flaps >= FLAPS_MIN) return flapping(past, what, service);
  return {
    kind: outOfTime(facts),
    reason: 'NotConverged',
    message: `not running after ${seconds(limitMs)}: ${what}`,
    service,
  };
}

/** Everything runs; `red`: the probes that are not green. */
export function overdue(past: Overdue, red: readonly ProbeResult[]): HealthVerdict {
  const { facts, limitMs, stableForMs } = past;
  const service = facts.services[0]?.id ?? null;
  const isRed = red.some((probe) => probe.kind === 'red');
  const what = red.map(describeProbe).join('; ');
  if (past.flaps >= FLAPS_MIN && (red.length === 0 || isRed)) {
    return flapping(
      past,
      red.length === 0 ? 'its tasks are replaced again and again' : what,
      service,
    );
  }
  if (red.length === 0 && past.flaps === 0 && deathsOf(facts) === 0) {
    // It is healthy, and was never seen to come and go: nobody could look, or looked, when it became so.
    return {
      kind: 'inconclusive',
      reason: 'ProbeUnanswered',
      message: `running, but not seen healthy for ${seconds(stableForMs)} within ${seconds(limitMs)}: there were not enough looks in that time`,
      service,
    };
  }
  if (red.length === 0 || (!isRed && isSeenDying(past))) {
    return {
      kind: outOfTime(facts),
      reason: 'Unstable',
      message: `its tasks did not stay the same for ${seconds(stableForMs)} within ${seconds(limitMs)}`,
      service,
    };
  }
  return {
    kind: isRed ? outOfTime(facts) : 'inconclusive',
    reason: isRed ? 'ProbeFailed' : 'ProbeUnanswered',
    message: `running, but not healthy after ${seconds(limitMs)}: ${what}`,
    service,
  };
}

/**
 * Its deaths were seen, whoever could be asked in between, and what runs now has not lived yet for as long as it has to be
 * healthy. Not the time between two deaths counts: Swarm waits before it starts the next task.
 */
function isSeenDying({ atMs, stableForMs, facts }: Overdue): boolean {
  if (deathsOf(facts) < DEATHS_MIN) return false;
  const youngestMs = Math.max(...facts.running.map((task) => task.stateAtMs));
  return atMs - youngestMs < stableForMs;
}

function deathsOf({ deaths }: HealthFacts): number {
  return Math.max(0, ...[...deaths.values()].map((dead) => dead.length));
}

/** A probe that is not green, in words. */
export function describeProbe(probe: ProbeResult): string {
  switch (probe.kind) {
    case 'green':
      return `${probe.probe}: green`;
    case 'red':
    case 'unknown':
      return `${probe.probe}: ${probe.detail}`;
    default:
      return assertNever(probe, 'probe result');
  }
}

function flapping(past: Overdue, last: string, service: string | null): HealthVerdict {
  return {
    kind: outOfTime(past.facts),
    reason: 'Flapping',
    message: `healthy and then not, ${String(past.flaps)} times within ${seconds(past.limitMs)}, and never for ${seconds(past.stableForMs)}; at last: ${last}`,
    service,
  };
}

/** Time that an outage took from a release is not its fault: it is tried again, and not quarantined. */
function outOfTime(facts: HealthFacts): 'unhealthy' | 'inconclusive' {
  return facts.lostToOutage > 0 ? 'inconclusive' : 'unhealthy';
}

function seconds(ms: number): string {
  return `${String(Math.round(ms / 1000))} s`;
}
