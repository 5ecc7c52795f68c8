/**
 * A state directory as a controller leaves it, written by the same adapters: one app whose upgrade is held, one that was
 * rolled back, one that was never installed.
 */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Alert } from '../../controller/model/alert.ts';
import type { WarmAppSpec } from '../../controller/model/desired.ts';
import type { PhaseFailure, TransitionEnd } from '../../controller/model/journal.ts';
import { known } from '../../controller/model/known.ts';
import type { StateStore } from '../../controller/ports/state-store.ts';
import { createAlertStore } from '../../controller/adapters/files/alert-store.ts';
import { createStateStore } from '../../controller/adapters/files/state-store.ts';
import { holdAlerts } from '../../controller/report/hold-alert.ts';
import { rollbackAlert } from '../../controller/report/rollback-alert.ts';
import { statusIndex } from '../../controller/report/index-file.ts';
import { statusesOf } from '../../controller/report/status.ts';
import { createStateCheck } from '../../controller/spec/state-validators.ts';
import { desiredOf, warmApp } from './desired.ts';
import { entryOf, hold, holdReason, world } from './plan.ts';
import {
  appRecord,
  failure,
  lastGood,
  manifest,
  quarantine,
  transition,
  transitionInput,
} from './record.ts';

const nowMs = Date.parse('2026-11-21T09:30:00Z');
const held = warmApp('guestbook');
const rolledBack = warmApp('wiki');
const missing = warmApp('notes');
const crash = failure({ lastLogs: ['Error: bad schema'] });

const heldEntry = entryOf(
  'guestbook',
  { kind: 'held', message: 'the recipe moves from major 1 to major 2' },
  {
    hold: hold('2.0.0+2.0.0', [holdReason({ file: 'release/2.0.0+2.0.0', line: 3 })]),
    latest: '2.0.0+2.0.0',
  },
);

function filesOf(stateDir: string) {
  return {
    stateDir,
    check: createStateCheck(),
    clock: { now: () => nowMs },
    log: { debug: drop, info: drop, warn: drop, error: drop },
    revision: () => 'sha256:0001',
  };
}

/**
 * What is there besides once `writeStateDirectory` has filled a directory: the held app has a known-good, a snapshot and
 * a volume, and the one that was never installed is being installed.
 */
export async function writeMore(stateDir: string): Promise<void> {
  const store = createStateStore({ ...filesOf(stateDir), holdsLock: true });
  await store.writeLastGood(held.name, lastGood(held, '1.1.0+1.1.0'));
  const folder = path.join(stateDir, held.name);
  const volume = {
    volume: 'data',
    name: `${held.stack}_data`,
    archive: 'data.tar.zst',
    archiveBytes: 5 * 2 ** 20,
    entries: 12,
    contentBytes: 12 * 2 ** 20,
    treeSha256: 'b'.repeat(64),
    skipped: [],
  };
  const head = { apiVersion: 'ci-warm.dev/v1', observedRevision: 'sha256:0001' };
  const whole = { ...head, ...manifest(held, '1.0.0+1.0.0'), volumes: [volume] };
  await mkdir(path.join(folder, 'volumes', 'data', 'data'), { recursive: true });
  await mkdir(path.join(folder, '.snapshots', whole.id), { recursive: true });
  await writeFile(
    path.join(folder, '.snapshots', whole.id, 'manifest.json'),
    JSON.stringify(whole),
  );
  await symlink(path.join('.snapshots', whole.id), path.join(folder, 'snapshot'));
  const base = { id: '20261121t092900-0000cc', app: missing.name, transition: 'install' } as const;
  const input = transitionInput(missing, null, '1.0.0+1.0.0');
  const at = (seconds: string): string => `2026-11-21T09:29:${seconds}Z`;
  await store.append({ ...base, at: at('00'), phase: 'begin', event: 'intent', input });
  await store.append({ ...base, at: at('01'), phase: 'prepare', event: 'intent' });
  await store.append({
    ...base,
    at: at('05'),
    phase: 'prepare',
    event: 'outcome',
    result: { kind: 'ok' },
  });
  await store.append({ ...base, at: at('06'), phase: 'deploy', event: 'intent' });
}

