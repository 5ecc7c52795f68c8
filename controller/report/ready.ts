/**
 * Ready, Reconciling and Stalled of a warm app: one look at the plan's decision, and at the health of what runs.
 *
 * Ready is Unknown while a transition is under way: whoever waits for it goes on waiting, and does not take the minute
 * of downtime of an upgrade for a failure.
 */
import { assertNever } from '../model/assert-never.ts';
import type { TransitionKind } from '../model/journal.ts';
import type { Decision } from '../model/plan.ts';
import { reasonFrom, type Reason } from '../model/reasons.ts';
import type { AppFacts, Finding } from './finding.ts';
import { rfc3339, sentence } from './text.ts';

const doing = {
  install: { reason: 'Installing', verb: 'Installing' },
  upgrade: { reason: 'Upgrading', verb: 'Upgrading to' },
  repair: { reason: 'Repairing', verb: 'Repairing' },
  restore: { reason: 'Restoring', verb: 'Going back with its data to' },
  adopt: { reason: 'Adopting', verb: 'Adopting' },
  retire: { reason: 'Retiring', verb: 'Taking away' },
  drill: { reason: 'Drilling', verb: 'Trying beside it the snapshot of' },
} as const satisfies Record<TransitionKind, { reason: Reason; verb: string }>;

/** `Ready` first; `Reconciling` and `Stalled` only when they are true. */
export function readyFindings(facts: AppFacts): readonly Finding[] {
  const { decision } = facts.entry;
  switch (decision.kind) {
    case 'start':
      return underWay(facts, decision.transition, decision.input.to.version, decision.why);
    case 'in-transition':
      return underWay(
        facts,
        decision.transition,
        facts.entry.target ?? 'its target',
        `phase ${decision.phase}`,
      );
    case 'waiting': {
      const message = sentence(decision.message);
      return [ready('Unknown', 'Waiting', message), reconciling('Waiting', message)];
    }
    case 'backing-off':
      return [
        backingOff(facts, decision),
        reconciling(reasonFrom(decision.reason, 'BackingOff'), backOffMessage(decision)),
      ];
    case 'stalled':
      return stalled(reasonFrom(decision.reason, 'Stalled'), sentence(decision.message));
    case 'unknown':
      return [
        ready(
          'Unknown',
          'NoAnswer',
          `${sentence(decision.why)} Nothing is done until it is known.`,
        ),
      ];
    case 'suspended':
      return [
        ready('True', 'Suspended', `Left as it is. Set suspend: false in ${facts.file} to go on.`),
      ];
    case 'orphaned': {
      const reason = decision.isPrunable ? 'Retired' : 'Orphaned';
      return [ready('True', reason, sentence(decision.message))];
    }
    case 'in-sync':
    case 'held':
    case 'quarantined':
      return [settled(facts, decision)];
    default:
      return assertNever(decision, 'decision');
  }
}

/** Both conditions that say that only a person helps. */
export function stalled(reason: Reason, message: string): readonly Finding[] {
  return [ready('False', reason, message), { type: 'Stalled', status: 'True', reason, message }];
}

export function ready(status: Finding['status'], reason: Reason, message: string): Finding {
  return { type: 'Ready', status, reason, message };
}

function reconciling(reason: Reason, message: string): Finding {
  return { type: 'Reconciling', status: 'True', reason, message };
}

function underWay(
  facts: AppFacts,
  transition: TransitionKind,
  version: string,
  detail: string,
): readonly Finding[] {
  const { reason, verb } = doing[transition];
  const message = sentence(`${verb} ${version}: ${detail}`);
  // A drill does not touch the app: that is as ready as what runs is healthy.
  const finding =
    transition === 'drill'
      ? byHealth(facts, () => ready('True', reason, message))
      : ready('Unknown', reason, message);
  return [finding, reconciling(reason, message)];
}

type Resting = Extract<Decision, { kind: 'in-sync' | 'held' | 'quarantined' }>;

/** Nothing is to be done: the app is as ready as what runs is healthy, and not at all where nothing was ever installed. */
function settled(facts: AppFacts, decision: Resting): Finding {
  const installed = facts.entry.current;
  if (installed === null && decision.kind === 'held') {
    const isFound = facts.entry.hold?.reasons.some(({ kind }) => kind === 'held-adoption');
    const what = isFound === true ? 'Not adopted' : 'Not installed';
    return ready('False', 'InstallHeld', `${what}: ${sentence(decision.message)}`);
  }
  if (installed === null && decision.kind === 'quarantined') {
    return ready(
      'False',
      'InstallFailed',
      `The first install failed and is not tried again: ${sentence(decision.message)}`,
    );
  }
  return byHealth(facts, () =>
    resting(facts, decision, installed ?? facts.entry.target ?? 'its version'),
  );
}

function resting(facts: AppFacts, decision: Resting, runs: string): Finding {
  const { hold } = facts.entry;
  const healthy = `Runs ${runs} and is healthy`;
  switch (decision.kind) {
    case 'in-sync':
    case 'held': {
      if (hold !== null) {
        return ready('True', 'UpgradeHeld', `${healthy}; ${hold.version} is held.`);
      }
      return decision.kind === 'held'
        ? ready('True', 'UpgradeHeld', `${healthy}; ${sentence(decision.message)}`)
        : ready('True', 'InSync', `${healthy}.`);
    }
    case 'quarantined':
      return ready(
        'True',
        'Quarantined',
        `${healthy}; ${decision.version} failed and is not tried again.`,
      );
    default:
      return assertNever(decision, 'decision');
  }
}

function backingOff(
  facts: AppFacts,
  decision: Extract<Decision, { kind: 'backing-off' }>,
): Finding {
  const message = backOffMessage(decision);
  return facts.entry.current === null
    ? ready('False', 'BackingOff', message)
    : byHealth(facts, () => ready('True', 'BackingOff', message));
}

function backOffMessage(decision: Extract<Decision, { kind: 'backing-off' }>): string {
  return `${sentence(decision.message)} Tried again after ${rfc3339(decision.untilMs)}.`;
}

function byHealth(facts: AppFacts, whenHealthy: () => Finding): Finding {
  const { health } = facts;
  switch (health.kind) {
    case 'healthy':
      return whenHealthy();
    case 'unhealthy':
      return ready(
        'False',
        reasonFrom(health.reason, 'Unhealthy'),
        `Not healthy: ${sentence(health.message)} ${askLogs(facts)}`,
      );
    case 'unknown':
      return ready('Unknown', 'HealthUnknown', `Its health is not known: ${sentence(health.why)}`);
    case 'not-running':
      return ready(
        'False',
        'NotRunning',
        `Not deployed. See why with ci-warm history ${facts.name}.`,
      );
    default:
      return assertNever(health, 'health');
  }
}

function askLogs(facts: AppFacts): string {
  return `See its alert with ci-warm alerts, and its past with ci-warm history ${facts.name}.`;
}
