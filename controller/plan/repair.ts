/**
 * An app that does not run as it should: `last_good` is put back, with the data of the snapshot where another release
 * ran on it (P2).
 */
import type { TransitionSummary } from '../model/journal.ts';
import type { Decision } from '../model/plan.ts';
import type { LastGood } from '../model/release.ts';
import type { SnapshotManifest } from '../model/snapshot.ts';
import type { Context } from './context.ts';
import { goneSecrets } from './gone-secrets.ts';
import { stalled } from './held-or-stalled.ts';
import { whyNotBack } from './retired.ts';
import { releaseOfSnapshot, specOfRelease } from './snapshot-release.ts';
import { startOrWait } from './start-or-wait.ts';

/** `what`: the difference that was seen, for people. */
export function planRepair(context: Context, lastGood: LastGood, what: string): Decision {
  const { history, quarantine, snapshot } = context.record;
  const { version } = lastGood;
  const spec = specOfRelease(lastGood);
  const last = history.findLast((past) => past.end !== 'abandoned');
  // A retirement runs nothing else on the data: what is there is still that of last_good.
  if (last?.end === 'stranded' && last.kind !== 'retire') {
    if (quarantine !== null) {
      return stalled(
        'Stranded',
        `${last.toVersion} failed and so did the way back; ${context.app.name} is undeployed and its data is safe. Remove the cause, then ci-warm reconcile ${context.app.name} --retry`,
      );
    }
    if (!snapshot.known) return { kind: 'unknown', why: snapshot.why };
    const { snapshotId: needed = null } = last;
    if (needed !== null && snapshot.value?.id !== needed) {
      return withoutSnapshot(context.app.name, last, needed);
    }
    // P2: the target ran on the data, so the prior version may only start on what the snapshot holds.
    if (snapshot.value?.id === last.id || last.kind === 'restore') {
      return planWayBack(context, lastGood, snapshot.value, last);
    }
  }
  if (last?.kind === 'retire' && last.end === 'succeeded') {
    const notBack = whyNotBack(context.app.name, last, snapshot);
    if (notBack !== undefined) return notBack;
    if (snapshot.known && last.snapshotId !== null) {
      return planWayBack(context, lastGood, snapshot.value, last);
    }
  }
  const gone = context.app.data === 'Stateful' ? goneSecrets(context.swarm, lastGood) : [];
  if (gone.length > 0) return withoutSecrets(context.app.name, gone);
  const why = `put ${version} back: ${what}`;
  return startOrWait(context, { transition: 'repair', from: lastGood, to: spec, why });
}

/** P2: nothing is started on data that another release may have changed; without the snapshot that is for a person. */
function withoutSnapshot(app: string, last: TransitionSummary, snapshotId: string): Decision {
  return stalled(
    'Stranded',
    `${app} could not be brought back on ${last.endedAt}, its data may be another release's, and snapshot ${snapshotId}, which it has to go back to, is not there; put it back under ${app}/snapshot in the state directory, or give the app another name to begin anew`,
  );
}

function withoutSecrets(app: string, gone: readonly string[]): Decision {
  const names = gone.join(', ');
  return stalled(
    'SecretGone',
    `${app} is not put back, for its data belongs to ${gone.length === 1 ? 'a secret that is' : 'secrets that are'} gone: ${names}. A new value would not fit; make ${gone.length === 1 ? 'it' : 'them'} again with the old one (docker secret create NAME FILE)`,
  );
}

/** To the release of the snapshot: `last_good`, or where a person wanted to go back to when that failed. */
function planWayBack(
  context: Context,
  lastGood: LastGood,
  snapshot: SnapshotManifest | null,
  { failed }: TransitionSummary,
): Decision {
  const held = snapshot === null ? undefined : releaseOfSnapshot(snapshot, context);
  const isOther = held !== undefined && held.specHash !== lastGood.specHash;
  const from = isOther ? held : lastGood;
  return startOrWait(context, {
    transition: 'restore',
    from,
    to: specOfRelease(from),
    ...(isOther ? { leaves: lastGood } : {}),
    ...(failed === undefined ? {} : { failed }),
    snapshotId: snapshot?.id ?? null,
    why: `go back to ${from.version} with the data of the snapshot`,
  });
}
