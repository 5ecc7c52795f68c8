/** L4: any call fails, once or from then on, as an error, as a time-out, or although it was done: no rule breaks. */
import { expect, test } from 'vitest';
import { bases } from './bases.ts';
import { failures, pointsOf, runSpoiled } from './points.ts';

/** Every seventh here; `npm run sim -- --exhaustive` tries them all. */
const STRIDE = 7;

test.each(bases)(
  '$name, with any call failing, ends as it may',
  async (base) => {
    const broken: string[] = [];
    for (const [index, spoiled] of failures(await pointsOf(base)).entries()) {
      if (index % STRIDE !== 0) continue;
      const { violations } = await runSpoiled(base, spoiled);
      for (const { rule, message } of violations)
        broken.push(`${spoiled.name}: ${rule} ${message}`);
    }

    expect(broken).toEqual([]);
  },
  120_000,
);
