/** L2: a controller that is stopped anywhere, once or twice, goes on from its journal to a legal end, without a person. */
import { expect, test } from 'vitest';
import { bases } from './bases.ts';
import { kills, pointsOf, runSpoiled } from './points.ts';

test.each(bases)(
  '$name, stopped before and after every call, ends as it may',
  async (base) => {
    const broken: string[] = [];
    for (const spoiled of kills(await pointsOf(base))) {
      const { violations } = await runSpoiled(base, spoiled);
      for (const { rule, message } of violations)
        broken.push(`${spoiled.name}: ${rule} ${message}`);
    }

    expect(broken).toEqual([]);
  },
  120_000,
);
