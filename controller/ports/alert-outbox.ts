/** The outbox's memory, and the alert files that it empties. For the holder of the lock alone, but for `read`. */
import type { Alert } from '../model/alert.ts';
import type { AlertOutboxState } from '../model/delivery.ts';
import type { Known } from '../model/known.ts';

/** An alert's file. */
export interface AlertPlace {
  readonly id: string;
  readonly seen: boolean;
  /** A person has read it: nobody needs to be told any more. */
  readonly acknowledged: boolean;
}

export interface AlertOutbox {
  /** What was saved last; empty where nothing was. Unknown when it cannot be read. Never throws. */
  read(): Promise<Known<AlertOutboxState>>;
  /** Replaces it whole, also what could not be read. Errors: `disk-full`, `tool-failed`, `state-invalid`. */
  save(state: AlertOutboxState): Promise<void>;
  /** Every alert that has a file, in order of id, which is that of time. Errors: `tool-failed`. */
  places(): Promise<readonly AlertPlace[]>;
  /** Unknown when the file cannot be read or is gone. Never throws. */
  alert(place: AlertPlace): Promise<Known<Alert>>;
  /** Moves it to `seen/`; there already is fine. Errors: `state-invalid` when there is none of that id, `tool-failed`. */
  putAway(id: string): Promise<void>;
}
