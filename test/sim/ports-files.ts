/**
 * The ports StateStore and AlertStore: the real ones, over the simulated disk. A call may fail as a whole, too, also
 * although it was done. What they leave in the files is told to the rules, call by call.
 */
import { createAlertStore } from '../../controller/adapters/files/alert-store.ts';
import { createStateStore } from '../../controller/adapters/files/state-store.ts';
import type { AlertStore } from '../../controller/ports/alert-store.ts';
import type { StateStore } from '../../controller/ports/state-store.ts';
import { createStateCheck } from '../../controller/spec/state-validators.ts';
import { stateDir } from './disk.ts';
import type { Life } from './life.ts';

/** Schemas are compiled once for all worlds. */
export const checkState = createStateCheck();

export function createStore(life: Life): StateStore {
  const { world, door, files, clock, log } = life;
  const { rules } = world;
  const write = { mutates: true, errors: ['disk-full', 'tool-failed'] } as const;
  const read = { mutates: false, errors: ['tool-failed'] } as const;
  const store = createStateStore({
    stateDir,
    check: checkState,
    clock,
    log,
    revision: () => world.tree.revision,
    holdsLock: true,
    fs: files,
  });
  const writing = async (name: string, app: string, effect: () => Promise<void>): Promise<void> => {
    await door.through({ ...write, name, of: app }, async () => {
      try {
        await effect();
      } finally {
        rules.lookAt(app);
      }
    });
  };
  return {
    records: (apps) =>
      door.through({ ...read, name: 'store.records', of: '' }, () => store.records(apps)),
    apps: () => door.through({ ...read, name: 'store.apps', of: '' }, () => store.apps()),
    append: async (record) => {
      await writing('store.append', record.app, () => store.append(record));
      rules.durable.appended(record);
    },
    writeLastGood: async (app, lastGood) => {
      rules.durable.writes(app, lastGood);
      await writing('store.writeLastGood', app, () => store.writeLastGood(app, lastGood));
      rules.durable.wrote(app, lastGood);
    },
    writeQuarantine: (app, quarantine) =>
      writing('store.writeQuarantine', app, () => store.writeQuarantine(app, quarantine)),
    writeRequest: (app, request) =>
      writing('store.writeRequest', app, () => store.writeRequest(app, request)),
    writeOrphan: (app, orphan) =>
      writing('store.writeOrphan', app, () => store.writeOrphan(app, orphan)),
    forget: (app) => {
      rules.onForget(app);
      return writing('store.forget', app, () => store.forget(app));
    },
    writeStatuses: (statuses, index) =>
      door.through({ ...write, name: 'store.writeStatuses', of: '' }, () =>
        store.writeStatuses(statuses, index),
      ),
    writeController: (controller) =>
      door.through({ ...write, name: 'store.writeController', of: '' }, () =>
        store.writeController(controller),
      ),
    readStatuses: () =>
      door.through({ ...read, name: 'store.readStatuses', of: '' }, () => store.readStatuses()),
  };
}

export function createAlerts(life: Life): AlertStore {
  const { world, door, clock, log, files } = life;
  const write = { mutates: true, errors: ['disk-full', 'tool-failed'] } as const;
  const alerts = createAlertStore({
    stateDir,
    check: checkState,
    clock,
    log,
    revision: () => world.tree.revision,
    fs: files,
  });
  return {
    ...alerts,
    raise: (alert) =>
      door.through({ ...write, name: 'alerts.raise', of: alert.app }, async () => {
        try {
          return await alerts.raise(alert);
        } finally {
          world.rules.lookAtAlerts();
        }
      }),
    settle: (app, active) =>
      door.through({ ...write, name: 'alerts.settle', of: app }, () => alerts.settle(app, active)),
    end: (ids) =>
      door.through({ ...write, name: 'alerts.end', of: ids.join() }, () => alerts.end(ids)),
  };
}
