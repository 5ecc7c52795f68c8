/**
 * Whether something may be begun on an app now: under a lease that is held (R1), and while there is room for it. And what
 * becomes of the entry of an app whose lease is not held.
 */
import { assertNever } from '../model/assert-never.ts';
import type { Decision, PlanEntry } from '../model/plan.ts';
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

/**
 * The entry of an app whose lease is another's, or nobody can tell whose: what was decided of it is not this controller's to
 * say or do, and people hear it from the one that holds the lease (A1). Undefined: the lease is held, or none was asked for.
 */
export function standbyEntry(
  entry: PlanEntry,
  standing: Standing | undefined,
): PlanEntry | undefined {
  if (standing === undefined || standing.kind === 'held') return undefined;
  return { ...entry, decision: standingBy(standing), hold: null, isStandby: true };
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
    case undefined:
      return { kind: 'unknown', why: 'No lease was asked for.' };
    case 'rival':
    case 'unanswered':
      return standingBy(standing);
    default:
      return assertNever(standing, 'standing');
  }
}

function standingBy(standing: Exclude<Standing, { kind: 'held' }>): Decision {
  if (standing.kind === 'unanswered') return { kind: 'unknown', why: standing.why };
  return {
    kind: 'waiting',
    message: `Stands by: the controller ${standing.holder} has the lease on this Swarm; this one acts when it is free`,
  };
}
