/** The leases that this controller needs, one for each scope: what it may act on, and why not on the rest. */
import { Tenure, type Standing, type TenureDeps } from './lease-tenure.ts';

export interface Rival {
  readonly scope: string;
  readonly holder: string;
  readonly isAlive: boolean;
}

/** What a pass asks before it acts. */
export interface LeaseKeeper {
  /** Begins with those that are new, and resolves when it was tried once to take each of these. Never rejects. */
  need(scopes: Iterable<string>): Promise<void>;
  /** As of now; may change at any moment. */
  standing(scope: string): Standing;
  /** Scopes that somebody else holds. */
  rivals(): readonly Rival[];
  /** Gives up every other one, so nothing may be under way there. Never rejects. */
  keepOnly(scopes: ReadonlySet<string>): Promise<void>;
}

/** One of leases in a store. `close` gives up what is held; nothing is needed from it afterwards. */
export function createLeaseKeeper(
  deps: TenureDeps,
): LeaseKeeper & { readonly close: () => Promise<void> } {
  const tenures = new Map<string, Tenure>();
  const keepOnly = async (scopes: ReadonlySet<string>): Promise<void> => {
    const others = [...tenures].filter(([scope]) => !scopes.has(scope));
    for (const [scope] of others) tenures.delete(scope);
    await Promise.all(others.map(([, tenure]) => tenure.close()));
  };
  return {
    keepOnly,
    close: () => keepOnly(new Set()),
    async need(scopes) {
      const needed = [...scopes].map((scope) => {
        const tenure = tenures.get(scope) ?? new Tenure(scope, deps);
        tenures.set(scope, tenure);
        return tenure.tried;
      });
      await Promise.all(needed);
    },
    standing: (scope) =>
      tenures.get(scope)?.standing ?? { kind: 'unanswered', why: `nobody asked for ${scope}` },
    rivals: () =>
      [...tenures].flatMap(([scope, { standing }]) =>
        standing.kind === 'rival'
          ? [{ scope, holder: standing.holder, isAlive: standing.isAlive }]
          : [],
      ),
  };
}
