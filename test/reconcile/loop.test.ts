import { describe, expect, test } from 'vitest';
import { known } from '../../controller/model/known.ts';
import { runForever, runOnce, type LoopDeps } from '../../controller/reconcile/loop.ts';
import type { Pass } from '../../controller/reconcile/pass.ts';
import { desiredOf } from '../build/desired.ts';
import { release } from '../build/recipe.ts';
import { apps, live, twoApps } from '../build/two-apps.ts';

describe('runOnce', () => {
  test.each([
    { name: 'is tried again while a transition is under way', underWay: [1, 0, 0], passes: 2 },
    { name: 'ends the work where none is', underWay: [0], passes: 1 },
  ])('a pass that fails $name', async ({ underWay, passes }) => {
    const { deps, reported } = twoApps();
    let failures = 0;
    const report = async (pass: Pass) => {
      reported.push(pass);
      failures += 1;
      throw new Error(`report ${String(failures)}`);
    };
    const counts = [...underWay];
    const loop = {
      ...deps,
      reporter: { report },
      runners: {
        ...deps.runners,
        get count() {
          return counts.shift() ?? 0;
        },
      },
      wake: { wait: async () => undefined },
    };

    await expect(runOnce(loop as unknown as LoopDeps, live)).rejects.toThrow(
      `report ${String(passes)}`,
    );
    expect(reported).toHaveLength(passes);
  });
});

describe('runForever', () => {
  test('says once in its log that Docker does not answer, however many passes see it', async () => {
    const stop = new AbortController();
    const { deps } = twoApps();
    const said: string[] = [];
    let waits = 0;
    const loop = {
      ...deps,
      log: { ...deps.log, warn: (message: string) => said.push(message) },
      source: { watch: async () => undefined },
      engine: {
        observe: () => Promise.reject(new Error('connect ENOENT /run/docker.sock')),
        watch: async () => undefined,
      },
      clock: { ...deps.clock, sleep: async () => undefined },
      wake: {
        activate: () => undefined,
        wait: async () => {
          waits += 1;
          if (waits === 3) stop.abort();
        },
      },
    };

    await runForever(loop as unknown as LoopDeps, stop.signal);

    expect(said).toEqual(['Docker does not answer: nothing is done until it does']);
  });

  test('sleeps until the first release is as old as gate.minAge asks for', async () => {
    const stop = new AbortController();
    const gate = { minAgeMs: 10_000, onImageMajor: 'Hold', onNewConfiguration: 'Hold' } as const;
    const young = { ...release('1.0.0+1.0.0'), taggedAtMs: -7000 };
    const { deps } = twoApps();
    const desired = desiredOf(apps.map((app) => ({ ...app, gate })));
    const pauses: number[] = [];
    const loop = {
      ...deps,
      loader: {
        ...deps.loader,
        load: async () => known({ desired, invalid: [], problems: [], incomplete: false }),
      },
      recipes: { view: async () => ({ releases: [young] }) },
      source: { watch: async () => undefined },
      engine: { ...deps.engine, watch: async () => undefined },
      clock: { ...deps.clock, sleep: async () => undefined },
      wake: {
        activate: () => undefined,
        wait: async (ms: number) => {
          pauses.push(ms);
          stop.abort();
        },
      },
    };

    await runForever(loop as unknown as LoopDeps, stop.signal);

    expect(pauses).toEqual([3000]);
  });
});
