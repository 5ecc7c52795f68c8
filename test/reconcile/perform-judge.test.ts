import { describe, expect, test } from 'vitest';
import type { ProbeResult } from '../../controller/model/probe.ts';
import { label, type SwarmView } from '../../controller/model/swarm.ts';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { performJudge } from '../../controller/reconcile/perform-judge.ts';
import { warmApp } from '../build/desired.ts';
import { transitionInput } from '../build/record.ts';
import { service, swarmView, task } from '../build/swarm.ts';

const app = warmApp('book');
const input = transitionInput(app, '1.0.0+1.0.0', '1.1.0+1.1.0');

/** Judges the target of an upgrade whose one task runs. The clock goes on by as long as is slept. */
function judge(answers: {
  readonly probe: (atMs: number) => ProbeResult;
  readonly look?: (atMs: number) => SwarmView;
}) {
  const job: Job = {
    id: 'x',
    kind: 'upgrade',
    input,
    startedAt: '',
    data: { release: { ...input.to, images: { app: 'i' } }, deployedAtMs: 0 },
    failure: null,
    lastFailure: null,
  };
  const running = service(app.stack, 'app', { labels: { [label.spec]: input.to.specHash } });
  const view = swarmView({
    services: [running],
    tasks: [task(running, { specHash: input.to.specHash })],
  });
  let nowMs = 0;
  const deps = {
    clock: {
      now: () => nowMs,
      sleep: async (ms: number) => {
        nowMs += Math.max(ms, 1000);
      },
    },
    engine: {
      observeStack: async () => answers.look?.(nowMs) ?? view,
      tailLogs: async () => ['last words'],
    },
    driver: { read: async () => ({ services: [{ name: 'app', targetPorts: [], labels: {} }] }) },
    probes: { run: async () => [answers.probe(nowMs)] },
  } as unknown as PerformDeps;
  return performJudge('to', job, deps, new AbortController().signal);
}

const green: ProbeResult = { kind: 'green', probe: 'GET /' };
const nobody: ProbeResult = { ...green, nobody: true };
const silent = (): never => {
  throw new Error('no answer');
};

describe('performJudge', () => {
  test('what a probe found healthy is healthy', async () => {
    expect(await judge({ probe: () => green })).toEqual({ kind: 'ok', data: {} });
  });

  test('where nobody could be asked, tasks that run on are healthy, and that this is all is written down', async () => {
    expect(await judge({ probe: () => nobody })).toEqual({ kind: 'ok', data: { unprobed: true } });
  });

  test('L1: an Engine that is gone is inconclusive in the end, and waited for', async () => {
    expect(await judge({ probe: () => green, look: silent })).toMatchObject({
      kind: 'failed',
      failure: { verdict: 'inconclusive', reason: 'NoAnswer', noAnswer: true },
    });
  });

  test('what stays red is unhealthy, with the last words of the service', async () => {
    const red: ProbeResult = { kind: 'red', probe: 'GET /', detail: 'status 500' };

    expect(await judge({ probe: () => red })).toMatchObject({
      kind: 'failed',
      failure: { verdict: 'unhealthy', reason: 'ProbeFailed', lastLogs: ['last words'] },
    });
  });
});
