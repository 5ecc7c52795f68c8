import { describe, expect, test } from 'vitest';

import { exitCodeOf } from '../../controller/cli/exit-codes.ts';

describe('exitCodeOf', () => {
  test.each([
    { code: 'busy', exit: 7, name: 'another process holds the lock' },
    { code: 'no-answer', exit: 4, name: 'Docker does not answer' },
    { code: 'timed-out', exit: 3, name: 'a wait ended' },
    { code: 'recipe-invalid', exit: 2, name: 'what was given cannot be used' },
    { code: 'state-invalid', exit: 1, name: 'anything else' },
  ] as const)('$name: $exit', ({ code, exit }) => {
    expect(exitCodeOf(code)).toBe(exit);
  });
});
