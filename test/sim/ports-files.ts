/**
 * The ports StateStore and AlertStore. What they hold is the disk's and outlives every incarnation: an append or a write
 * is there as a whole or not at all, and one that answered an error may be there all the same.
 */
import type { Alert } from '../../controller/model/alert.ts';
import type { ObjectStatus } from '../../controller/model/condition.ts';
import { emptyJournal, foldRecord, type JournalView } from '../../controller/model/journal-fold.ts';
import type { JournalRecord } from '../../controller/model/journal.ts';
import { known, unknown, type Known } from '../../controller/model/known.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import type { LastGood, Quarantine } from '../../controller/model/release.ts';
import type { AppRequest } from '../../controller/model/request.ts';
import type { AlertStore, StoredAlert } from '../../controller/ports/alert-store.ts';
import type { StateStore } from '../../controller/ports/state-store.ts';
import type { Life } from './life.ts';

/** What the state directory holds of one app. */
export interface AppFiles {
  lastGood: LastGood | null;
  quarantine: Quarantine | null;
  request: AppRequest | null;
  view: JournalView;
  readonly records: JournalRecord[];
}

export class StateDirectory {
  readonly apps = new Map<string, AppFiles>();
  statuses: readonly ObjectStatus[] = [];
  readonly alerts: StoredAlert[] = [];
  readonly settled = new Set<string>();

  of(app: string): AppFiles {
    const found = this.apps.get(app);
    if (found !== undefined) return found;
    const made: AppFiles = {
      lastGood: null,
      quarantine: null,
      request: null,
      view: emptyJournal,
      records: [],
    };
    this.apps.set(app, made);
    return made;
  }
}

export function createStore(life: Life): StateStore {
  const { world, door } = life;
  const { state, rules } = world;
  const write = { mutates: true, errors: ['disk-full', 'tool-failed'] } as const;
  return {
    records: (apps) =>
      door.through(
        { name: 'store.records', of: '', mutates: false, errors: ['tool-failed'] },
        () =>
          new Map(apps.map((app): [string, Known<AppRecord>] => [app, known(recordOf(life, app))])),
      ),
    apps: () =>
      door.through({ name: 'store.apps', of: '', mutates: false, errors: ['tool-failed'] }, () => [
        ...state.apps.keys(),
      ]),
    append: (record) =>
      door.through({ ...write, name: `store.append`, of: record.app }, () => {
        const files = state.of(record.app);
        const folded = foldRecord(files.view, record);
        if (folded.kind === 'contradiction') {
          rules.fail('R1', `the journal of ${record.app}: a record that ${folded.why}`);
          return;
        }
        const isNew = folded.view !== files.view;
        files.view = folded.view;
        files.records.push(record);
        if (isNew) rules.onRecord(record);
      }),
    writeLastGood: (app, lastGood) =>
      door.through({ ...write, name: 'store.writeLastGood', of: app }, () => {
        rules.onLastGood(app, lastGood);
        state.of(app).lastGood = lastGood;
      }),
    writeQuarantine: (app, quarantine) =>
      door.through({ ...write, name: 'store.writeQuarantine', of: app }, () => {
        rules.onQuarantine(app, quarantine);
        state.of(app).quarantine = quarantine;
      }),
    writeRequest: (app, request) =>
      door.through({ ...write, name: 'store.writeRequest', of: app }, () => {
        state.of(app).request = request;
      }),
    writeStatuses: (statuses) =>
      door.through({ ...write, name: 'store.writeStatuses', of: '' }, () => {
        state.statuses = statuses;
      }),
    writeController: () =>
      door.through({ ...write, name: 'store.writeController', of: '' }, () => undefined),
    readStatuses: () =>
      door.through(
        { name: 'store.readStatuses', of: '', mutates: false, errors: ['tool-failed'] },
        () => state.statuses,
      ),
  };
}

function recordOf({ world }: Life, app: string): AppRecord {
  const files = world.state.of(app);
  const { pointer } = world.disk.shelf(app);
  const manifest = world.disk.current(app)?.manifest;
  return {
    lastGood: files.lastGood,
    quarantine: files.quarantine,
    request: files.request,
    open: files.view.open,
    history: files.view.history,
    snapshot:
      pointer === undefined
        ? known(null)
        : manifest === undefined
          ? unknown('its snapshot has no manifest')
          : known(manifest),
  };
}

export function createAlerts({ world, door }: Life): AlertStore {
  const { state, rules } = world;
  const write = { mutates: true, errors: ['disk-full', 'tool-failed'] } as const;
  return {
    raise: (alert: Alert) =>
      door.through({ ...write, name: 'alerts.raise', of: alert.app }, () => {
        const isTold = state.alerts.some((one) => one.alert.fingerprint === alert.fingerprint);
        if (isTold && !state.settled.has(alert.fingerprint)) return false;
        state.settled.delete(alert.fingerprint);
        rules.onAlert(alert);
        state.alerts.push({ id: String(state.alerts.length), seen: false, alert });
        return true;
      }),
    settle: (app, active) =>
      door.through({ ...write, name: 'alerts.settle', of: app }, () => {
        for (const { alert } of state.alerts) {
          const isLasting = /^(?:held|desired)-/.test(alert.kind);
          if (alert.app === app && isLasting && !active.includes(alert.fingerprint)) {
            state.settled.add(alert.fingerprint);
          }
        }
      }),
    told: () =>
      Promise.resolve(
        state.alerts
          .filter(({ alert }) => !state.settled.has(alert.fingerprint))
          .map(({ id, alert: { app, kind, fingerprint } }) => ({ id, app, kind, fingerprint })),
      ),
    end: (ids) =>
      door.through({ ...write, name: 'alerts.end', of: '' }, () => {
        for (const { id, alert } of state.alerts) {
          if (ids.includes(id)) state.settled.add(alert.fingerprint);
        }
      }),
    list: () => Promise.resolve(state.alerts),
    acknowledge: () => Promise.resolve(),
  };
}
