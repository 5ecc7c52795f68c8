/**
 * Two projects in one run. `unit` needs nothing but this repository. `live` needs the ground that `npm test` makes
 * (an Engine, a one-node Swarm, a registry, the sample images), starts when `unit` is through, and runs two files at a
 * time: more would measure the machine's patience rather than the product.
 *
 * `npm test` runs both (test/support/run-all.ts); `npm run test:unit` the first.
 */
import { defineConfig } from 'vitest/config';

import { ClosingLineReporter } from './test/support/reporter.ts';

const minute = 60_000;

export default defineConfig({
  test: {
    allowOnly: false,
    reporters: ['default', new ClosingLineReporter()],
    coverage: { provider: 'v8', include: ['controller/**/*.ts'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/live/**', 'test/bench/**'],
          testTimeout: minute,
          hookTimeout: minute,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'live',
          include: ['test/live/**/*.test.ts'],
          testTimeout: 5 * minute,
          hookTimeout: 5 * minute,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
