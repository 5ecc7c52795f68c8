/**
 * `npm run sim -- --seeds N [--from SEED]` tries N worlds, one after another; `--replay SEED` tells one of them whole.
 * Exit code 1 when a rule broke; the seed, the options and the end of the story are printed then.
 */
import { parseArgs } from 'node:util';
import { drawScenario, type Scenario } from './scenario.ts';
import { runWorld, type Outcome } from './run.ts';
import { tellStory } from './story.ts';
import { startMs } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    replay: { type: 'string' },
  },
});

/** Recorded, so that its story can be told. */
function replay(scenario: Scenario): Promise<Outcome> {
  return runWorld(scenario, { isRecorded: true });
}

if (values.replay === undefined) {
  const beganMs = performance.now();
  const from = Number(values.from);
  const count = Number(values.seeds);
  const totals = { calls: 0, kills: 0, failures: 0, virtualMs: 0, broken: 0 };
  const ends = new Map<string, number>();
  for (let seed = from; seed < from + count; seed += 1) {
    const scenario = drawScenario(seed, startMs);
    const outcome = await runWorld(scenario);
    totals.calls += outcome.calls;
    totals.kills += outcome.kills;
    totals.failures += outcome.failures;
    totals.virtualMs += outcome.virtualMs;
    for (const end of Object.values(outcome.ends)) ends.set(end, (ends.get(end) ?? 0) + 1);
    if (outcome.violations.length === 0) continue;
    totals.broken += 1;
    const [first] = outcome.violations;
    console.log(`seed ${String(seed)}: ${first?.rule ?? ''}: ${first?.message ?? ''}`);
    process.exitCode = 1;
  }
  const seconds = (performance.now() - beganMs) / 1000;
  console.log(
    `${String(count)} seeds in ${seconds.toFixed(1)} s (${(count / seconds).toFixed(1)}/s): ` +
      `${String(totals.broken)} broken, ${String(totals.calls)} calls, ${String(totals.kills)} kills, ` +
      `${String(totals.failures)} failed calls, ${(totals.virtualMs / 3_600_000).toFixed(0)} h of virtual time`,
  );
  console.log([...ends].map(([end, times]) => `${end}: ${String(times)}`).join(', '));
} else {
  const scenario = drawScenario(Number(values.replay), startMs);
  console.log(tellStory(scenario, await replay(scenario)));
}
