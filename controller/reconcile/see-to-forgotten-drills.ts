/**
 * What a drill has unpacked of which no journal knows any more: the app was pruned, or its folder was removed by hand.
 * Only a drill writes at that place in the state directory, whose lock this process holds, so that what lies there is
 * ours (R2).
 *
 * L1: it stays while the app's state cannot be read. Not here: what the journal knows of (see-to-drills.ts), and what
 * runs in a drill's stack, which no journal says to be ours.
 */
import { CiWarmError, reasonOf } from '../model/failure.ts';
import { parseAppName, type AppName } from '../model/names.ts';
import type { AppRecord } from '../model/record.ts';
import { label, type SwarmView } from '../model/swarm.ts';
import type { World } from '../model/world.ts';
import type { Drills } from '../ports/drills.ts';
import type { Log } from '../ports/log.ts';
import type { StateStore } from '../ports/state-store.ts';

interface ForgottenDeps {
  readonly drills: Drills;
  readonly store: Pick<StateStore, 'records'>;
  readonly log: Log;
}

/** `isFree`: nothing is at work on the app. Throws only when the signal aborts; the next pass tries again. */
export async function seeToForgottenDrills(
  { swarm }: Pick<World, 'swarm'>,
  isFree: (app: string) => boolean,
  deps: ForgottenDeps,
  signal: AbortSignal,
): Promise<void> {
  if (!swarm.known) return;
  for (const app of unpackedApps(deps)) {
    try {
      // Read now and not when the pass began: what it has begun since is in the journal.
      const record = (await deps.store.records([app])).get(app);
      if (record?.known !== true || !isForgotten(record.value) || !isFree(app)) continue;
      if (isAtWork(app, swarm.value)) continue;
      await deps.drills.clearUnpacked(app, volumesOf(app, swarm.value), signal);
      deps.log.info('what a forgotten drill has unpacked is taken away', { app });
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      // Something is on it still: it is looked at again.
      if (thrown instanceof CiWarmError && thrown.code === 'conflict') continue;
      warn(app, thrown, deps);
    }
  }
}

function unpackedApps(deps: ForgottenDeps): readonly AppName[] {
  try {
    return deps.drills.unpacked().flatMap((name) => parseAppName(name) ?? []);
  } catch (thrown) {
    warn('', thrown, deps);
    return [];
  }
}

function warn(app: string, thrown: unknown, { log }: ForgottenDeps): void {
  log.warn('what a forgotten drill has unpacked cannot be taken away yet', {
    app,
    why: reasonOf(thrown),
  });
}

/** Nothing is open, and no drill is known that could be seen to by the journal. */
function isForgotten({ open, history, frozen }: AppRecord): boolean {
  return open.length === 0 && (frozen === null || !history.some(({ kind }) => kind === 'drill'));
}

function isOfDrill(app: string, labels: Readonly<Record<string, string>>): boolean {
  return labels[label.app] === app && labels[label.stack]?.startsWith('drill-') === true;
}

function isAtWork(app: string, { services, containers }: SwarmView): boolean {
  if (services.some(({ labels }) => isOfDrill(app, labels))) return true;
  return containers.some(({ binds }) => binds.some((path) => path.includes(`/.drills/${app}/`)));
}

function volumesOf(app: string, { volumes }: SwarmView): SwarmView['volumes'] {
  return volumes.filter(({ labels }) => isOfDrill(app, labels));
}
