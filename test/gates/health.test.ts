import { describe, expect, test } from 'vitest';
import {
  judgeHealth,
  startHealth,
  type HealthMemory,
  type HealthQuestion,
  type HealthSample,
  type HealthVerdict,
} from '../../controller/gates/health.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { ProbeResult } from '../../controller/model/probe.ts';
import {
  label,
  type ServiceView,
  type SwarmView,
  type TaskView,
} from '../../controller/model/swarm.ts';

const question: HealthQuestion = {
  stack: 'book',
  specHash: 'new',
  services: ['book_app'],
  deployedAtMs: 1000,
  convergeMs: 60_000,
  bootMs: 30_000,
  stableForMs: 5_000,
};

const service: ServiceView = {
  id: 's1',
  name: 'book_app',
  stack: 'book',
  image: 'app@sha256:1',
  labels: { [label.spec]: 'new' },
  versionIndex: 1,
  replicas: 1,
  updateState: undefined,
  mayEnd: false,
  restartCondition: 'any',
  restartMaxAttempts: undefined,
  updatedAtMs: 1000,
  networkIds: [],
};

function task(over: Partial<TaskView> = {}): TaskView {
  return {
    id: 't1',
    serviceId: 's1',
    slot: 1,
    nodeId: 'n1',
    desiredState: 'running',
    state: 'running',
    error: undefined,
    exitCode: undefined,
    createdAtMs: 2000,
    stateAtMs: 2500,
    containerId: 'c1',
    stack: 'book',
    image: 'app@sha256:1',
    specHash: 'new',
    ...over,
  };
}

function dead(id: string, over: Partial<TaskView> = {}): TaskView {
  return task({
    id,
    state: 'failed',
    desiredState: 'shutdown',
    exitCode: 1,
    error: 'task: non-zero exit (1)',
    ...over,
  });
}

function view(tasks: readonly TaskView[], services: readonly ServiceView[] = [service]): SwarmView {
  return {
    atMs: 0,
    services,
    tasks,
    containers: [],
    volumes: [],
    networks: [],
    secrets: [],
    configs: [],
    nodes: [{ id: 'n1', hostname: 'one', ready: true, self: true }],
  };
}

const green: readonly ProbeResult[] = [{ kind: 'green', probe: 'GET /' }];
const red: readonly ProbeResult[] = [{ kind: 'red', probe: 'GET /', detail: 'answered 500' }];
const unanswered: readonly ProbeResult[] = [
  { kind: 'unknown', probe: 'GET /', detail: 'no address' },
];

function sample(
  atMs: number,
  tasks: readonly TaskView[],
  probes: readonly ProbeResult[] = green,
): HealthSample {
  return { atMs, view: known(view(tasks)), probes };
}

/** The first verdict that is not `waiting`, with the time it came at. */
function judgeAll(
  samples: readonly HealthSample[],
  over: Partial<HealthQuestion> = {},
): { readonly verdict: HealthVerdict; readonly atMs: number } {
  let memory: HealthMemory = startHealth(1000);
  let last: HealthVerdict = { kind: 'waiting', for: '' };
  for (const one of samples) {
    const step = judgeHealth({ ...question, ...over }, memory, one);
    memory = step.memory;
    last = step.verdict;
    if (last.kind !== 'waiting') return { verdict: last, atMs: one.atMs };
  }
  return { verdict: last, atMs: samples.at(-1)?.atMs ?? 0 };
}

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

  test('healthy and unhealthy in turn is named so when the time is up, and is the fault of the release', () => {
    const probes = (atMs: number): readonly ProbeResult[] => (atMs % 8000 < 4000 ? green : red);
    const samples = Array.from({ length: 80 }, (_, index) => 1000 + index * 1000).map((atMs) =>
      sample(atMs, [task()], probes(atMs)),
    );

    const { verdict } = judgeAll(samples);

    expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'Flapping' });
    expect(verdict).toMatchObject({
      message: expect.stringMatching(/healthy and then not, \d times within 30 s/) as string,
    });
  });

  test('L1: probes that cannot be made now and then are no flapping', () => {
    const probes = (atMs: number): readonly ProbeResult[] =>
      atMs % 8000 < 4000 ? green : unanswered;
    const samples = Array.from({ length: 80 }, (_, index) => 1000 + index * 1000).map((atMs) =>
      sample(atMs, [task()], probes(atMs)),
    );

    expect(judgeAll(samples).verdict.kind).toBe('inconclusive');
  });

  test('L1: nor is it held against a release that came and went that it cannot be asked at last', () => {
    const probes = (atMs: number): readonly ProbeResult[] =>
      atMs > 26_000 ? unanswered : atMs % 8000 < 4000 ? green : red;
    const samples = Array.from({ length: 80 }, (_, index) => 1000 + index * 1000).map((atMs) =>
      sample(atMs, [task()], probes(atMs)),
    );

    expect(judgeAll(samples).verdict).toMatchObject({
      kind: 'inconclusive',
      reason: 'ProbeUnanswered',
    });
  });

  test('a service that dies after 9 s never stays healthy for 10 s: unhealthy', () => {
    const samples = Array.from({ length: 400 }, (_, index) => {
      const atMs = 1000 + index * 200;
      const life = Math.floor((atMs - 1000) / 9000);
      const before = Array.from({ length: life }, (__, past) =>
        dead(`t${String(past)}`, {
          createdAtMs: 1000 + past * 9000,
          stateAtMs: 1000 + (past + 1) * 9000,
        }),
      );
      const now = task({ id: `t${String(life)}`, createdAtMs: 1000 + life * 9000 });
      return sample(atMs, [...before, now], green);
    });

    const { verdict } = judgeAll(samples, { stableForMs: 10_000, bootMs: 40_000 });

    expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'Flapping' });
  });

  test('a slow starter is waited for until the boot limit, and then has its whole window', () => {
    const starting: readonly ProbeResult[] = [
      { kind: 'red', probe: "Docker's health of every service", detail: 'book_app is starting' },
    ];
    const samples = Array.from({ length: 40 }, (_, index) => {
      const atMs = 1000 + index * 1000;
      return sample(atMs, [task()], atMs < 30_000 ? starting : green);
    });

    expect(judgeAll(samples)).toMatchObject({ verdict: { kind: 'healthy' }, atMs: 35_000 });
  });

  test('where there is nobody to ask, three deaths are a crash loop all the same', () => {
    const nobody: readonly ProbeResult[] = [
      { kind: 'green', probe: "Docker's health of every service", nobody: true },
    ];
    const before = ['a', 'b', 'c'].map((id) => dead(id, { stateAtMs: 4000 }));

    const { verdict } = judgeAll([
      sample(1000, [task()], nobody),
      sample(2000, [task()], nobody),
      sample(5000, [...before, task({ id: 't4' })], nobody),
    ]);

    expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'CrashLoop' });
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
