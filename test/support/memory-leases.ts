/** A store of leases in memory, which several controllers of a test share. */
import { CiWarmError } from '../../controller/model/failure.ts';
import type { Claim, Leases, LeaseView } from '../../controller/ports/lease.ts';

export class MemoryLeaseStore {
  readonly leases = new Map<string, LeaseView>();
  #ids = 0;
  #versions = 0;

  /** One controller's way to it. While `isCut`, nothing is answered; `isHalf` does the writes all the same. */
  way(): Leases & { isCut: boolean; isHalf: boolean } {
    const way = {
      isCut: false,
      isHalf: false,
      look: (scope: string) => answer(() => this.leases.get(scope)),
      write: (scope: string, seen: LeaseView | undefined, claim: Claim) => {
        if (way.isHalf) this.#write(scope, seen, claim);
        return answer(() => this.#write(scope, seen, claim));
      },
      remove: (seen: LeaseView) =>
        answer(() => {
          for (const [scope, { id }] of this.leases) if (id === seen.id) this.leases.delete(scope);
        }),
    };
    const answer = async <T>(give: () => T): Promise<T> => {
      await Promise.resolve();
      if (way.isCut) throw new CiWarmError('no-answer', 'the Swarm has no leader');
      return give();
    };
    return way;
  }

  #write(scope: string, seen: LeaseView | undefined, claim: Claim): boolean {
    const now = this.leases.get(scope);
    if (now?.id !== seen?.id || now?.version !== seen?.version) return false;
    const isNew = now === undefined || now.isGivenUp;
    if (isNew) this.#ids += 1;
    this.#versions += 1;
    const id = isNew ? String(this.#ids) : now.id;
    this.leases.set(scope, { ...claim, id, version: this.#versions });
    return true;
  }
}
