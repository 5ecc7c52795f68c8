/**
 * The alert as JSON on a command's standard input. No shell, and nothing of the alert in its arguments: whoever lists
 * processes would read them. What it prints is not kept, since it may print what is secret to it.
 */
import { CiWarmError } from '../../model/failure.ts';
import type { AlertMessage } from '../../model/delivery.ts';
import type { CommandSinkSpec } from '../../model/desired.ts';
import type { Sent } from '../../ports/alert-sinks.ts';
import { run } from '../process/run.ts';

/** After that it is ended, with everything that it started. */
const LIMIT_MS = 30_000;
const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

/** Delivered when it ends with 0. Never throws. `limitMs` is there for tests. */
export async function runCommand(
  { name, command }: CommandSinkSpec,
  message: AlertMessage,
  signal: AbortSignal,
  limitMs = LIMIT_MS,
): Promise<Sent> {
  const [program = '', ...args] = command;
  try {
    const { exitCode } = await run(
      {
        doing: `sending an alert to ${name}`,
        program,
        args,
        input: `${JSON.stringify(message)}\n`,
        timeoutMs: limitMs,
        okExitCodes: ANY_EXIT_CODE,
        outputBytesMax: 1,
      },
      signal,
    );
    if (exitCode === 0) return { kind: 'delivered' };
    const why = `the command ended with exit code ${String(exitCode)}; give it the alert's file on standard input to see why`;
    return { kind: 'failed', why };
  } catch (thrown) {
    return { kind: 'failed', why: wordsFor(thrown, limitMs) };
  }
}

function wordsFor(thrown: unknown, limitMs: number): string {
  const isLate = thrown instanceof CiWarmError && thrown.code === 'timed-out';
  return isLate
    ? `the command did not end within ${String(limitMs / 1000)} s`
    : 'the command could not be started, or was ended by a signal';
}
