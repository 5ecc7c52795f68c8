/** How much is tried: a property of test/fuzz is a test that is given many inputs. */
import fc, { type Arbitrary } from 'fast-check';
import { test } from 'vitest';

/** Inputs for each property: few in every run of the tests, as many as wanted by CI_WARM_FUZZ_RUNS. */
const runs = Number(process.env['CI_WARM_FUZZ_RUNS'] ?? 80);
/** A property that takes longer than that for each input hangs on one of them. */
const INPUT_TIMEOUT_MS = 100;

/** A failure shows seed and path of the input, which `fc.assert` takes back, and the smallest input that still fails. */
export function fuzz<Input>(
  name: string,
  arbitrary: Arbitrary<Input>,
  check: (input: Input) => void,
): void {
  test(name, { timeout: 20_000 + runs * INPUT_TIMEOUT_MS }, () => {
    fc.assert(fc.property(arbitrary, check), { numRuns: runs });
  });
}

/** The same for a check that has to wait. */
export function fuzzAsync<Input>(
  name: string,
  arbitrary: Arbitrary<Input>,
  check: (input: Input) => Promise<void>,
): void {
  test(name, { timeout: 20_000 + runs * INPUT_TIMEOUT_MS }, async () => {
    await fc.assert(fc.asyncProperty(arbitrary, check), { numRuns: runs });
  });
}
