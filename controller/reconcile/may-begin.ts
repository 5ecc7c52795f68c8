/** Whether something may be begun on an app now: under a lease that is held (R1), and while there is room for it. */
import { assertNever } from '../model/assert-never.ts';
import type { Decision } from '../model/plan.ts';
import type { Standing } from './lease-tenure.ts';
import { TRANSITIONS_MAX, type Runners } from './runners.ts';

export interface MayBeginDeps {
  readonly runners: Runners;
  /** Where a person asked for something to be done to one app, and for nothing else; null: every app is seen to. */
  readonly onlyApp: string | null;
}

/** To be begun now, under this signal; or why not. */
export type MayBegin = { readonly kind: 'may'; readonly signal: AbortSignal } | Decision;

/** `standing`: that of the app's scope; undefined: no lease was asked for. */
export function mayBegin(
  app: string,
  standing: Standing | undefined,
  { runners, onlyApp }: MayBeginDeps,
): MayBegin {
  return onlyApp === null || onlyApp === app
    ? rightToBegin(standing, runners)
    : { kind: 'waiting', message: `Waits for a controller: only ${onlyApp} is seen to now` };
}

function rightToBegin(standing: Standing | undefined, runners: Runners): MayBegin {
  switch (standing?.kind) {
    case 'held':
      if (standing.signal.aborted) return { kind: 'unknown', why: 'The lease was just lost.' };
      if (runners.hasRoom) return { kind: 'may', signal: standing.signal };
      return {
        kind: 'waiting',
        message: `Waits until one of the ${String(TRANSITIONS_MAX)} transitions under way has ended`,
      };
    case 'rival':
      return {
        kind: 'waiting',
        message: `The controller ${standing.holder} has the lease on this Swarm; this one acts when it is free`,
      };
    case 'unanswered':
      return { kind: 'unknown', why: standing.why };
    case undefined:
      return { kind: 'unknown', why: 'No lease was asked for.' };
    default:
      return assertNever(standing, 'standing');
  }
}
