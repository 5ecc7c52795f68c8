/**
 * Runs worlds by their seeds and tells the story of the first that breaks a rule: seed, options, and how it ended. Says as
 * well which lives were lived too seldom to prove anything.
 */
import { drawScenario } from './scenario.ts';
import { livedAtLeast, livesOf } from './lives.ts';
import { runWorld } from './run.ts';
import { tellStory } from './story.ts';
import { startMs } from './world.ts';

const STORY_LINES_MAX = 60;
/** What `livedAtLeast` counts in. */
const WORLDS = 500;

/** Empty: no rule broke, and every life was lived. */
export async function trySeeds(from: number, count: number): Promise<string> {
  const lived = new Map<string, number>();
  for (let seed = from; seed < from + count; seed += 1) {
    const scenario = drawScenario(seed, startMs);
    const { violations, world } = await runWorld(scenario);
    for (const life of livesOf(world)) lived.set(life, (lived.get(life) ?? 0) + 1);
    if (violations.length === 0) continue;
    return tellStory(scenario, await runWorld(scenario, { isRecorded: true }), STORY_LINES_MAX);
  }
  return Object.entries(livedAtLeast)
    .filter(([life, least]) => (lived.get(life) ?? 0) < (least * count) / WORLDS)
    .map(([life, least]) => `${life}: ${lived.get(life) ?? 0} times, not ${least}`)
    .join('\n');
}
