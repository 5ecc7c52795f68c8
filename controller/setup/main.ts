/**
 * What `npm start`, `npm test` and `npm run clean` do once there is a Node that runs TypeScript.
 *
 * start · test · clean · ground (make what is missing and end)
 */
import { clean } from './clean.ts';
import { ensureGround, whyNoGround } from './ground.ts';
import { start } from './start.ts';
import { test } from './test.ts';

async function main(verb: string): Promise<number> {
  switch (verb) {
    case 'start':
      return start();
    case 'test':
      return test();
    case 'clean':
      await clean();
      return 0;
    case 'ground':
      await ensureGround({ forTests: true });
      return 0;
    default:
      process.stderr.write('usage: bootstrap.mjs start|test|clean|ground\n');
      return 2;
  }
}

try {
  process.exitCode = await main(process.argv[2] ?? '');
} catch (error) {
  const why = whyNoGround(error);
  if (why === undefined) throw error;
  process.stderr.write(`ci-warm: ${why}\n`);
  process.exitCode = 1;
}
