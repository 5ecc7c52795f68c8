/** Newer desired state is not followed: a person has to know that nothing they change is looked at. */
import type { Alert } from '../model/alert.ts';
import type { Stale, StaleCode } from '../model/desired-stale.ts';
import { alertOf } from './alert-parts.ts';
import { sentence } from './text.ts';

const titles: Readonly<Record<StaleCode, string>> = {
  unreadable: 'the desired tree cannot be read',
  'fetch-failed': 'the repository of the desired tree does not answer',
  'history-rewritten': 'the history of the desired tree was rewritten',
  unsigned: 'the desired tree has no good signature',
  empty: 'the desired tree is empty',
  'mass-removal': 'more than half of the desired objects would be gone',
};

/**
 * The same trouble is the same event, for as long as it lasts, whatever words a server finds for it (A1). `inForce`: the
 * revision that stays wanted meanwhile; undefined: none is at hand.
 */
export function staleAlert(stale: Stale, inForce: string | undefined, nowMs: number): Alert {
  const { code, why, resolve, refused } = stale;
  const event = code === 'unreadable' || code === 'empty' ? why : (inForce ?? 'nothing');
  const meanwhile =
    inForce === undefined
      ? 'Every app stays as it is, and no change under the tree is seen until this is mended.'
      : `What was applied last (${inForce}) stays wanted, and nothing newer is followed until this is mended.`;
  return alertOf({
    kind: 'desired-stale',
    app: 'host',
    severity: 'warning',
    title: titles[code],
    message: [sentence(why), meanwhile].join('\n'),
    atMs: nowMs,
    from: inForce ?? null,
    to: refused ?? null,
    fingerprint: `desired-stale/${code}/${event}`,
    resolve,
  });
}
