/**
 * Four projects in one run, one after the other. `unit` needs nothing but this repository, and is done in less than a
 * minute. `program` drives the programs that it is made of. `attack` damages, kills and starves the product: simulated
 * worlds, random input, failing disks and tools. `live` needs the ground that `npm test` makes (an Engine, a one-node
 * Swarm, a registry, the sample images), and runs two files at a time: more would measure the machine's patience rather
 * than the product.
 *
 * `npm test` runs all of them (test/support/run-all.ts); `npm run test:unit` the first.
 */
import { defineConfig } from 'vitest/config';

import { ClosingLineReporter } from './test/support/reporter.ts';

const minute = 60_000;

/** Vitest leaves one core idle unless it is told not to; and what has order 0 and one worker comes last of all. */
const ALL_CORES = '100%';

/** Each of these starts programs: the command line, npm's, the linter's, the package's build. */
const PROGRAM = [
  'test/adapters/git/desired-gnupg.test.ts',
  'test/adapters/git/desired-private.test.ts',
  'test/adapters/git/desired-signature.test.ts',
  'test/adapters/git/ssh.test.ts',
  'test/cli/completion.test.ts',
  'test/cli/desired-git.test.ts',
  'test/cli/events.test.ts',
  'test/cli/init.test.ts',
  'test/cli/process.test.ts',
  'test/dist/**/*.test.ts',
  'test/lint/**/*.test.ts',
  'test/setup/bootstrap.test.ts',
  'test/setup/clean*.test.ts',
  'test/setup/other-node.test.ts',
  'test/support/**/*.test.ts',
];

/** What damages, kills and starves. */
const ATTACK = [
  'test/sim/**/*.test.ts',
  'test/fuzz/**/*.test.ts',
  'test/syscalls/**/*.test.ts',
  'test/adapters/snapshots/reflink-snapshots.test.ts',
  'test/adapters/snapshots/tar-snapshots.test.ts',
  'test/reconcile/load.test.ts',
];

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
          exclude: ['test/live/**', 'test/bench/**', ...PROGRAM, ...ATTACK],
          testTimeout: minute,
          hookTimeout: minute,
          maxWorkers: ALL_CORES,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'program',
          include: PROGRAM,
          testTimeout: minute,
          hookTimeout: minute,
          maxWorkers: ALL_CORES,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'attack',
          include: ATTACK,
          testTimeout: 5 * minute,
          hookTimeout: minute,
          maxWorkers: ALL_CORES,
          sequence: { groupOrder: 3 },
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
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
