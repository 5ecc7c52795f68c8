/**
 * Goes on with what was interrupted: a journal with an open transition and nobody at work on it, for a controller died, or
 * the lease was lost. It goes on whatever desired state says now, or even when there is none (L2).
 */
import type { Decision } from '../model/plan.ts';
import type { World } from '../model/world.ts';
import type { Log } from '../ports/log.ts';
import { progressOf } from '../transitions/progress.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { leaseScopeOf } from './lease-scope.ts';
import { mayBegin, type MayBeginDeps } from './may-begin.ts';

export interface ResumeDeps extends MayBeginDeps {
  readonly lease: LeaseKeeper;
  readonly log: Log;
}

export interface OpenJournals {
  /** Where something is to be finished. */
  readonly scopes: ReadonlySet<string>;
  /** Every journal could be read. */
  readonly isKnown: boolean;
  /** Apps that do not go on yet. */
  readonly waiting: ReadonlyMap<string, Decision>;
}

/** `isFree`: nothing is at work on the app, nor was when the look began. */
export async function resumeInterrupted(
  { records }: Pick<World, 'records'>,
  isFree: (app: string) => boolean,
  deps: ResumeDeps,
): Promise<OpenJournals> {
  const scopes = new Set<string>();
  const waiting = new Map<string, Decision>();
  for (const [app, record] of records) {
    if (!record.known || record.value.open.length === 0) continue;
    // Its status says that nobody can follow it; starting it again and again would not help.
    const progress = progressOf(record.value.open);
    if (progress === undefined) continue;
    const scope = leaseScopeOf(progress.input.app.domain);
    scopes.add(scope);
    if (!isFree(app) || (deps.onlyApp !== null && deps.onlyApp !== app)) continue;
    await deps.lease.need([scope]);
    const right = mayBegin(app, deps.lease.standing(scope), deps);
    if (right.kind !== 'may') {
      if (right.kind === 'waiting') waiting.set(app, right);
      continue;
    }
    deps.log.info('going on with an interrupted transition', { app, id: progress.id });
    deps.runners.start(record.value.open, right.signal);
  }
  const isKnown = [...records.values()].every((record) => record.known);
  return { scopes, isKnown, waiting };
}
