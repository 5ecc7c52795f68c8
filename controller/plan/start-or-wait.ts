/** A transition that should begin: now, or when its back-off is over. */
import type { TransitionInput, TransitionKind } from '../model/journal.ts';
import type { Decision } from '../model/plan.ts';
import type { ReleaseTag } from '../model/recipe.ts';
import type { LastGood, ReleaseSpec } from '../model/release.ts';
import { retryNotBeforeMs } from './back-off.ts';
import type { Context } from './context.ts';
import { policyOf } from './identity.ts';
import { notesInTheWay } from './judge-candidate.ts';
import { waitsForNoBackOff } from './requests.ts';

export interface Start {
  readonly transition: TransitionKind;
  readonly from: LastGood | null;
  readonly to: ReleaseSpec;
  readonly leaves?: LastGood;
  readonly failed?: ReleaseSpec;
  readonly adopts?: Readonly<Record<string, number>>;
  /** Where release notes in the way are to go with an alert. */
  readonly target?: ReleaseTag;
  readonly snapshotId?: string | null;
  readonly why: string;
}

/** After a failure of the same release it waits, each time longer, unless a person asked for it. */
export function startOrWait(context: Context, start: Start): Decision {
  const { history } = context.record;
  const untilMs = retryNotBeforeMs(history, start.to.specHash, context.nowMs);
  if (untilMs > context.nowMs && !waitsForNoBackOff(context.record)) {
    const { reason = 'BackingOff', message = 'the last try failed' } =
      history.at(-1)?.failure ?? {};
    return { kind: 'backing-off', untilMs, reason, message };
  }
  const { target, from, leaves, failed, adopts } = start;
  const input: TransitionInput = {
    app: context.identity,
    policy: policyOf(context.recipe),
    from,
    to: start.to,
    ...(leaves === undefined ? {} : { leaves }),
    ...(failed === undefined ? {} : { failed }),
    ...(adopts === undefined ? {} : { adopts }),
    snapshotId: start.snapshotId ?? null,
    reserveBytes: context.desired.settings.disk.reserveBytes,
    revision: context.desired.revision,
    notes: target === undefined ? [] : notesInTheWay(from?.version, target, context.view.releases),
  };
  return { kind: 'start', transition: start.transition, input, why: start.why };
}
