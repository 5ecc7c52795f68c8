/** What a command does that changes something: the running controller does it, or this process does. One way through. */
import type { ControlRequest } from '../model/control.ts';
import { askController, sayAnswer } from './ask.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Globals, Host } from './host.ts';
import { listenForInterruption } from './interruption.ts';

/**
 * The controller of the state directory does it; without one, this process is the controller for as long as it takes.
 * `timeout` in milliseconds.
 */
export async function askOrDo(
  { terminal }: Host,
  request: Extract<ControlRequest, { readonly name: string }>,
  options: Globals & { readonly timeout: number },
): Promise<ExitCode> {
  const answer = await askController(options, request, options.timeout);
  if (answer !== undefined) return sayAnswer(answer, terminal);
  terminal.say('No controller runs; doing it here.');
  const { handleAlone } = await import('../wire/handle-alone.ts');
  const interruption = listenForInterruption(terminal);
  const { state, desired, desiredSigned = false, timeout: timeoutMs } = options;
  const { signal } = interruption;
  const outcome = await interruption.race(
    handleAlone({ state, desired, desiredSigned, timeoutMs, signal }, request),
  );
  return outcome.kind === 'done' ? sayAnswer(outcome.value, terminal) : outcome.exitCode;
}
