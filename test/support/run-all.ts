/**
 * What `npm test` runs once the ground is there: the checks, then every test of all projects.
 *
 * The last line on stdout is always `N passed, N failed, N skipped`; each failed check counts as one failure there.
 * Exit code 0 only when nothing failed and something ran. No snapshot is ever written here: a missing one is a failure.
 */
import { reasonOf } from '../../controller/model/failure.ts';
import { runChecks } from './check.ts';
import { closingLine, tallyRun, type Tally } from './reporter.ts';

/** Runs vitest in this process. Undefined when it ended without having run anything. */
async function runTests(noGround: string | undefined): Promise<Tally | undefined> {
  const { startVitest } = await import('vitest/node');
  let tally: Tally | undefined;
  const closing = {
    onTestRunEnd: (...run: Parameters<typeof tallyRun>): void => {
      tally = tallyRun(...run);
    },
  };
  const vitest = await startVitest([], {
    run: true,
    watch: false,
    update: 'none',
    reporters: ['default', closing],
    ...(noGround === undefined ? {} : { project: ['unit', 'program', 'attack'] }),
  });
  await vitest.close();
  return tally;
}

const failedChecks = await runChecks();
/** Set by the bootstrap: why there is no Engine to test on. Then the tests that need one are left out, and it is said. */
const noGround = process.env['CI_WARM_NO_GROUND'];
if (noGround !== undefined) process.stdout.write(`Left out, all of test/live: ${noGround}\n`);
const tests = await runTests(noGround).catch((thrown: unknown) => {
  process.stdout.write(`The tests could not be run: ${reasonOf(thrown)}\n`);
  return undefined;
});

const ran = tests !== undefined && tests.passed + tests.failed > 0;
const { passed, failed, skipped } = tests ?? { passed: 0, failed: 0, skipped: 0 };
const total = { passed, failed: failed + failedChecks + (ran ? 0 : 1), skipped };
process.stdout.write(`${closingLine(total)}\n`, () => {
  // Ended by hand: a handle that a test left open must not hold up a run whose verdict is known.
  process.exit(total.failed === 0 ? 0 : 1);
});
