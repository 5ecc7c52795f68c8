/** The composition of the control socket's end in a running controller. */
import { serveControl } from '../adapters/socket/serve.ts';
import { reasonOf } from '../model/failure.ts';
import type { Control } from '../ports/control.ts';
import type { Log } from '../ports/log.ts';
import { parseControlRequest } from '../spec/control-messages.ts';

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
