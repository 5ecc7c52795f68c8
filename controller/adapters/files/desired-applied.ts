/**
 * `desired.json`: what of desired state was applied last (ports/applied-store.ts). Looked at by one stat a pass, so that a
 * person may remove it while a controller runs.
 */
import { join } from 'node:path';
import type { AppliedDesired } from '../../model/applied-desired.ts';
import { known } from '../../model/known.ts';
import type { CheckState } from '../../model/state-file.ts';
import type { AppliedStore } from '../../ports/applied-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { ensureDirectory, writeFileAtomic } from './atomic-write.ts';
import { nodeFileSystem, type FileSystem } from './fs.ts';
import { createStampedFile } from './stamped-file.ts';
import { createStateJson } from './state-json.ts';

export interface AppliedStoreOptions {
  /** Absolute. */
  readonly stateDir: string;
  readonly check: CheckState;
  readonly clock: Pick<Clock, 'now'>;
  readonly holdsLock: boolean;
  readonly fs?: FileSystem;
}

export function createAppliedStore(options: AppliedStoreOptions): AppliedStore {
  const { stateDir, check, clock, holdsLock, fs = nodeFileSystem } = options;
  const path = join(stateDir, 'desired.json');
  let revision = '';
  const json = createStateJson(check, () => revision);
  const file = createStampedFile<AppliedDesired | undefined>({
    path,
    fs,
    parse: (content) => json.decode('applied-desired', path, content),
    absent: () => known(undefined),
  });
  return {
    path,
    read: () => file.read(),
    write: async (applied) => {
      if (!holdsLock) return;
      revision = applied.revision;
      const whole = { ...applied, appliedAt: new Date(clock.now()).toISOString() };
      await ensureDirectory(stateDir, fs);
      await writeFileAtomic(path, json.encode('applied-desired', whole), { fs });
      file.remember(known(whole));
    },
  };
}
