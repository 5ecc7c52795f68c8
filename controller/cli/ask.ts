/** What a command does with the answer of a controller: a sentence on stderr, and an exit code. */
import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { CiWarmError } from '../model/failure.ts';
import type { ControlAnswer, ControlOutcome, ControlRequest } from '../model/control.ts';
import { parseDurationMs } from '../model/quantity.ts';
import { CliError } from './cli-error.ts';
import { exitCode, type ExitCode } from './exit-codes.ts';
import type { Globals } from './host.ts';
import type { Terminal } from './terminal.ts';

const codes = {
  done: exitCode.ok,
  held: exitCode.held,
  unsuccessful: exitCode.unsuccessful,
  'not-done': exitCode.failed,
  busy: exitCode.busy,
} as const satisfies Record<ControlOutcome, ExitCode>;

export function sayAnswer({ outcome, message }: ControlAnswer, terminal: Terminal): ExitCode {
  terminal.say(message);
  return codes[outcome];
}

/** Undefined: no controller listens in this state directory. */
export async function askController(
  globals: Globals,
  request: ControlRequest,
  timeoutMs: number,
): Promise<ControlAnswer | undefined> {
  const wire = await import('../wire/ask-controller.ts');
  try {
    return await wire.askController(resolve(globals.state), request, timeoutMs);
  } catch (thrown) {
    if (!(thrown instanceof CiWarmError) || thrown.code !== 'timed-out') throw thrown;
    const { name } = request;
    const next = name === null ? 'ci-warm status' : `ci-warm explain ${name}`;
    throw new CliError(exitCode.timedOut, thrown.message, next);
  }
}

/** `--timeout`, in milliseconds. */
export function timeoutOption(): Option {
  return new Option('--timeout <duration>', 'how long to wait for the end of it: 90s, 10m, 2h')
    .default(30 * 60_000, '30m')
    .argParser((text) => {
      const ms = parseDurationMs(text);
      if (ms === undefined || ms === 0) throw new InvalidArgumentError('Write 90s, 10m or 2h.');
      return ms;
    });
}
