/**
 * `npm run sim -- --seeds N [--from SEED]` tries N worlds, one after another; `--replay SEED` tells one of them whole;
 * `--exhaustive` stops the controller at every point of every base and makes every call fail in every way.
 * Exit code 1 when a rule broke; the seeds are printed then.
 */
import { parseArgs } from 'node:util';
import { bases } from './bases.ts';
import { rowOf } from './failed-seeds.ts';
import { failures, kills, pointsOf, powerCuts, runSpoiled } from './points.ts';
import { livesOf } from './lives.ts';
import { runWorld } from './run.ts';
import { drawScenario } from './scenario.ts';
import { tellStory } from './story.ts';
import { startMs } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    replay: { type: 'string' },
    exhaustive: { type: 'boolean', default: false },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function manySeeds(from: number, count: number): Promise<void> {
  const beganMs = performance.now();
  const totals = { calls: 0, kills: 0, powerCuts: 0, failures: 0, virtualMs: 0, broken: 0 };
  const ends = new Map<string, number>();
  const lives = new Map<string, number>();
  for (let seed = from; seed < from + count; seed += 1) {
    const scenario = drawScenario(seed, startMs);
    const outcome = await runWorld(scenario);
    totals.calls += outcome.calls;
    totals.kills += outcome.kills;
    totals.powerCuts += outcome.powerCuts;
    totals.failures += outcome.failures;
    totals.virtualMs += outcome.virtualMs;
    for (const end of Object.values(outcome.ends)) ends.set(end, (ends.get(end) ?? 0) + 1);
    for (const life of livesOf(outcome.world)) lives.set(life, (lives.get(life) ?? 0) + 1);
    const [first] = outcome.violations;
    if (first === undefined) continue;
    totals.broken += 1;
    say(`seed ${seed}: ${first.rule}: ${first.message}`);
    // For failed-seeds.ts.
    say(rowOf(scenario, `${first.rule}: ${first.message}`));
    process.exitCode = 1;
  }
  const seconds = (performance.now() - beganMs) / 1000;
  say(
    `${count} seeds in ${seconds.toFixed(1)} s (${(count / seconds).toFixed(1)}/s): ${totals.broken} broken, ` +
      `${totals.calls} calls, ${totals.kills} kills (${totals.powerCuts} of them power cuts), ${totals.failures} failed calls, ` +
      `${(totals.virtualMs / 3_600_000).toFixed(0)} h of virtual time`,
  );
  say([...ends].map(([end, times]) => `${end}: ${times}`).join(', '));
  for (const [life, times] of lives) say(`${life}: ${times}`);
}

async function exhaustively(): Promise<void> {
  for (const base of bases) {
    const points = await pointsOf(base);
    const tries = {
      kills: kills(points),
      'power cuts': powerCuts(points),
      failures: failures(points),
    };
    for (const [what, all] of Object.entries(tries)) {
      let broken = 0;
      for (const spoiled of all) {
        const { violations } = await runSpoiled(base, spoiled);
        const [first] = violations;
        if (first === undefined) continue;
        broken += 1;
        say(`${base.name}, ${spoiled.name}: ${first.rule}: ${first.message}`);
        process.exitCode = 1;
      }
      say(`${base.name}: ${points.length} points, ${all.length} ${what}, ${broken} broken`);
    }
  }
}

if (values.replay !== undefined) {
  const scenario = drawScenario(Number(values.replay), startMs);
  say(tellStory(scenario, await runWorld(scenario, { isRecorded: true })));
} else if (values.exhaustive) await exhaustively();
else await manySeeds(Number(values.from), Number(values.seeds));
