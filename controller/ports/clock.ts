/** Time and chance: passed in, so that a simulated world can own both. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A new id, sortable by time and safe as a file name: `20261121t093000-7f3a9c`. */
  newId(): string;
}
