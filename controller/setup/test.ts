/** `npm test`: the ground, then every check and every test. */
import { ensureGround, whyNoGround } from './ground.ts';
import { become } from './start.ts';

/** Becomes the test run: does not return. Without a ground the tests that need one skip themselves, and say why. */
export async function test(): Promise<never> {
  const environment: Record<string, string> = {};
  try {
    await ensureGround({ forTests: true });
  } catch (error) {
    const why = whyNoGround(error);
    if (why === undefined) throw error;
    process.stderr.write(`ci-warm: ${why}\nci-warm: going on without the tests that need it\n`);
    environment['CI_WARM_NO_GROUND'] = why;
  }
  return become('test/support/run-all.ts', [], environment);
}
