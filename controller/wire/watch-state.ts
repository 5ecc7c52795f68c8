/** The composition of `ci-warm events -w`: the watch over a state directory. */
import { watchStateDirectory } from '../adapters/files/state-watch.ts';

/** Calls `look` now, and whenever what people are told may have changed, until the signal aborts. `stateDir` is absolute. */
export async function watchState(
  stateDir: string,
  scanMs: number,
  signal: AbortSignal,
  look: () => Promise<void>,
): Promise<void> {
  await watchStateDirectory({ stateDir, scanMs, signal }, look);
}
