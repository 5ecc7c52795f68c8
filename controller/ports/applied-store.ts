/** Remembers what of desired state was applied last, so that a restart does not forget it. */
import type { AppliedDesired } from '../model/applied-desired.ts';
import type { Known } from '../model/known.ts';

export interface AppliedStore {
  /** The file that a person removes to accept what was refused. */
  readonly path: string;
  /** Undefined: nothing was applied yet, or a person removed it. Unchanged is recognised by stat. Never throws. */
  read(): Promise<Known<AppliedDesired | undefined>>;
  /** May be repeated. Without the lock it does nothing. Errors: `disk-full`, `tool-failed`. */
  write(applied: Omit<AppliedDesired, 'appliedAt'>): Promise<void>;
}
