/** Runs worlds by their seeds and tells the story of the first that breaks a rule: seed, options, and how it ended. */
import { drawScenario } from './scenario.ts';
import { runWorld } from './run.ts';
import { tellStory } from './story.ts';
import { startMs } from './world.ts';

const STORY_LINES_MAX = 60;

/** Empty: no rule broke. */
export async function trySeeds(from: number, count: number): Promise<string> {
  for (let seed = from; seed < from + count; seed += 1) {
    const scenario = drawScenario(seed, startMs);
    const { violations } = await runWorld(scenario);
    if (violations.length === 0) continue;
    return tellStory(scenario, await runWorld(scenario, { isRecorded: true }), STORY_LINES_MAX);
  }
  return '';
}
