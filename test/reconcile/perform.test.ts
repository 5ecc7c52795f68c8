/** What a failure of an edge means for a transition: the machine's faults are never laid at the release's door (L1). */
import { describe, expect, test } from 'vitest';
import { CiWarmError, type FailureCode } from '../../controller/model/failure.ts';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { perform } from '../../controller/reconcile/perform.ts';
import { warmApp } from '../build/desired.ts';
import { transitionInput } from '../build/record.ts';

const job: Job = {
  id: 'x',
  kind: 'upgrade',
  input: transitionInput(warmApp('book'), '1.0.0+1.0.0', '1.1.0+1.1.0'),
  startedAt: '',
  data: {},
  failure: null,
  lastFailure: null,
};

/** Prepares an upgrade, and reading its recipe throws. */
async function failing(thrown: Error): Promise<unknown> {
  const read = (): Promise<never> => Promise.reject(thrown);
  const deps = { driver: { read } } as unknown as PerformDeps;
  const result = await perform({ kind: 'prepare' }, job, deps, new AbortController().signal);
  return result.kind === 'failed' ? result.failure : undefined;
}

describe('perform', () => {
  test.each([
    { code: 'no-answer', reason: 'NoAnswer', noAnswer: true },
    { code: 'registry-unavailable', reason: 'RegistryUnavailable', noAnswer: true },
    { code: 'registry-denied', reason: 'RegistryDenied', noAnswer: false },
    { code: 'image-missing', reason: 'ImageMissing', noAnswer: false },
    { code: 'disk-full', reason: 'DiskFull', noAnswer: false },
    { code: 'timed-out', reason: 'TimedOut', noAnswer: false },
    { code: 'tool-failed', reason: 'ToolFailed', noAnswer: false },
    { code: 'not-undeployed', reason: 'StillInUse', noAnswer: false },
    { code: 'busy', reason: 'Busy', noAnswer: false },
  ] satisfies readonly { code: FailureCode; reason: string; noAnswer: boolean }[])(
    'L1: $code is inconclusive: nothing is quarantined for it',
    async ({ code, reason, noAnswer }) => {
      expect(await failing(new CiWarmError(code, 'why'))).toEqual({
        verdict: 'inconclusive',
        reason,
        message: 'why',
        lastLogs: [],
        noAnswer,
      });
    },
  );

  test('a mistake of our own is inconclusive as well', async () => {
    expect(await failing(new TypeError('oops'))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'InternalError',
    });
  });

  test('a recipe that cannot be deployed is the fault of the release', async () => {
    expect(await failing(new CiWarmError('recipe-invalid', 'why'))).toMatchObject({
      verdict: 'unhealthy',
    });
  });
});
