/** The composition of the lease on the apps of this Swarm, which a controller holds while it acts (R1). */
import { readLeaseHolder } from '../adapters/files/lease-holder.ts';
import type { Log } from '../ports/log.ts';
import { createLeaseKeeper } from '../reconcile/lease-keeper.ts';
import type { Wired } from './wire.ts';

/** Nothing is held yet: a pass asks for what it needs. Close it, and what is held is given back. */
export async function keepLease(
  { leases, clock, wake }: Pick<Wired, 'leases' | 'clock' | 'wake'>,
  stateDir: string,
  log: Log,
  signal: AbortSignal,
): Promise<ReturnType<typeof createLeaseKeeper>> {
  const holder = await readLeaseHolder(stateDir);
  return createLeaseKeeper({
    leases,
    holder,
    signal,
    log,
    clock,
    elapsedMs: () => performance.now(),
    onChange: wake.activate,
  });
}
