/** What a sink is sent of an alert. */
import type { Alert } from '../model/alert.ts';
import type { AlertMessage, Delivery } from '../model/delivery.ts';
import { rfc3339 } from './text.ts';

/** The same delivery gives the same message but for `sentAt`. */
export function messageOf(
  alert: Alert,
  { id, round }: Pick<Delivery, 'id' | 'round'>,
  nowMs: number,
): AlertMessage {
  return {
    apiVersion: 'ci-warm.dev/v1',
    id,
    deliveryId: `${id}.${String(round)}`,
    reminder: round,
    sentAt: rfc3339(nowMs),
    ...alert,
  };
}
