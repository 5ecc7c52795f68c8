import { expect, test } from 'vitest';
import { entryOf } from '../build/plan.ts';
import { lastGood } from '../build/record.ts';
import { app, condition, inputs, inSync, recorded, statusOf } from '../build/status.ts';

test.each([
  { name: 'that a probe proved', proof: {}, expected: 'True ServicesRunning' },
  {
    name: 'of which only its tasks are known',
    proof: { unprobed: true },
    expected: 'True Unprobed',
  },
] as const)('the health of an app $name is $expected', ({ proof, expected }) => {
  const record = recorded({ lastGood: { ...lastGood(app, '1.1.0+1.1.0'), ...proof } });

  expect(condition(statusOf(inputs(entryOf('guestbook', inSync), record)), 'Healthy')).toBe(
    expected,
  );
});
