/**
 * The closing line of a test run: `N passed, N failed, N skipped`, totalled over all projects.
 *
 * Counts tests, and as one failure each whatever else went wrong: a file that could not be loaded, a hook that threw,
 * an error that no test caught, a run that was cut short. So a line with `0 failed` means that everything ran.
 */
import type {
  Reporter,
  SerializedError,
  TestModule,
  TestRunEndReason,
  TestSuite,
} from 'vitest/node';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The line itself, without a line break. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`;
}

/** Adds up a finished run. A test that never came to a result counts as failed. */
export function tallyRun(
  modules: readonly TestModule[],
  unhandled: readonly SerializedError[],
  reason: TestRunEndReason,
): Tally {
  const tally = { passed: 0, failed: unhandled.length, skipped: 0 };
  if (reason === 'interrupted') tally.failed += 1;
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      tally[state === 'pending' ? 'failed' : state] += 1;
    }
    const suites: readonly (TestModule | TestSuite)[] = [module, ...module.children.allSuites()];
    tally.failed += suites.filter((suite) => suite.errors().length > 0).length;
  }
  return tally;
}

/** Prints the closing line. Must be the last of the reporters, so that nothing follows it. */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    process.stdout.write(`${closingLine(tallyRun(modules, unhandled, reason))}\n`);
  }
}
