/**
 * What a pass does about an app that nothing under `desired/` asks for any more: kept for its grace time, then retired,
 * and pruned when a person says so. Pure (L3).
 *
 * L1: an app counts as removed only where desired state was read as a whole and is followed; a file that cannot be read,
 * an object that is invalid, and newer state that is refused remove nothing.
 */
import type { Desired } from '../model/desired.ts';
import type { TransitionInput } from '../model/journal.ts';
import type { AppName } from '../model/names.ts';
import type { Decision, PlanEntry } from '../model/plan.ts';
import type { AppRecord } from '../model/record.ts';
import type { LastGood } from '../model/release.ts';
import type { LoadedDesired } from '../model/spec-problem.ts';
import { label, type SwarmView } from '../model/swarm.ts';
import type { World } from '../model/world.ts';
import { judgeIllBefore } from '../gates/ill-before.ts';
import { retryNotBeforeMs } from './back-off.ts';
import { judgeDrift } from './drift.ts';
import { openTransition } from './open-transition.ts';
import { pendingRequest } from './requests.ts';
import { lastTouch, retirementOf } from './retired.ts';
import { specOfRelease } from './snapshot-release.ts';
import { stackOf } from './stack-tenant.ts';

/** Apps that are gone from desired state. */
export interface Removed {
  readonly names: readonly AppName[];
  /** Why none of them is acted on for now; undefined: nothing is in the way. */
  readonly doubt: string | undefined;
}

/** `apps`: those that the state directory knows. `stale`: newer desired state is not followed. */
export function removedFrom(
  { desired, invalid, incomplete }: LoadedDesired,
  apps: readonly AppName[],
  stale: boolean,
): Removed {
  if (desired === undefined || incomplete) return { names: [], doubt: undefined };
  const there = new Set<string>([
    ...desired.warmApps.keys(),
    ...desired.canonicals.keys(),
    ...invalid
      .filter(({ kind }) => kind === 'WarmApp' || kind === 'Canonical')
      .map(({ name }) => name),
  ]);
  return {
    names: apps.filter((app) => !there.has(app)),
    doubt: stale ? 'newer desired state is refused, and may ask for it again' : undefined,
  };
}

/** Where an orphan has to be acted on still: under its lease. */
export function mayBeRetired(record: AppRecord): boolean {
  return record.lastGood !== null && retirementOf(record.history) === undefined;
}

export function planOrphan(
  desired: Desired,
  name: AppName,
  doubt: string | undefined,
  world: World,
): PlanEntry {
  const record = world.records.get(name);
  if (record?.known !== true) {
    const why = record?.why ?? 'its state was not read';
    return entryOf(name, null, { kind: 'unknown', why });
  }
  const { value } = record;
  const open = openTransition(value);
  if (open !== undefined) return entryOf(name, value, open);
  if (!world.swarm.known) return entryOf(name, value, { kind: 'unknown', why: world.swarm.why });
  const judged = judge({ desired, name, world, record: value, swarm: world.swarm.value, doubt });
  const entry = entryOf(name, value, judged.decision);
  return { ...entry, ...answer(value, name, judged) };
}

interface Orphaned {
  readonly desired: Desired;
  readonly name: AppName;
  readonly world: World;
  readonly record: AppRecord;
  readonly swarm: SwarmView;
  readonly doubt: string | undefined;
}

interface Judged {
  readonly decision: Decision;
  /** The stack whose remains a person may have taken away; undefined: why not, the decision says. */
  readonly prunable?: string;
}

function judge(orphan: Orphaned): Judged {
  const { desired, name, world, record, swarm, doubt } = orphan;
  const { lastGood, history } = record;
  const sinceMs = record.orphan === null ? world.nowMs : Date.parse(record.orphan.since);
  const untilMs = sinceMs + desired.settings.disk.orphanGraceMs;
  const stack = stackOf(record);
  const since = new Date(sinceMs).toISOString();
  const gone = `Nothing under desired/ asks for it since ${since}`;
  const kept = (why: string, isPrunable = false): Judged => ({
    decision: { kind: 'orphaned', message: `${gone}; ${why}`, isPrunable },
  });
  const idle = (why: string): Judged => {
    if (doubt !== undefined) return kept(`${why}. Nothing of it is pruned, for ${doubt}`);
    const heir = heirOf(orphan, stack);
    if (heir !== undefined) {
      return kept(
        `${why}. Nothing of it is pruned, for ${heir} has its stack ${stack ?? ''} now, and secrets and volumes of that name`,
      );
    }
    const ways = `To have it back, restore its file; to be rid of it for good: ci-warm prune ${name} --yes`;
    return { ...kept(`${why}. ${ways}`, true), prunable: stack ?? '' };
  };
  const retirement = retirementOf(history);
  const isDeployed = swarm.services.some((service) => service.labels[label.app] === name);
  if (retirement !== undefined && !isDeployed) {
    return idle(
      `it was retired on ${retirement.endedAt}: ${whatIsKept(orphan, retirement.snapshotId)}`,
    );
  }
  if (world.nowMs < untilMs) {
    const until = new Date(untilMs).toISOString();
    const message = `${gone}. It is kept as it is until ${until}; then its data goes into its snapshot, it is undeployed and its live volumes are dropped. To keep it, restore its file.`;
    return { decision: { kind: 'orphaned', message, untilMs, isPrunable: false } };
  }
  if (doubt !== undefined) return kept(`it is kept, for ${doubt}`);
  if (lastGood === null && !isDeployed)
    return idle('it was never proved good, and nothing of it runs; what it left is kept');
  if (lastGood === null)
    return kept(
      'it is not retired: it runs, and there is no record of what it was proved good with',
    );
  const last = lastTouch(history);
  if (last?.end === 'stranded' && last.kind !== 'retire' && !isDeployed) {
    return idle(
      'it is not retired: its last change failed and so did the way back; it is undeployed, and its data and its snapshot are kept as they are',
    );
  }
  const why = whyKept(orphan, lastGood);
  if (why !== undefined) return kept(`it is not retired: ${why}`);
  const retired = retire(orphan, lastGood);
  return (
    retired ??
    kept('it is not retired: its journal does not say how it was deployed; restore its file')
  );
}

