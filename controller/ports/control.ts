/** What a running controller does when it is asked. An adapter brings the question; reconcile/ answers it. */
import type { ControlAnswer, ControlRequest } from '../model/control.ts';

export interface Control {
  /**
   * Answers when it is done: that can take as long as transitions take. What is asked for is written down before
   * anything is done about it, so it goes on when nobody waits for the answer any more. Throws when the signal aborts.
   */
  handle(request: ControlRequest, signal: AbortSignal): Promise<ControlAnswer>;
}
