/** The leases of a world in which there is one controller: it holds all of them, always. */
import type { LeaseKeeper } from '../../controller/reconcile/lease-keeper.ts';

/** `signal`: the controller stops. */
export function soleLease(signal: AbortSignal): LeaseKeeper {
  return {
    need: () => Promise.resolve(),
    standing: () => ({ kind: 'held', signal }),
    rivals: () => [],
    keepOnly: () => Promise.resolve(),
  };
}
