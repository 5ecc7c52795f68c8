import { expect, test } from 'vitest';
import { trySeedsApart } from './try-seeds-apart.ts';

test('no rule breaks in 2,000 simulated worlds, and each comes to rest once its faults stop', async () => {
  expect(await trySeedsApart(1, 2000)).toBe('');
}, 900_000);
