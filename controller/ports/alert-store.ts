/** Alerts as files: the durable outbox (A1). */
import type { Alert } from '../model/alert.ts';

export interface StoredAlert {
  readonly id: string;
  readonly seen: boolean;
  readonly alert: Alert;
}

export interface AlertStore {
  /** Writes the alert unless one with this fingerprint was raised already (also before a restart). Says whether it wrote. */
  raise(alert: Alert): Promise<boolean>;
  /** Forgets the fingerprints of an app's hold alerts that are not in `active`: the same hold may be told again when it comes back. */
  settle(app: string, active: readonly string[]): Promise<void>;
  list(): Promise<readonly StoredAlert[]>;
  /** Moves it to `seen/`. Errors: `state-invalid` when there is none of that id. */
  acknowledge(id: string): Promise<void>;
}
