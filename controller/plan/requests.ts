/**
 * What a person asked for, as a part of the plan: which request is still to be begun, and what it makes of the pass.
 *
 * Not here: how a request is written down and taken back (reconcile/settle-requests.ts).
 */
import type { AppRecord } from '../model/record.ts';
import type { AppRequest } from '../model/request.ts';

/** The request that no transition stands for yet. A journal that knows its id says that only its removal was lost (L2). */
export function pendingRequest({ request, open, history }: AppRecord): AppRequest | null {
  if (request === null) return null;
  const isBegun = open[0]?.id === request.id || history.some(({ id }) => id === request.id);
  return isBegun ? null : request;
}

/** The record as it is once what `--retry` asks for is done: nothing is quarantined. */
export function afterRetry(record: AppRecord): AppRecord {
  return pendingRequest(record)?.kind === 'retry' ? { ...record, quarantine: null } : record;
}

/** Somebody who asks for another try does not want to wait for the back-off. */
export function waitsForNoBackOff(record: AppRecord): boolean {
  return pendingRequest(record)?.kind === 'retry';
}
