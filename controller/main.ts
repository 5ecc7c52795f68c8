/** Arguments in, exit code out. The only place that ends the process. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// From sources, taking out the types and compiling costs more than most commands do: what comes of it is kept beside
// the packages, which are trusted as far. Where that place cannot be written, nothing is kept.
if (import.meta.filename.endsWith('.ts')) {
  enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/ci-warm'));
}
const { runCli } = await import('./cli/run.ts');
const { createTerminal } = await import('./cli/terminal.ts');
const { exitCode } = await import('./cli/exit-codes.ts');

// Whoever reads our output may stop reading, as `head` does: that is no failure of ours. A disk that is full is one: an
// exit code of 0 must not stand beside half an answer.
let unwritten: NodeJS.ErrnoException | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  unwritten ??= error;
});

const terminal = createTerminal(process, process.env);
const code = await runCli({
  args: process.argv.slice(2),
  terminal,
  now: Date.now,
  isRoot: process.getuid?.() === 0,
  isDebugging: (process.env['DEBUG'] ?? '') !== '',
});
// The error of a write is told after it; an empty one more has told it by its own end.
await new Promise<void>((resolve) => {
  process.stdout.write('', () => resolve());
});
const isLost = unwritten !== undefined && unwritten.code !== 'EPIPE';
if (isLost) {
  terminal.say(`ci-warm: what was asked for cannot be written to stdout: ${unwritten?.message}`);
}
process.exit(isLost && code === exitCode.ok ? exitCode.failed : code);
