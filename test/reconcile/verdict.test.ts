import { describe, expect, test } from 'vitest';
import type { ObjectStatus } from '../../controller/model/condition.ts';
import type { StaleCode } from '../../controller/model/desired-stale.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { Decision } from '../../controller/model/plan.ts';
import type { LoadedDesired, SpecProblem } from '../../controller/model/spec-problem.ts';
import type { Pass } from '../../controller/reconcile/pass.ts';
import { judgeOnce } from '../../controller/reconcile/verdict.ts';
import { entryOf, world } from '../build/plan.ts';

const problem: SpecProblem = {
  file: 'desired/a.yaml',
  line: 1,
  column: 1,
  code: 'yaml-syntax',
  message: 'this is no YAML',
  hint: '',
  excerpt: undefined,
};

function passOf(decision: Decision, problems: readonly SpecProblem[] = []): Pass {
  const loaded: LoadedDesired = {
    desired: undefined,
    problems,
    invalid: [],
    incomplete: false,
    incompleteFiles: [],
  };
  return {
    loaded: known(loaded),
    progress: {
      revision: 'sha256:1',
      stale: undefined,
      lastApplied: 'sha256:1',
      lastAttempted: 'sha256:1',
    },
    world: world(),
    plan: { revision: 'sha256:1', entries: [entryOf('book', decision)] },
  };
}

function statusOf(ready: 'True' | 'False' | 'Unknown'): ObjectStatus {
  return {
    apiVersion: 'ci-warm.dev/v1',
    kind: 'WarmApp',
    name: 'book',
    observedRevision: 'sha256:1',
    conditions: [
      {
        type: 'Ready',
        status: ready,
        reason: 'InSync',
        message: 'It runs.',
        lastTransitionTime: '2026-11-21T09:30:00Z',
      },
    ],
    versions: { current: null, target: null, latest: null },
    hold: null,
    quarantine: null,
    lastTransitions: [],
  };
}

const inSync: Decision = { kind: 'in-sync', version: '1.0.0+1.0.0' };
const ended = (how: 'succeeded' | 'rolled-back' | 'stranded' | 'undeployed' | 'abandoned') => ({
  app: 'book',
  id: '1',
  how,
});

describe('the exit code of controller --once', () => {
  test.each<{
    name: string;
    decision: Decision;
    ready: 'True' | 'False' | 'Unknown';
    code: number;
  }>([
    { name: 'in sync and ready', decision: inSync, ready: 'True', code: 0 },
    { name: 'in sync and ill', decision: inSync, ready: 'False', code: 1 },
    { name: 'held', decision: { kind: 'held', message: 'a major' }, ready: 'False', code: 0 },
    { name: 'suspended', decision: { kind: 'suspended' }, ready: 'True', code: 0 },
    {
      name: 'in quarantine',
      decision: { kind: 'quarantined', version: '1.1.0+1.1.0', message: 'it died' },
      ready: 'False',
      code: 0,
    },
    {
      name: 'healthy, and waiting for its next attempt',
      decision: {
        kind: 'backing-off',
        untilMs: 1,
        reason: 'DiskFull',
        message: 'the disk is full',
      },
      ready: 'True',
      code: 1,
    },
    {
      name: 'not known',
      decision: { kind: 'unknown', why: 'Docker does not answer' },
      ready: 'Unknown',
      code: 1,
    },
  ])('$name: $code', ({ decision, ready, code }) => {
    expect(judgeOnce(passOf(decision), [], [statusOf(ready)])).toBe(code);
  });

  test.each([
    { how: 'succeeded', code: 0 },
    { how: 'abandoned', code: 0 },
    { how: 'rolled-back', code: 5 },
    { how: 'undeployed', code: 5 },
    { how: 'stranded', code: 5 },
  ] as const)('a transition that ended $how, and all is ready: $code', ({ how, code }) => {
    expect(judgeOnce(passOf(inSync), [ended(how)], [statusOf('True')])).toBe(code);
  });

  test('what is written wrongly comes before what was rolled back', () => {
    expect(judgeOnce(passOf(inSync, [problem]), [ended('rolled-back')], [])).toBe(2);
  });

  test('a tree that cannot be read is invalid', () => {
    const pass = { ...passOf(inSync), loaded: unknown('it is not there') };

    expect(judgeOnce(pass, [], [])).toBe(2);
  });

  describe('newer desired state that is not followed', () => {
    const staleOf = (code: StaleCode, over: Partial<Pass> = {}): Pass => {
      const stale = { code, why: 'it is so', resolve: 'mend it' };
      const pass = { ...passOf(inSync), ...over };
      return { ...pass, progress: { ...pass.progress, stale } };
    };

    test.each(['unreadable', 'history-rewritten', 'unsigned', 'empty', 'mass-removal'] as const)(
      'is invalid where it is refused: %s',
      (code) => {
        expect(judgeOnce(staleOf(code), [], [statusOf('True')])).toBe(2);
      },
    );

    test('is no mistake of anybody where the repository does not answer, and not ready', () => {
      expect(judgeOnce(staleOf('fetch-failed'), [], [statusOf('True')])).toBe(1);
    });

    test('of which nothing was ever fetched is not ready either', () => {
      const never = staleOf('fetch-failed', { loaded: unknown('it does not answer') });

      expect(judgeOnce(never, [], [])).toBe(1);
    });

    test('hides neither what is written wrongly nor what was rolled back', () => {
      const wrong = staleOf('fetch-failed', passOf(inSync, [problem]));

      expect(judgeOnce(wrong, [], [])).toBe(2);
      expect(judgeOnce(staleOf('fetch-failed'), [ended('rolled-back')], [])).toBe(5);
    });
  });
});