/** Fills an empty directory. */
export async function writeStateDirectory(stateDir: string): Promise<void> {
  const files = filesOf(stateDir);
  const store = createStateStore({ ...files, holdsLock: true });
  const alerts = createAlertStore(files);
  await writeStatuses(store);
  await writeTransition(store, held, {
    id: '20261120t080000-0000aa',
    at: '2026-11-20T08:00',
    end: 'succeeded',
  });
  await writeTransition(store, rolledBack, {
    id: '20261121t090000-0000bb',
    at: '2026-11-21T09:00',
    end: 'rolled-back',
    failed: crash,
  });
  await store.writeQuarantine(rolledBack.name, quarantine('1.2.0+1.2.0'));
  await store.writeController({
    pid: 4711,
    startedAt: '2026-11-21T09:00:00Z',
    lastPassAt: '2026-11-21T09:30:00Z',
    version: '0.1.0',
  });
  for (const alert of alertsOfBoth()) await alerts.raise(alert);
}

function drop(): void {
  // Nobody reads what the builder's adapters would say.
}

async function writeStatuses(store: StateStore): Promise<void> {
  const desired = desiredOf([held, rolledBack, missing]);
  const statuses = statusesOf({
    desired,
    invalid: [],
    incomplete: false,
    plan: {
      revision: desired.revision,
      entries: [
        heldEntry,
        entryOf('wiki', { kind: 'quarantined', version: '1.2.0+1.2.0', message: 'CrashLoop' }),
        entryOf(
          'notes',
          { kind: 'stalled', reason: 'NoRelease', message: 'recipe notes has no release' },
          { current: null, target: null, latest: null },
        ),
      ],
    },
    world: world({
      records: new Map([
        [held.name, known(appRecord({ lastGood: lastGood(held, '1.1.0+1.1.0') }))],
        [
          rolledBack.name,
          known(
            appRecord({
              lastGood: lastGood(rolledBack, '1.1.0+1.1.0'),
              quarantine: quarantine('1.2.0+1.2.0'),
              history: [
                transition({ end: 'rolled-back', toVersion: '1.2.0+1.2.0', failure: crash }),
              ],
            }),
          ),
        ],
        [missing.name, known(appRecord())],
      ]),
    }),
    health: new Map([
      [held.name, { kind: 'healthy' }],
      [rolledBack.name, { kind: 'healthy' }],
      [missing.name, { kind: 'not-running' }],
    ]),
    previous: [],
    nowMs,
  });
  await store.writeStatuses(statuses, statusIndex(desired.revision, statuses));
}

interface Story {
  readonly id: string;
  /** Date and time to the minute. */
  readonly at: string;
  readonly end: TransitionEnd;
  readonly failed?: PhaseFailure;
}

async function writeTransition(store: StateStore, app: WarmAppSpec, story: Story): Promise<void> {
  const { id, at, end, failed } = story;
  const base = { id, app: app.name, transition: 'upgrade' } as const;
  const input = transitionInput(app, '1.1.0+1.1.0', '1.2.0+1.2.0');
  await store.append({ ...base, at: `${at}:00Z`, phase: 'begin', event: 'intent', input });
  await store.append({ ...base, at: `${at}:01Z`, phase: 'judge', event: 'intent' });
  await store.append({
    ...base,
    at: `${at}:40Z`,
    phase: 'judge',
    event: 'outcome',
    result: failed === undefined ? { kind: 'ok' } : { kind: 'failed', failure: failed },
  });
  await store.append({
    ...base,
    at: `${at}:42Z`,
    phase: 'end',
    event: 'outcome',
    result: { kind: end },
  });
}

function alertsOfBoth(): readonly Alert[] {
  const [alert] = holdAlerts(heldEntry, held, nowMs);
  if (alert === undefined) throw new Error('no alert of a hold');
  const back = rollbackAlert({
    id: '20261121t090000-0000bb',
    transition: 'upgrade',
    input: transitionInput(rolledBack, '1.1.0+1.1.0', '1.2.0+1.2.0'),
    failure: crash,
    servedFromMs: null,
    servedUntilMs: null,
    nowMs: nowMs - 1_800_000,
  });
  return [back, alert];
}
