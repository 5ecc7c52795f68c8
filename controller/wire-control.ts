/** The composition of what commands and a running controller say to each other: both ends of the control socket. */
import { callControl } from './adapters/socket/call.ts';
import { serveControl } from './adapters/socket/serve.ts';
import { reasonOf } from './model/failure.ts';
import type { ControlAnswer, ControlRequest } from './model/control.ts';
import type { Control } from './ports/control.ts';
import type { Log } from './ports/log.ts';
import { parseControlAnswer, parseControlRequest } from './spec/control-messages.ts';

/**
 * Lets commands talk to this controller, until `close`. The lock of the state directory must be held. Where no socket
 * can be made, a controller works all the same, and says that nobody can talk to it.
 */
export async function openControl(
  stateDir: string,
  control: Control,
  log: Log,
): Promise<{ readonly close: () => Promise<void> }> {
  try {
    return await serveControl({ stateDir, control, parse: parseControlRequest, log });
  } catch (thrown) {
    log.warn('commands cannot talk to this controller', { why: reasonOf(thrown) });
    return { close: () => Promise.resolve() };
  }
}

/**
 * Asks the controller that holds the state directory (absolute). Undefined: none listens. Errors: `timed-out`,
 * `no-answer`.
 */
export async function askController(
  stateDir: string,
  request: ControlRequest,
  timeoutMs: number,
): Promise<ControlAnswer | undefined> {
  return await callControl(request, { stateDir, parse: parseControlAnswer, timeoutMs });
}
