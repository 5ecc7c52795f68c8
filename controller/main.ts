/** Arguments in, exit code out. The only place that ends the process. */
import { runCli } from './cli/run.ts';
import { createTerminal } from './cli/terminal.ts';

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
