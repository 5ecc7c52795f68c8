/** The desired tree cannot be read, or is empty: nothing changes, and a person has to know that nothing is looked at. */
import type { Alert } from '../model/alert.ts';
import { alertOf } from './alert-parts.ts';
import { sentence } from './text.ts';

/** The same reason is the same event, for as long as it lasts (A1). */
export function staleAlert(why: string, nowMs: number): Alert {
  return alertOf({
    kind: 'desired-stale',
    app: 'host',
    severity: 'warning',
    title: 'the desired tree cannot be read',
    message: [
      sentence(why),
      'Every app stays as it is, and no change under the tree is seen until it can be read again.',
    ].join('\n'),
    atMs: nowMs,
    fingerprint: `desired-stale/${why}`,
    resolve: 'put the tree back, or start the controller with the right --desired',
  });
}
