/**
 * What else is said of a warm app, beside Ready: whether it is healthy, what is held, quarantined or rolled back, and
 * whether its snapshot can be read. Each is there as True, False or Unknown, so that "no" can be told from "not said".
 */
import type { HoldReason } from '../model/alert.ts';
import { assertNever } from '../model/assert-never.ts';
import { lastDrill, withoutDrills } from '../model/drill-verdict.ts';
import type { TransitionSummary } from '../model/journal.ts';
import type { Hold } from '../model/plan.ts';
import { reasonFrom, type Reason } from '../model/reasons.ts';
import { RESTORED_BY_HAND } from '../model/release.ts';
import type { AppFacts, Finding } from './finding.ts';
import { adviceOnHold } from './hold-advice.ts';
import { primaryReason } from './hold-order.ts';
import { oneLine, sentence } from './text.ts';

/** What the file system answered, with paths of the app's own, is no longer than this in a status. */
const NO_REFLINKS_MAX = 200;

const heldReasons = {
  'held-major': 'HeldMajor',
  'held-manual-migration': 'HeldManualMigration',
  'held-unparsable': 'HeldUnparsable',
  'held-image-major': 'HeldImageMajor',
  'held-volume': 'HeldVolume',
  'held-new-configuration': 'HeldNewConfiguration',
  'held-downgrade': 'HeldDowngrade',
  'held-domain': 'HeldDomain',
  'held-unhealthy': 'HeldUnhealthy',
  'held-adoption': 'HeldAdoption',
} as const satisfies Record<HoldReason['kind'], Reason>;

export function appFindings(facts: AppFacts): readonly Finding[] {
  return [
    healthy(facts),
    upgradeHeld(facts),
    quarantined(facts),
    rolledBack(facts),
    ...snapshotValid(facts),
  ];
}

function healthy({ health, record }: AppFacts): Finding {
  const finding = (status: Finding['status'], reason: Reason, message: string): Finding => ({
    type: 'Healthy',
    status,
    reason,
    message,
  });
  switch (health.kind) {
    case 'healthy':
      return record.known && record.value.lastGood?.unprobed === true
        ? finding(
            'True',
            'Unprobed',
            'Every wanted task runs, and nothing more is known: it has no health check, and no probe had anybody to ask. Give its recipe health.probes.',
          )
        : finding('True', 'ServicesRunning', 'Every wanted task runs.');
    case 'unhealthy':
      return finding('False', reasonFrom(health.reason, 'Unhealthy'), sentence(health.message));
    case 'unknown':
      return finding('Unknown', 'HealthUnknown', sentence(health.why));
    case 'not-running':
      return finding('False', 'NotRunning', 'Nothing of it is deployed.');
    default:
      return assertNever(health, 'health');
  }
}

function upgradeHeld({ entry, file }: AppFacts): Finding {
  const held = (reason: Reason, message: string): Finding => ({
    type: 'UpgradeHeld',
    status: 'True',
    reason,
    message,
  });
  const first = entry.hold === null ? undefined : primaryReason(entry.hold.reasons);
  if (entry.hold !== null && first !== undefined) {
    return held(
      heldReasons[first.kind],
      `${heldMessage(entry.hold, first)} To go on: ${adviceOnHold(entry.hold, file)}.`,
    );
  }
  if (entry.decision.kind === 'held') {
    return held('HeldForAge', sentence(entry.decision.message));
  }
  return {
    type: 'UpgradeHeld',
    status: 'False',
    reason: 'NothingHeld',
    message: 'No version is held.',
  };
}

function heldMessage(hold: Hold, first: HoldReason): string {
  const others = hold.reasons.length - 1;
  const more = others === 0 ? '' : ` (and ${String(others)} more)`;
  return `${hold.version} is held${more}: ${sentence(first.message)}`;
}

function quarantined({ name, record }: AppFacts): Finding {
  if (!record.known) return unreadable('Quarantined', record.why);
  const { quarantine } = record.value;
  if (quarantine === null) {
    return {
      type: 'Quarantined',
      status: 'False',
      reason: 'NotQuarantined',
      message: 'Nothing is quarantined.',
    };
  }
  return {
    type: 'Quarantined',
    status: 'True',
    reason: quarantine.reason === RESTORED_BY_HAND ? 'RestoredByHand' : 'HealthGateFailed',
    message: `${quarantine.version} is not tried again since ${quarantine.since}: ${sentence(quarantine.reason)} A newer version or another configuration will be; to try this one again: ci-warm reconcile ${name} --retry.`,
  };
}

function rolledBack({ record }: AppFacts): Finding {
  if (!record.known) return unreadable('RolledBack', record.why);
  const last = withoutDrills(record.value.history).at(-1);
  if (last?.end === 'rolled-back') {
    return {
      type: 'RolledBack',
      status: 'True',
      reason: 'TransitionRolledBack',
      message: `${last.toVersion} was rolled back to ${last.fromVersion ?? 'nothing'} on ${last.endedAt}${because(last)}`,
    };
  }
  if (last?.end === 'stranded') {
    return {
      type: 'RolledBack',
      status: 'False',
      reason: 'RollbackFailed',
      message: `The way back from ${last.toVersion} failed on ${last.endedAt}; the app is undeployed, its data is safe${because(last)}`,
    };
  }
  return {
    type: 'RolledBack',
    status: 'False',
    reason: 'NotRolledBack',
    message: 'The last transition was not rolled back.',
  };
}

function because({ failure }: TransitionSummary): string {
  return failure === null ? '.' : `: ${sentence(failure.message)}`;
}

/** Nothing is said of a snapshot where there is none to speak of: stateless, or never upgraded yet. */
function snapshotValid({ data, record }: AppFacts): readonly Finding[] {
  if (data === 'Stateless') return [];
  if (!record.known) return [unreadable('SnapshotValid', record.why)];
  const { snapshot } = record.value;
  if (!snapshot.known) {
    return [
      {
        type: 'SnapshotValid',
        status: 'Unknown',
        reason: 'SnapshotUnreadable',
        message: sentence(snapshot.why),
      },
    ];
  }
  if (snapshot.value === null) return [];
  const { id, identity, takenAt, noReflinks } = snapshot.value;
  const fellBack =
    noReflinks === undefined
      ? ''
      : ` by tar and zstd, though snapshots.driver was Reflink (${oneLine(noReflinks, NO_REFLINKS_MAX)}; ci-warm doctor says whether that works here)`;
  const what = `Data of ${identity.version}, taken on ${takenAt}${fellBack}`;
  const drill = lastDrill(record.value.history, id);
  if (drill === undefined) {
    const message = `${what}.`;
    return [{ type: 'SnapshotValid', status: 'True', reason: 'SnapshotPresent', message }];
  }
  if (drill.end === 'succeeded') {
    const message = `${what}; restored beside the app and found healthy on ${drill.endedAt}.`;
    return [{ type: 'SnapshotValid', status: 'True', reason: 'DrillPassed', message }];
  }
  const message = `${what}; a drill on ${drill.endedAt} could not restore it${because(drill)} The next upgrade takes a new snapshot.`;
  return [{ type: 'SnapshotValid', status: 'False', reason: 'DrillFailed', message }];
}

function unreadable(type: Finding['type'], why: string): Finding {
  return { type, status: 'Unknown', reason: 'StateUnreadable', message: sentence(why) };
}
