/** When a change that failed for the machine's sake is tried again: soon at first, then ever later, from history alone. */
import type { TransitionSummary } from '../model/journal.ts';

const FIRST_MS = 10_000;
const LONGEST_MS = 30 * 60_000;

/**
 * Until when to wait before `specHash` is tried again; 0: no need to. An end that lies far ahead was written by a clock
 * that has been put right since: waiting for it could take years.
 */
export function retryNotBeforeMs(
  history: readonly TransitionSummary[],
  specHash: string,
  nowMs: number,
): number {
  let failures = 0;
  for (const past of history.toReversed()) {
    if (past.toSpecHash !== specHash || past.end === 'succeeded') break;
    failures += 1;
  }
  const last = history.at(-1);
  if (failures === 0 || last === undefined) return 0;
  const pauseMs = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  const endedMs = Date.parse(last.endedAt);
  return endedMs - nowMs > LONGEST_MS ? 0 : endedMs + pauseMs;
}
