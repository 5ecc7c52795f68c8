/** L2: a controller that is stopped anywhere, once or twice, goes on from its journal to a legal end, without a person. */
import { expect, test } from 'vitest';
import { bases, type Base } from './bases.ts';
import { kills, pointsOf, powerCuts, runSpoiled, type Spoiled } from './points.ts';

/** Every third here; `npm run sim -- --exhaustive` tries them all. */
const STRIDE = 3;

async function brokenBy(base: Base, all: readonly Spoiled[]): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const [index, spoiled] of all.entries()) {
    if (index % STRIDE !== 0) continue;
    const { violations } = await runSpoiled(base, spoiled);
    for (const { rule, message } of violations) broken.push(`${spoiled.name}: ${rule} ${message}`);
  }
  return broken;
}

test.each(bases)(
  '$name, stopped before and after every call, ends as it may',
  async (base) => {
    expect(await brokenBy(base, kills(await pointsOf(base)))).toEqual([]);
  },
  120_000,
);

test.each(bases)(
  '$name, with the power cut at any change, loses nothing that was said to be safe',
  async (base) => {
    expect(await brokenBy(base, powerCuts(await pointsOf(base)))).toEqual([]);
  },
  120_000,
);
