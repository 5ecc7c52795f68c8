/** The composition of the control socket's end in a command. */
import { callControl } from '../adapters/socket/call.ts';
import type { ControlAnswer, ControlRequest } from '../model/control.ts';
import { parseControlAnswer } from '../spec/control-messages.ts';

/**
 * Asks the controller that holds the state directory (absolute), and waits for its answer. Undefined: none listens.
 * Errors: `timed-out`, `no-answer`.
 */
export async function askController(
  stateDir: string,
  request: ControlRequest,
  timeoutMs: number,
): Promise<ControlAnswer | undefined> {
  return await callControl(request, { stateDir, parse: parseControlAnswer, timeoutMs });
}
