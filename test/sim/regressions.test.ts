/** Every world that once broke a rule, told in as few words as it takes. docs/reliability.md says what was found by which. */
import { expect, test } from 'vitest';
import { go, type Call, type Policy } from './call.ts';
import { runWorld } from './run.ts';
import { draft, type Scenario } from './scenario.ts';
import { startMs } from './world.ts';

/** One stateful app that is installed, gets a newer release after 40 s, and is let alone. */
const calm: Scenario = {
  seed: 1,
  apps: [
    {
      name: 'alpha',
      data: 'Stateful',
      version: 'latest',
      releases: [draft, { ...draft, version: '1.1.0', appearsAtMs: startMs + 40_000 }],
    },
  ],
  happenings: [],
  rates: { kill: 0, fail: 0, slow: 0 },
  isWarm: true,
  safetyMs: 180_000,
};

/** Every call of that name takes as long; nothing fails. */
function slow(name: string, delayMs: number): Policy {
  return (call: Call) => (call.name === name ? { kind: 'go', delayMs } : go);
}

const rows: readonly {
  readonly name: string;
  readonly scenario: Scenario;
  readonly policy?: Policy;
}[] = [
  {
    name: 'a transition that ends while a pass is looking is not gone on with',
    scenario: {
      ...calm,
      happenings: Array.from({ length: 40 }, (_, second) => ({
        atMs: 20_000 + second * 1000,
        what: { kind: 'approve', app: 'alpha', tag: `9.0.0+${String(second)}` },
      })),
    },
    policy: slow('engine.observe', 4000),
  },
];

test.each(rows)('$name', async ({ scenario, policy }) => {
  const { violations } = await runWorld(scenario, policy === undefined ? {} : { policy });

  expect(violations).toEqual([]);
});
