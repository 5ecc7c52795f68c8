/**
 * Alerts as files (ports/alert-store.ts): `alerts/<time>-<app>-<kind>.json`, moved to `alerts/seen/` when they are done.
 *
 * One file an event, also across restarts and kills (A1): the file first, the ledger second; alert-ledger.ts says why
 * that is enough. Nothing here sends an alert anywhere: that is the outbox's (alert-outbox.ts).
 */
import { join } from 'node:path';
import type { CheckState } from '../../model/state-file.ts';
import type { AlertStore, StoredAlert } from '../../ports/alert-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { createAlertFiles } from './alert-files.ts';
import { openAlertLedger, type AlertLedger } from './alert-ledger.ts';
import { writeFailure } from './atomic-write.ts';
import { nodeFileSystem, type FileSystem } from './fs.ts';
import { createSerial } from './serial.ts';
import { createStateJson } from './state-json.ts';

export interface AlertStoreOptions {
  /** Absolute. */
  readonly stateDir: string;
  readonly check: CheckState;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** What desired/ is now, for `observedRevision`; empty text before it was read for the first time. */
  readonly revision: () => string;
  readonly fs?: FileSystem;
}

/**
 * Nothing is read before the first call. `raise` and `settle` are for the holder of the lock; `list` and `acknowledge`
 * are for anybody.
 */
export function createAlertStore(options: AlertStoreOptions): AlertStore {
  const { stateDir, clock, log, check, revision } = options;
  const fs = options.fs ?? nodeFileSystem;
  const directory = join(stateDir, 'alerts');
  const json = createStateJson(check, revision);
  const files = createAlertFiles(directory, json, fs);
  const now = (): string => new Date(clock.now()).toISOString();
  const serial = createSerial();
  let opened: AlertLedger | undefined;
  /** One after the other, with the ledger open. An opening that failed is tried again by the next call. */
  const withLedger = <T>(task: (ledger: AlertLedger) => Promise<T>): Promise<T> =>
    serial('ledger', async () => {
      try {
        opened ??= await openAlertLedger({ directory, json, fs, log, now, files });
        return await task(opened);
      } catch (error) {
        throw writeFailure(`cannot keep the alerts in ${directory}`, error);
      }
    });

  return {
    raise: (alert) =>
      withLedger(async (ledger) => {
        const { app, kind, title, message, fingerprint } = alert;
        if (ledger.isTold(fingerprint)) return false;
        const id = await files.write(alert);
        await ledger.told({ id, app, kind, fingerprint, settled: false });
        // Whoever watches the controller has to see it there, too: nothing else of a hold is in the log.
        // Of the tree as a whole no status says why.
        const why = kind === 'desired-stale' || kind === 'desired-invalid' ? { message } : {};
        log[alert.severity === 'info' ? 'info' : 'warn']('alert', { app, kind, title, ...why, id });
        return true;
      }),
    settle: (app, active) => withLedger((ledger) => ledger.settleHolds(app, active)),
    told: () =>
      withLedger((ledger) =>
        Promise.resolve(
          ledger
            .current()
            .map(({ id, app, kind, fingerprint }) => ({ id, app, kind, fingerprint })),
        ),
      ),
    end: (ids) => withLedger((ledger) => ledger.end(ids)),
    list: async () => {
      const alerts: StoredAlert[] = [];
      for (const place of files.places()) {
        const alert = await files.read(place);
        const { id, seen } = place;
        if (alert.known) alerts.push({ id, seen, alert: alert.value });
        else {
          const path = join(directory, seen ? 'seen' : '.', `${id}.json`);
          log.warn('an alert file cannot be read', { id, path, reason: alert.why });
        }
      }
      return alerts;
    },
    acknowledge: (id) => files.acknowledge(id),
  };
}
