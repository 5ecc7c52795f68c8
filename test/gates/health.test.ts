import { describe, expect, test } from 'vitest';
import type { HealthSample } from '../../controller/gates/health.ts';
import { known, unknown } from '../../controller/model/known.ts';
import { label, type ServiceView } from '../../controller/model/swarm.ts';
import {
  dead,
  green,
  judgeAll,
  red,
  sample,
  service,
  task,
  unanswered,
  view,
} from '../build/health.ts';

function every(
  stepMs: number,
  untilMs: number,
  make: (atMs: number) => HealthSample,
): readonly HealthSample[] {
  return Array.from({ length: Math.floor((untilMs - 1000) / stepMs) + 1 }, (_, n) =>
    make(1000 + n * stepMs),
  );
}

describe('judgeHealth', () => {
  test('healthy after the same tasks were green for the stability window, not before', () => {
    const { verdict, atMs } = judgeAll(every(1000, 60_000, (at) => sample(at, [task()])));

    expect(verdict).toEqual({ kind: 'healthy' });
    expect(atMs).toBe(6000);
  });

  test('a new task begins the window anew', () => {
    const { verdict, atMs } = judgeAll(
      every(1000, 60_000, (at) => sample(at, [task({ id: at < 4000 ? 't1' : 't2' })])),
    );

    expect(verdict).toEqual({ kind: 'healthy' });
    expect(atMs).toBe(9000);
  });

  test('a task that died and came back under the watch is not stable', () => {
    const { atMs } = judgeAll(
      every(1000, 60_000, (at) => sample(at, at < 4000 ? [task()] : [task(), dead('t0')])),
    );

    expect(atMs).toBe(9000);
  });

  test('a crash loop is judged at the third death, long before the limit', () => {
    const deaths = [dead('a'), dead('b'), dead('c')];
    const { verdict } = judgeAll([sample(2000, deaths.slice(0, 2)), sample(3000, deaths)]);

    expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'CrashLoop', service: 's1' });
  });

  test('deaths after a healthy probe are no crash loop: the app may have been slow to settle', () => {
    const deaths = [dead('a'), dead('b'), dead('c')];
    const { verdict } = judgeAll([
      sample(2000, [task()]),
      sample(3000, [...deaths, task({ id: 't2' })]),
    ]);

    expect(verdict.kind).toBe('waiting');
  });

  test('an app that ends without an error although it should run counts as dying', () => {
    const deaths = ['a', 'b', 'c'].map((id) => dead(id, { state: 'complete', exitCode: 0 }));

    expect(judgeAll([sample(3000, deaths)]).verdict).toMatchObject({ reason: 'CrashLoop' });
  });

  test('a restart policy that is exhausted fails at once', () => {
    const once: ServiceView = { ...service, restartMaxAttempts: 1 };
    const one: HealthSample = { atMs: 3000, view: known(view([dead('a')], [once])), probes: [] };

    expect(judgeAll([one]).verdict).toMatchObject({
      kind: 'unhealthy',
      reason: 'RestartsExhausted',
    });
  });

  test('a service that Swarm does not replace after it ended well is given up on, unless it may end', () => {
    const web: ServiceView = { ...service, restartCondition: 'on-failure' };
    const ended = dead('a', { state: 'complete', exitCode: 0, error: undefined });
    const one: HealthSample = { atMs: 3000, view: known(view([ended], [web])), probes: [] };

    expect(judgeAll([one]).verdict).toMatchObject({
      kind: 'unhealthy',
      reason: 'RestartsExhausted',
    });
  });

  test('a one-shot service that ended well is as wanted', () => {
    const oneShot: ServiceView = { ...service, mayEnd: true, restartCondition: 'on-failure' };
    const ended = task({ state: 'complete', desiredState: 'shutdown' });
    const samples = every(1000, 20_000, (atMs): HealthSample => ({
      atMs,
      view: known(view([ended], [oneShot])),
      probes: [],
    }));

    expect(judgeAll(samples).verdict).toEqual({ kind: 'healthy' });
  });

  test('running but red until the boot limit is unhealthy, and says what the probe saw', () => {
    const { verdict, atMs } = judgeAll(every(1000, 90_000, (at) => sample(at, [task()], red)));

    expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'ProbeFailed' });
    expect(atMs).toBe(32_000);
    expect(verdict).toHaveProperty('message', expect.stringContaining('GET /: answered 500'));
  });

  test('L1: probes that could not be made are inconclusive, never unhealthy', () => {
    const { verdict } = judgeAll(every(1000, 90_000, (at) => sample(at, [task()], unanswered)));

    expect(verdict).toMatchObject({ kind: 'inconclusive', reason: 'ProbeUnanswered' });
  });

  test('not running until the converge limit is unhealthy', () => {
    const { verdict, atMs } = judgeAll(
      every(1000, 90_000, (at) => sample(at, [task({ state: 'starting' })])),
    );

    expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'NotConverged' });
    expect(atMs).toBe(62_000);
  });

  test('a task that no node can take is the machine’s fault', () => {
    const pending = task({ state: 'pending', nodeId: '', error: 'no suitable node' });

    expect(judgeAll(every(1000, 90_000, (at) => sample(at, [pending]))).verdict).toMatchObject({
      kind: 'inconclusive',
      reason: 'NotScheduled',
    });
  });

  test('L1: time without an answer does not count against any limit', () => {
    const blind = every(1000, 100_000, (atMs): HealthSample => ({
      atMs,
      view: unknown('no answer'),
      probes: [],
    }));

    expect(judgeAll([...blind, sample(101_000, [task({ state: 'starting' })])]).verdict.kind).toBe(
      'waiting',
    );
  });

  test('L1: deaths around an outage of the daemon are not the app’s', () => {
    const blind: HealthSample = { atMs: 5000, view: unknown('no answer'), probes: [] };
    const deaths = ['a', 'b', 'c'].map((id) => dead(id, { stateAtMs: 8000 }));

    expect(judgeAll([blind, sample(9000, deaths)]).verdict.kind).toBe('waiting');
  });

  test('an Engine that stays silent is inconclusive in the end', () => {
    const blind = every(1000, 400_000, (atMs): HealthSample => ({
      atMs,
      view: unknown('no answer'),
      probes: [],
    }));

    expect(judgeAll(blind).verdict).toMatchObject({ kind: 'inconclusive', reason: 'NoAnswer' });
  });

  test('U3: tasks of an earlier deploy neither prove nor disprove this one', () => {
    const old = [dead('a'), dead('b'), dead('c')].map((one) => ({ ...one, createdAtMs: 500 }));
    const other = task({ id: 'old', specHash: 'old' });

    const samples = every(1000, 20_000, (at) => sample(at, [...old, other]));

    expect(judgeAll(samples).verdict).toMatchObject({ kind: 'waiting' });
  });

  test('L2: a deploy that is repeated after a crash finds its tasks running already', () => {
    const earlier = task({ createdAtMs: 500 });

    expect(judgeAll(every(1000, 20_000, (at) => sample(at, [earlier]))).verdict).toEqual({
      kind: 'healthy',
    });
  });

  test('U3: a spec that Swarm itself put back is unhealthy', () => {
    const back = { ...service, labels: { [label.spec]: 'old' }, updateState: 'rollback_completed' };
    const one: HealthSample = { atMs: 3000, view: known(view([task()], [back])), probes: green };

    expect(judgeAll([one]).verdict).toMatchObject({ kind: 'unhealthy', reason: 'SwarmRolledBack' });
  });

  test('U3: a paused update is no verdict by itself', () => {
    const paused = { ...service, updateState: 'paused' };
    const samples = every(1000, 20_000, (atMs): HealthSample => ({
      atMs,
      view: known(view([task()], [paused])),
      probes: green,
    }));

    expect(judgeAll(samples).verdict).toEqual({ kind: 'healthy' });
  });

  test('somebody else’s write under the watch is inconclusive', () => {
    const other = { ...service, labels: {} };
    const one: HealthSample = { atMs: 3000, view: known(view([task()], [other])), probes: green };

    expect(judgeAll([one]).verdict).toMatchObject({ kind: 'inconclusive', reason: 'Contended' });
  });

  test('a service that is missing is waited for, and named', () => {
    const one: HealthSample = { atMs: 3000, view: known(view([], [])), probes: [] };

    expect(judgeAll([one]).verdict).toEqual({
      kind: 'waiting',
      for: 'service book_app is not there',
    });
  });
});
