/** A world's story, for people. */
import type { Outcome } from './run.ts';
import type { Scenario } from './scenario.ts';
import { startMs } from './world.ts';

/** Options first, then what happened, then what broke. `lastMax`: only so many lines before the end. */
export function tellStory(scenario: Scenario, outcome: Outcome, lastMax = Infinity): string {
  const notes = outcome.notes.slice(-lastMax).map(({ atMs, kind, text }) => {
    const seconds = ((atMs - startMs) / 1000).toFixed(3).padStart(9);
    return `${seconds} ${kind.padEnd(6)} ${text}`;
  });
  return [
    `seed ${String(scenario.seed)}`,
    JSON.stringify(scenario, null, 1),
    ...notes,
    ...outcome.violations.map(({ rule, message }) => `BROKEN ${rule}: ${message}`),
    `ends: ${JSON.stringify(outcome.ends)}`,
  ].join('\n');
}
