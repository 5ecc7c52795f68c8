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

// Whoever reads our output may stop reading, as `head` does: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exit(
  await runCli({
    args: process.argv.slice(2),
    terminal: createTerminal(process, process.env),
    now: Date.now,
    isRoot: process.getuid?.() === 0,
    isDebugging: (process.env['DEBUG'] ?? '') !== '',
  }),
);
