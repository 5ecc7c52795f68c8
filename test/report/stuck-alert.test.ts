import { expect, test } from 'vitest';
import type { Decision } from '../../controller/model/plan.ts';
import { isOfStuckStep, stuckSteps } from '../../controller/report/stuck-alert.ts';
import { entryOf } from '../build/plan.ts';

function at(transition: 'upgrade' | 'retire', phase: string): readonly string[] {
  const decision: Decision = { kind: 'in-transition', id: 't7', transition, phase };
  return stuckSteps([entryOf('book', decision)]);
}

test.each([
  { transition: 'upgrade', phase: 'commit', told: 'rollback-failed/book/t7/commit', isOne: true },
  { transition: 'retire', phase: 'clear', told: 'rollback-failed/book/t7', isOne: false },
] as const)(
  'what was told of $phase holds while the $transition is there',
  ({ transition, phase, told, isOne }) => {
    expect(at(transition, phase)).toEqual([told]);
    expect(isOfStuckStep(told)).toBe(isOne);
  },
);

test('an app that is at rest hangs nowhere', () => {
  expect(stuckSteps([entryOf('book', { kind: 'in-sync', version: '1.1.0+1.1.0' })])).toEqual([]);
});
