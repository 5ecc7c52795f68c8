/**
 * The port `Leases`: config objects of the Swarm, one for each scope, that no service uses.
 *
 * Of a config only the labels can be changed, and only by whoever names its newest version: that is the comparing and
 * setting. A name is taken once, which settles who makes it. A removal names no version, so only what was given up is
 * removed: nobody writes to it any more, and what comes after it has another id.
 */
import type Dockerode from 'dockerode';
import { digestOf } from '../../model/digest.ts';
import type { Claim, Leases, LeaseView } from '../../ports/lease.ts';
import type { Connection } from './connect.ts';
import { isNotFound } from './errors.ts';
import type { RawStored } from './raw.ts';

const key = {
  scope: 'dev.ci-warm.lease.scope',
  holder: 'dev.ci-warm.lease.holder',
  session: 'dev.ci-warm.lease.session',
  beat: 'dev.ci-warm.lease.beat',
  renewedAt: 'dev.ci-warm.lease.renewed-at',
  ttlMs: 'dev.ci-warm.lease.ttl-ms',
  isGivenUp: 'dev.ci-warm.lease.given-up',
} as const;

/** A renewal has to come through long before the lease runs out, so it waits less than other exchanges do. */
const exchangeLimitMs = 10_000;
const digestLength = 32;
/** A config has to have some. */
const content = Buffer.from('Who keeps the apps of a scope warm: see the labels.\n').toString(
  'base64',
);

/** Makes the port; asks nothing yet. */
export function createLeases(connection: Connection): Leases {
  const ask: Ask = (what, signal, exchange) =>
    connection.ask(what, signal, exchange, exchangeLimitMs);

  async function look(scope: string, signal: AbortSignal): Promise<LeaseView | undefined> {
    const name = nameOf(scope);
    const configs: unknown = await ask(
      `look at the lease of ${scope}`,
      signal,
      (docker, abortSignal) => docker.listConfigs({ filters: { name: [name] }, abortSignal }),
    );
    const raw = (configs as readonly RawLease[]).find(({ Spec }) => Spec?.Name === name);
    return raw === undefined ? undefined : toView(raw);
  }

  async function put(
    scope: string,
    seen: LeaseView | undefined,
    claim: Claim,
    signal: AbortSignal,
  ): Promise<void> {
    const spec = { Name: nameOf(scope), Labels: toLabels(scope, claim) };
    if (seen !== undefined && !seen.isGivenUp) {
      const _query = { version: seen.version };
      await ask(`renew the lease of ${scope}`, signal, (docker, abortSignal) =>
        docker.getConfig(seen.id).update({ _query, _body: spec, abortSignal }),
      );
      return;
    }
    if (seen !== undefined) await remove(ask, seen, signal);
    await ask(`take the lease of ${scope}`, signal, (docker, abortSignal) =>
      docker.createConfig({ _query: {}, _body: { ...spec, Data: content }, abortSignal }),
    );
  }

  return {
    look,
    remove: (seen, signal) => remove(ask, seen, signal),
    async write(scope, seen, claim, signal) {
      try {
        await put(scope, seen, claim, signal);
        return true;
      } catch (failure) {
        const now = await look(scope, signal).catch((): undefined => {
          throw failure;
        });
        if (now?.session === claim.session && now.beat === claim.beat) return true;
        if (now?.id === seen?.id && now?.version === seen?.version) throw failure;
        return false;
      }
    },
  };
}

type Ask = <T>(
  what: string,
  signal: AbortSignal,
  exchange: (docker: Dockerode, abortSignal: AbortSignal) => Promise<T>,
) => Promise<T>;

async function remove(ask: Ask, { id }: LeaseView, signal: AbortSignal): Promise<void> {
  try {
    await ask('remove a lease that was given up', signal, (docker, abortSignal) =>
      docker.getConfig(id).remove({ abortSignal }),
    );
  } catch (failure) {
    if (!isNotFound(failure)) throw failure;
  }
}

interface RawLease extends RawStored {
  readonly Version?: { readonly Index?: number };
}

/** Scopes are domains, which may be longer than a config's name. */
function nameOf(scope: string): string {
  return `ci-warm-lease-${digestOf(scope).slice('sha256:'.length).slice(0, digestLength)}`;
}

function toLabels(scope: string, claim: Claim): Record<string, string> {
  return {
    [key.scope]: scope,
    [key.holder]: claim.holder,
    [key.session]: claim.session,
    [key.beat]: String(claim.beat),
    [key.renewedAt]: claim.renewedAt,
    [key.ttlMs]: String(claim.ttlMs),
    [key.isGivenUp]: String(claim.isGivenUp),
  };
}

/** Labels that somebody spoiled read as a lease that is held, by nobody that is known: it runs out like any other. */
function toView(raw: RawLease): LeaseView {
  const labels = raw.Spec?.Labels ?? {};
  return {
    id: raw.ID ?? '',
    version: raw.Version?.Index ?? 0,
    holder: labels[key.holder] ?? 'somebody unknown',
    session: labels[key.session] ?? '',
    beat: numberIn(labels[key.beat]),
    renewedAt: labels[key.renewedAt] ?? '',
    ttlMs: numberIn(labels[key.ttlMs]),
    isGivenUp: labels[key.isGivenUp] === 'true',
  };
}

function numberIn(text: string | undefined): number {
  const number = Number(text ?? 0);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}
