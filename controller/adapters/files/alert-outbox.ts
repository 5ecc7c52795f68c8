/**
 * The outbox's memory as a file (ports/alert-outbox.ts): `alerts/.outbox.json`, replaced whole. It is derived, so what
 * cannot be read is moved aside when it is written anew; until then it is left as it is.
 */
import { join } from 'node:path';
import { reasonOf } from '../../model/failure.ts';
import { known, unknown } from '../../model/known.ts';
import type { CheckState } from '../../model/state-file.ts';
import type { AlertOutbox } from '../../ports/alert-outbox.ts';
import type { Clock } from '../../ports/clock.ts';
import { createAlertFiles } from './alert-files.ts';
import { ensureDirectory, writeFileAtomic } from './atomic-write.ts';
import { nodeFileSystem, type FileSystem } from './fs.ts';
import { setAside } from './set-aside.ts';
import { createStateJson } from './state-json.ts';

export interface AlertOutboxOptions {
  /** Absolute. */
  readonly stateDir: string;
  readonly check: CheckState;
  readonly clock: Pick<Clock, 'now'>;
  /** What desired/ is now, for `observedRevision`; empty text before it was read for the first time. */
  readonly revision: () => string;
  readonly fs?: FileSystem;
}

/** Nothing is read or made before the first call. */
export function createAlertOutbox(options: AlertOutboxOptions): AlertOutbox {
  const { stateDir, check, clock, revision } = options;
  const fs = options.fs ?? nodeFileSystem;
  const directory = join(stateDir, 'alerts');
  const path = join(directory, '.outbox.json');
  const json = createStateJson(check, revision);
  const files = createAlertFiles(directory, json, fs);
  let isDamaged = false;

  return {
    read: async () => {
      try {
        if (fs.stat(path) === undefined) return known({ policy: null, deliveries: [] });
        const state = json.decode('alert-outbox', path, await fs.read(path));
        isDamaged = !state.known;
        return state;
      } catch (error) {
        return unknown(`cannot read ${path}: ${reasonOf(error)}`);
      }
    },
    save: async (state) => {
      const text = json.encode('alert-outbox', state);
      await ensureDirectory(directory, fs);
      if (isDamaged) await setAside(fs, path, new Date(clock.now()).toISOString());
      isDamaged = false;
      await writeFileAtomic(path, text, { fs });
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- what cannot be listed is told as any other failure
    places: async () => files.places(),
    alert: (place) => files.read(place),
    putAway: (id) => files.see(id),
  };
}
