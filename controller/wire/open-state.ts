/** The composition of what reads a state directory beside its controller. Loads neither Docker nor git. */
import { createAlertOutbox } from '../adapters/files/alert-outbox.ts';
import { createAlertStore } from '../adapters/files/alert-store.ts';
import { createStateStore } from '../adapters/files/state-store.ts';
import { createClock } from '../adapters/system/clock.ts';
import type { AlertOutbox } from '../ports/alert-outbox.ts';
import type { AlertStore } from '../ports/alert-store.ts';
import type { StateStore } from '../ports/state-store.ts';
import { createStateCheck } from '../spec/state-validators.ts';
import { sayingLog, type Warn } from './saying-log.ts';

/** A state directory that is read beside its controller: nothing here takes the lock. */
export interface OpenState {
  readonly store: Pick<StateStore, 'apps' | 'records' | 'readStatuses'>;
  readonly alerts: Pick<AlertStore, 'list' | 'acknowledge'>;
  readonly outbox: Pick<AlertOutbox, 'read'>;
}

/** `stateDir` is absolute and there. `warn` gets a sentence for each file that could not be read, and its path. */
export function openState(stateDir: string, warn: Warn): OpenState {
  const options = {
    stateDir,
    check: createStateCheck(),
    clock: createClock(),
    log: sayingLog(warn),
    revision: () => '',
  };
  return {
    store: createStateStore({ ...options, holdsLock: false }),
    alerts: createAlertStore(options),
    outbox: createAlertOutbox(options),
  };
}
