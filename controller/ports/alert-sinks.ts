/** Sending alerts to where people look: webhooks, commands, ntfy. */
import type { AlertMessage } from '../model/delivery.ts';
import type { AlertSinkSpec } from '../model/desired.ts';

/**
 * `why`: a sentence's part for people, without a URL, a secret or what the other side answered. `retryAfterMs`: the other
 * side wants to be left alone for so long.
 */
export type Sent =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed'; readonly why: string; readonly retryAfterMs?: number };

export interface AlertSinks {
  /**
   * One try, within half a minute. Never throws; what it says after the signal aborted means nothing. May be repeated:
   * `deliveryId` tells the other side that it is the same again.
   */
  send(sink: AlertSinkSpec, message: AlertMessage, signal: AbortSignal): Promise<Sent>;
}
