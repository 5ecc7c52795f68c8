/**
 * What the controller does to its state directory, one action each, through the adapters that it has in production.
 * The action is data, so that it can be handed to another process; subject.ts does it there, under strace.
 */
import { createAlertStore } from '../../controller/adapters/files/alert-store.ts';
import { nodeFileSystem } from '../../controller/adapters/files/fs.ts';
import { removeLeftovers } from '../../controller/adapters/files/leftovers.ts';
import { createStateJson } from '../../controller/adapters/files/state-json.ts';
import { createStateStore } from '../../controller/adapters/files/state-store.ts';
import { createTarSnapshots } from '../../controller/adapters/snapshots/tar-snapshots.ts';
import type { Alert } from '../../controller/model/alert.ts';
import type { ObjectStatus } from '../../controller/model/condition.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import type { LastGood, Quarantine } from '../../controller/model/release.ts';
import type { VolumePlace } from '../../controller/model/snapshot.ts';
import type { AlertStore } from '../../controller/ports/alert-store.ts';
import type { Log } from '../../controller/ports/log.ts';
import type { RestoreRequest, Snapshots, TakeRequest } from '../../controller/ports/snapshots.ts';
import type { StateStore } from '../../controller/ports/state-store.ts';
import { createStateCheck } from '../../controller/spec/state-validators.ts';

export type Act =
  | { readonly act: 'last-good'; readonly app: string; readonly lastGood: LastGood }
  | { readonly act: 'quarantine'; readonly app: string; readonly quarantine: Quarantine | null }
  /** `again`: what fails is done once more by the same process, as the controller does (L4). */
  | {
      readonly act: 'append';
      readonly records: readonly JournalRecord[];
      readonly again: boolean;
    }
  | { readonly act: 'alert'; readonly alert: Alert; readonly again: boolean }
  | { readonly act: 'status'; readonly statuses: readonly ObjectStatus[]; readonly index: object }
  | { readonly act: 'take'; readonly request: TakeRequest }
  | { readonly act: 'restore'; readonly request: RestoreRequest }
  | { readonly act: 'drop'; readonly app: string; readonly volumes: readonly VolumePlace[] };

/** What the subject is told on its command line. */
export interface Order {
  readonly stateDir: string;
  /** As a controller does first when it starts: what a killed one left is removed. */
  readonly isStart: boolean;
  readonly act: Act;
}

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
/** Its schemas are compiled once. */
const check = createStateCheck();
const never = new AbortController().signal;

export interface Adapters {
  readonly store: StateStore;
  readonly alerts: AlertStore;
  readonly snapshots: Snapshots;
}

/** What a controller that holds the lock has of this directory. Time stands still, so that files come out the same. */
export function adaptersOf(stateDir: string): Adapters {
  const revision = (): string => 'sha256:1';
  const clock = { now: () => Date.parse('2026-11-21T09:30:00Z') };
  const options = { stateDir, check, clock, log: silent, revision };
  return {
    store: createStateStore({ ...options, holdsLock: true }),
    alerts: createAlertStore(options),
    snapshots: createTarSnapshots({
      stateDir,
      fs: nodeFileSystem,
      manifests: createStateJson(check, revision),
      isRoot: true,
    }),
  };
}

/** Does it. Throws what the adapters throw. */
export async function perform({ stateDir, isStart, act }: Order): Promise<void> {
  if (isStart) await removeLeftovers(stateDir);
  const { store, alerts, snapshots } = adaptersOf(stateDir);
  switch (act.act) {
    case 'last-good':
      await store.writeLastGood(act.app, act.lastGood);
      return;
    case 'quarantine':
      await store.writeQuarantine(act.app, act.quarantine);
      return;
    case 'append':
      for (const record of act.records) await onceMore(act.again, () => store.append(record));
      return;
    case 'alert':
      await onceMore(act.again, () => alerts.raise(act.alert));
      await alerts.settle(act.alert.app, ['first', 'second']);
      return;
    case 'status':
      await store.writeStatuses(act.statuses, act.index);
      return;
    case 'take':
      await snapshots.take(act.request, never);
      return;
    case 'restore':
      await snapshots.restore(act.request, never);
      return;
    case 'drop':
      await snapshots.dropDisplaced(act.app, act.volumes, never);
      return;
  }
}

async function onceMore(again: boolean, task: () => Promise<unknown>): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!again) throw error;
    await task();
  }
}