/** Its data as it is now would replace the known-good: so it has to be the app's own, and in order (S2, S3). */
function whyKept({ name, swarm }: Orphaned, lastGood: LastGood): string | undefined {
  const drift = judgeDrift(swarm, name, lastGood.stack, lastGood);
  if (drift.kind === 'foreign') return `${drift.what}; remove that service`;
  if (drift.kind === 'replaced') {
    return `${drift.what}, which may have changed the data; remove the service if the data is still that of ${lastGood.version}`;
  }
  const [ill] = judgeIllBefore(swarm, lastGood.stack);
  if (ill === undefined) return undefined;
  return `${ill.message}, and the data of an app that is ill must not replace its snapshot; mend it, or remove its services`;
}

function retire(orphan: Orphaned, lastGood: LastGood): Judged | undefined {
  const { desired, world, record } = orphan;
  const { frozen, history } = record;
  if (frozen?.app.stack !== lastGood.stack) return undefined;
  const untilMs = retryNotBeforeMs(history, lastGood.specHash, world.nowMs);
  if (untilMs > world.nowMs) {
    const { reason = 'BackingOff', message = 'the last try failed' } =
      history.at(-1)?.failure ?? {};
    return { decision: { kind: 'backing-off', untilMs, reason, message } };
  }
  // The recipe may have moved house since; everything else is as it was when the app was deployed.
  const recipe = [...desired.recipes.values()].find(({ name }) => name === lastGood.recipe);
  const input: TransitionInput = {
    // Whatever volumes there are become the snapshot: nobody is left to say that they do not matter.
    app: { ...frozen.app, data: 'Stateful', ...(recipe && { recipeUrl: recipe.url }) },
    policy: frozen.policy,
    from: lastGood,
    to: specOfRelease(lastGood),
    snapshotId: null,
    reserveBytes: desired.settings.disk.reserveBytes,
    revision: desired.revision,
    notes: [],
  };
  const why = 'nothing under desired/ asks for it any more, and its grace time is over';
  return { decision: { kind: 'start', transition: 'retire', input, why } };
}

/**
 * Another app under the same stack name, as after a renaming: what carries our labels there may be all that it has (R2).
 * Of those that nobody wants either the last to be touched is the heir, so that one after the other may go.
 */
function heirOf(
  { desired, name, world, record }: Orphaned,
  stack: string | undefined,
): string | undefined {
  if (stack === undefined) return undefined;
  const wanted = [...desired.warmApps.values(), ...desired.canonicals.values()];
  const next = wanted.find((one) => one.name !== name && one.stack === stack);
  if (next !== undefined) return next.name;
  const isLater = (other: AppRecord): boolean =>
    other.open.length > 0 || (other.lastGood !== null && touchedAt(other) > touchedAt(record));
  return [...world.records].find(
    ([app, other]) =>
      app !== name && other.known && stackOf(other.value) === stack && isLater(other.value),
  )?.[0];
}

function touchedAt({ history }: AppRecord): string {
  return lastTouch(history)?.endedAt ?? '';
}

/** What is left of a retired app, and what of it is not ours to take away. */
function whatIsKept({ record, swarm }: Orphaned, snapshotId: string | null = null): string {
  const kept =
    snapshotId === null
      ? 'its secrets are kept'
      : `its data is in snapshot ${snapshotId}, which is kept like its secrets`;
  const stack = record.lastGood?.stack;
  const others = swarm.volumes.filter(
    (volume) => stack !== undefined && volume.labels[label.stack] === stack,
  );
  if (others.length === 0) return kept;
  const names = others.map((volume) => volume.name).join(', ');
  return `${kept}; volumes that ci-warm did not make are left alone: ${names}`;
}

/** What a person asked for: only a prune is for an app that nothing asks for, and only when nothing is left to be kept running. */
function answer(
  record: AppRecord,
  name: string,
  { decision, prunable }: Judged,
): Pick<PlanEntry, 'refused' | 'prune'> {
  const request = pendingRequest(record);
  if (request === null) return {};
  const { id, kind } = request;
  if (kind !== 'prune') {
    const why = `nothing under desired/ asks for ${name} any more; restore its file, then ask again`;
    return { refused: { id, why } };
  }
  if (prunable !== undefined) return { prune: { id, stack: prunable } };
  const why =
    'message' in decision ? decision.message : 'it is not retired yet; ask again when it is';
  return { refused: { id, why } };
}

function entryOf(name: AppName, record: AppRecord | null, decision: Decision): PlanEntry {
  return {
    object: { kind: 'WarmApp', name },
    decision,
    hold: null,
    current: record?.lastGood?.version ?? null,
    target: decision.kind === 'start' ? decision.input.to.version : null,
    latest: null,
  };
}
