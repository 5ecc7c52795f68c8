/**
 * `npm run check`: format, lint, types and dead code, and how long each took.
 *
 * Two run at a time, which is what a small machine bears. What a check says is shown only when it fails, and never
 * mixed with another's. All are run, whatever the first says: one look shows everything that is to be mended.
 */
import { execa } from 'execa';

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What to type when it fails. */
  readonly remedy: string;
}

/** The slowest first, so that the two lanes end together. */
const checks: readonly Check[] = [
  { name: 'lint', command: 'eslint', args: ['.'], remedy: 'npx eslint --fix .' },
  { name: 'types', command: 'tsc', args: ['-p', 'tsconfig.json'], remedy: 'npx tsc -p .' },
  { name: 'format', command: 'prettier', args: ['--check', '.'], remedy: 'npm run format' },
  { name: 'dead code', command: 'knip', args: [], remedy: 'npx knip' },
];

const atOnce = 2;

/** Runs every check and prints the result of each. Returns how many failed; never throws for a failed check. */
export async function runChecks(): Promise<number> {
  const waiting = [...checks];
  let failed = 0;
  const lane = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (!(await runCheck(check))) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return failed;
}

async function runCheck({ name, command, args, remedy }: Check): Promise<boolean> {
  const { failed, all, durationMs, shortMessage } = await execa(command, args, {
    all: true,
    preferLocal: true,
    reject: false,
    stdin: 'ignore',
    env: { FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  });
  const took = `${(durationMs / 1000).toFixed(1)} s`;
  process.stdout.write(
    failed
      ? `check  ${name}: FAILED (${took})\n${all === '' ? (shortMessage ?? '') : all}\nTo look at it alone, or to mend it: ${remedy}\n\n`
      : `check  ${name}: ok (${took})\n`,
  );
  return !failed;
}

if (import.meta.main) {
  process.exitCode = (await runChecks()) === 0 ? 0 : 1;
}
