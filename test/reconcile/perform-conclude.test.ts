import { describe, expect, test } from 'vitest';
import type { Alert } from '../../controller/model/alert.ts';
import { CiWarmError } from '../../controller/model/failure.ts';
import type { PhaseFailure, TransitionEnd } from '../../controller/model/journal.ts';
import type { Quarantine } from '../../controller/model/release.ts';
import type { SwarmView } from '../../controller/model/swarm.ts';
import type { Job, PerformDeps } from '../../controller/reconcile/job.ts';
import { performConclude } from '../../controller/reconcile/perform-conclude.ts';
import { warmApp } from '../build/desired.ts';
import { failure, transitionInput } from '../build/record.ts';
import { container, service, swarmView, task } from '../build/swarm.ts';

/** What is quarantined and told when a transition ends this way for this failure. */
async function conclude(
  end: TransitionEnd,
  why: PhaseFailure,
  observeStack: () => Promise<SwarmView> = async () => swarmView(),
) {
  const quarantined: (Quarantine | null)[] = [];
  const alerts: Alert[] = [];
  const dropped: string[] = [];
  const from = end === 'undeployed' ? null : '1.0.0+1.0.0';
  const job: Job = {
    id: 'x',
    kind: from === null ? 'install' : 'upgrade',
    input: transitionInput(warmApp('book'), from, '1.1.0+1.1.0'),
    startedAt: '',
    data: {},
    failure: why,
    lastFailure: null,
  };
  const deps = {
    store: { writeQuarantine: async (_: string, one: Quarantine | null) => quarantined.push(one) },
    alerts: { raise: async (alert: Alert) => alerts.push(alert) },
    driver: { volumes: async () => [] },
    engine: { observeStack },
    snapshots: { dropDisplaced: async (app: string) => dropped.push(app) },
    clock: { now: () => 0 },
  } as unknown as PerformDeps;
  const performed = await performConclude(end, job, deps, new AbortController().signal);
  expect(performed.kind).toBe('ok');
  return { quarantined: quarantined.map((one) => one?.version), alerts, dropped };
}

describe('performConclude', () => {
  test.each([
    { end: 'rolled-back', verdict: 'unhealthy', barred: true },
    { end: 'rolled-back', verdict: 'refused', barred: true },
    { end: 'rolled-back', verdict: 'inconclusive', barred: false },
    { end: 'undeployed', verdict: 'unhealthy', barred: true },
    { end: 'undeployed', verdict: 'refused', barred: true },
    { end: 'undeployed', verdict: 'inconclusive', barred: false },
    { end: 'abandoned', verdict: 'unhealthy', barred: true },
    { end: 'abandoned', verdict: 'refused', barred: false },
    { end: 'abandoned', verdict: 'inconclusive', barred: false },
    { end: 'stranded', verdict: 'inconclusive', barred: true },
  ] as const)(
    '$end, $verdict: not tried again by itself: $barred',
    async ({ end, verdict, barred }) => {
      const { quarantined } = await conclude(end, failure({ verdict }));

      expect(quarantined).toEqual(barred ? ['1.1.0+1.1.0'] : []);
    },
  );

  const app = warmApp('book');
  const up = service(app.stack, 'app');
  const ended = container(task(up), { names: ['one'] });
  const noAnswer = (): Promise<SwarmView> =>
    Promise.reject(new CiWarmError('no-answer', 'the Swarm has no leader'));

  test.each([
    { name: 'gone', look: async () => swarmView(), says: 'book is undeployed and is left so.' },
    {
      name: 'not gone',
      look: async () => swarmView({ services: [up], containers: [ended] }),
      says: `service ${up.name}, container one of it is there still.`,
    },
    { name: 'not to be seen (L1)', look: noAnswer, says: 'is not known (the Swarm has no leader)' },
  ])('U1: the alert of an app whose way back failed and that is $name says so', async (row) => {
    const { alerts } = await conclude('stranded', failure(), row.look);

    expect(alerts.map(({ message }) => message)).toEqual([expect.stringContaining(row.says)]);
  });

  test.each([
    { end: 'rolled-back', drops: ['book'] },
    { end: 'undeployed', drops: [] },
    { end: 'stranded', drops: [] },
    { end: 'abandoned', drops: [] },
  ] as const)(
    'S2: $end: what a restore displaced is kept until the app is healthy',
    async (row) => {
      const { dropped } = await conclude(row.end, failure());

      expect(dropped).toEqual(row.drops);
    },
  );

  test('what is refused takes the app down once, and its alert says how to go on', async () => {
    const { alerts } = await conclude('rolled-back', failure({ verdict: 'refused' }));

    expect(alerts).toMatchObject([
      {
        kind: 'rollback',
        resolve: 'ci-warm reconcile book --retry, once the cause is gone',
        message: expect.stringContaining('It is not tried again by itself.') as string,
      },
    ]);
  });
});
