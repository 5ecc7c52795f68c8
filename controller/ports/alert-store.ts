/** Alerts as files: the durable outbox (A1). */
import type { Alert, ToldAlert } from '../model/alert.ts';

export interface StoredAlert {
  readonly id: string;
  readonly seen: boolean;
  readonly alert: Alert;
}

export interface AlertStore {
  /** Writes the alert unless one with this fingerprint was raised already (also before a restart). Says whether it wrote. */
  raise(alert: Alert): Promise<boolean>;
  /** Forgets the fingerprints of an app's alerts of holds and of desired state that are not in `active`: the same may be told again when it comes back. */
  settle(app: string, active: readonly string[]): Promise<void>;
  /** What was raised and is not over, as far as `settle` and `end` said so; in order of id. Errors: `state-invalid`. */
  told(): Promise<readonly ToldAlert[]>;
  /** What these told is over: the same may be told again. Ids that are not known are passed over. */
  end(ids: readonly string[]): Promise<void>;
  list(): Promise<readonly StoredAlert[]>;
  /** A person has read it: it goes to `seen/`, and nobody is told of it any more. Errors: `state-invalid` when there is none of that id. */
  acknowledge(id: string): Promise<void>;
}
