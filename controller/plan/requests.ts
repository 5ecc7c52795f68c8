/**
 * What a person asked for, as a part of the plan: which request is still to be begun, and what it makes of the pass.
 *
 * Not here: how a request is written down and taken back (reconcile/settle-requests.ts).
 */
import type { TransitionInput } from '../model/journal.ts';
import type { Decision } from '../model/plan.ts';
import type { AppRecord } from '../model/record.ts';
import type { AppRequest } from '../model/request.ts';
import type { Context } from './context.ts';
import { judgeDrift } from './drift.ts';
import { policyOf } from './identity.ts';
import { lastTouch } from './retired.ts';
import { releaseOfSnapshot, specOfRelease } from './snapshot-release.ts';

/** The request that no transition stands for yet. A journal that knows its id says that only its removal was lost (L2). */
export function pendingRequest({ request, open, history }: AppRecord): AppRequest | null {
  if (request === null) return null;
  const isBegun = open[0]?.id === request.id || history.some(({ id }) => id === request.id);
  return isBegun ? null : request;
}

/**
 * Whether this retry lifts what is quarantined. U3: what failed since it was asked for is not what the person meant, and
 * would be tried again at once.
 */
export function isLiftedBy({ lifts }: AppRequest, { quarantine }: AppRecord): boolean {
  return quarantine === null || lifts === undefined || lifts === quarantine.since;
}

/** The record as it is once what `--retry` asks for is done: nothing is quarantined that was when it was asked for. */
export function afterRetry(record: AppRecord): AppRecord {
  const request = pendingRequest(record);
  return request?.kind === 'retry' && isLiftedBy(request, record)
    ? { ...record, quarantine: null }
    : record;
}

/** Somebody who asks for another try does not want to wait for the back-off. */
export function waitsForNoBackOff(record: AppRecord): boolean {
  return pendingRequest(record)?.kind === 'retry';
}

/** What a request makes of the app's place in the plan. */
export type Asked =
  | { readonly kind: 'start'; readonly decision: Decision; readonly target: string }
  /** Asking again later, or mending what `why` says, is up to the person. */
  | { readonly kind: 'refused'; readonly id: string; readonly why: string };

/** A restore or a drill that is to be begun now; undefined: nobody asks for one. */
export function planRequest(context: Omit<Context, 'view' | 'structures'>): Asked | undefined {
  const { app, recipe, identity, swarm, record } = context;
  const request = pendingRequest(record);
  if (request === null || request.kind === 'retry') return undefined;
  const { id, kind } = request;
  const refused = (why: string): Asked => ({ kind: 'refused', id, why });
  if (kind === 'prune') {
    return refused(`${app.name} is wanted: ${app.source.file} asks for it`);
  }
  const what = kind === 'restore' ? 'it is not restored' : 'there is no drill';
  if (app.suspend) return refused(`${app.name} is suspended; ${what}`);
  if (app.data === 'Stateless') return refused(`${app.name} is stateless; ${what}`);
  if (recipe.driver === 'Abra') return refused(`driver Abra is not served yet; ${what}`);
  const { snapshot } = record;
  if (!snapshot.known) return refused(`${snapshot.why}; ${what}`);
  if (snapshot.value === null || snapshot.value.id !== request.snapshotId) {
    return refused(`another snapshot has taken the place of the one that was asked for; ${what}`);
  }
  const release = releaseOfSnapshot(snapshot.value, { app, identity });
  if (release === undefined) return refused(`its snapshot names no whole commit; ${what}`);
  const drift = judgeDrift(swarm, app.name, app.stack, record.lastGood);
  if (drift.kind === 'foreign') return refused(`${drift.what}; ${what}`);
  const input: TransitionInput = {
    app: identity,
    policy: policyOf(recipe),
    from: release,
    to: specOfRelease(release),
    ...(kind === 'restore' ? leftBehind(record) : {}),
    snapshotId: snapshot.value.id,
    reserveBytes: context.desired.settings.disk.reserveBytes,
    revision: context.desired.revision,
    notes: [],
  };
  const why =
    kind === 'restore'
      ? `a person asked to go back to the snapshot of ${release.version}, taken on ${snapshot.value.takenAt}`
      : `a person asked whether the snapshot of ${release.version} can be restored`;
  return {
    kind: 'start',
    decision: { kind: 'start', transition: kind, input, why, requestId: id },
    target: release.version,
  };
}

function leftBehind({ lastGood, history }: AppRecord): Pick<TransitionInput, 'leaves' | 'failed'> {
  const { failed } = lastTouch(history) ?? {};
  return {
    ...(lastGood === null ? {} : { leaves: lastGood }),
    ...(failed === undefined ? {} : { failed }),
  };
}
