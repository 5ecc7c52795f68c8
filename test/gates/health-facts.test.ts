import { describe, expect, test } from 'vitest';
import type { HealthVerdict } from '../../controller/gates/health.ts';
import { notConverged, overdue } from '../../controller/gates/health-overdue.ts';
import { gatherFacts } from '../../controller/gates/health-facts.ts';
import { known } from '../../controller/model/known.ts';
import { label, type ServiceView, type TaskView } from '../../controller/model/swarm.ts';
import { dead, green, judgeAll, red, sample, service, task, view } from '../build/health.ts';

/** The last verdict of five looks at these services. */
function judged(tasks: readonly TaskView[], services: readonly ServiceView[]): HealthVerdict {
  const looks = Array.from({ length: 10 }, (_, index) => ({
    ...{ atMs: 3000 + index * 1000, view: known(view(tasks, services)), probes: green },
  }));
  return judgeAll(looks).verdict;
}

describe('what the health gate looks at', () => {
  test('is no service that the release does not have: that one is taken away later', () => {
    const former = { ...service, id: 's2', name: 'book_former', labels: { [label.spec]: 'old' } };

    expect(judged([task()], [service, former])).toEqual({ kind: 'healthy' });
  });

  test('is one task a node where a service is to run on each', () => {
    const everywhere = { ...service, replicas: undefined };

    expect(judged([], [everywhere])).toMatchObject({
      kind: 'waiting',
      for: expect.stringContaining('0 of 1 tasks') as string,
    });
    expect(judged([task()], [everywhere])).toEqual({ kind: 'healthy' });
  });

  test('is that a task could not even be started, where no other is tried', () => {
    const once = { ...service, restartMaxAttempts: 1 };

    expect(judged([dead('a', { state: 'rejected' })], [once])).toMatchObject({
      kind: 'unhealthy',
      reason: 'RestartsExhausted',
    });
  });

  test('the exit code of what died last is told', () => {
    const deaths = ['a', 'b', 'c'].map((id, index) =>
      dead(id, { stateAtMs: 2500 + index, exitCode: index + 1, error: undefined }),
    );

    expect(judged(deaths, [service])).toMatchObject({
      message: expect.stringContaining('(last: failed, exit code 3)') as string,
    });
  });
});

describe('an app that came and went', () => {
  const question = {
    ...{ stack: 'book', specHash: 'new', services: ['book_app'] },
    ...{ deployedAtMs: 1000, excuseUntilMs: 0 },
  };
  const facts = gatherFacts(question, view([task()]));

  test.each([
    { flaps: 3, reasons: ['Flapping', 'Flapping', 'Flapping'] },
    { flaps: 2, reasons: ['NotConverged', 'Unstable', 'ProbeFailed'] },
  ])('$flaps times is said to be $reasons', ({ flaps, reasons }) => {
    const past = { atMs: 40_000, limitMs: 30_000, stableForMs: 5000, flaps, facts };

    const verdicts = [notConverged(past, 'it is away'), overdue(past, []), overdue(past, red)];

    expect(verdicts.map((one) => ('reason' in one ? one.reason : ''))).toEqual(reasons);
  });

  test('what its probes saw at last is told with it', () => {
    const past = { atMs: 40_000, limitMs: 30_000, stableForMs: 5000, flaps: 3, facts };

    expect(overdue(past, red)).toMatchObject({
      message: expect.stringContaining('answered 500') as string,
    });
    expect(overdue(past, [])).toMatchObject({
      message: expect.stringContaining('replaced again and again') as string,
    });
  });

  test('because its tasks did is said to have done so', () => {
    const looks = Array.from({ length: 80 }, (_, index) => 1000 + index * 1000).map((atMs) =>
      sample(atMs, [task(atMs % 8000 < 4000 ? {} : { state: 'starting' })]),
    );

    expect(judgeAll(looks).verdict).toMatchObject({ kind: 'unhealthy', reason: 'Flapping' });
  });
});
