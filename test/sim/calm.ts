/** The world that the told lives and regressions begin with: each says only what is other in its own. */
import { draft, type Scenario } from './scenario.ts';
import { startMs } from './world.ts';

/** One stateful app that is installed, gets a newer release after 40 s, and is let alone. */
export const calm: Scenario = {
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
