/**
 * What a drill left behind that is over: its own `clear` was refused again and again (a network that something was still
 * on, an Engine that did as if), or somebody was faster. Each pass takes away what it sees of it and waits for nothing,
 * so it is gone once it can go, after a restart as well (R2).
 *
 * R2: only where the app's journal knows of a drill, in the stack that a drill of it has, and of services what carries
 * the app's label. A drill that is open is none of this: its transition goes on.
 */
import { CiWarmError, reasonOf } from '../model/failure.ts';
import { drillStackOf } from '../model/names.ts';
import type { AppRecord } from '../model/record.ts';
import { label, type SwarmView } from '../model/swarm.ts';
import type { World } from '../model/world.ts';
import type { PerformDeps } from './job.ts';

type DrillDeps = Pick<PerformDeps, 'engine' | 'drills' | 'log'>;

/** A container in one of these states is nobody's work any more. */
const ENDED = ['created', 'exited', 'dead'];

/**
 * `mayAct`: under which signal something may be done to the app now; undefined: not now. Never throws but when a signal
 * aborts: what cannot go now is tried again by the next pass.
 */
export async function seeToDrills(
  { records, swarm }: Pick<World, 'records' | 'swarm'>,
  mayAct: (app: string, record: AppRecord) => AbortSignal | undefined,
  deps: DrillDeps,
): Promise<void> {
  if (!swarm.known) return;
  for (const [app, record] of records) {
    if (!record.known) continue;
    let signal: AbortSignal | undefined;
    try {
      const remains = remainsOf(app, record.value, swarm.value, deps);
      signal = remains === undefined ? undefined : mayAct(app, record.value);
      if (remains === undefined || signal === undefined) continue;
      const left = remains.left.join(', ');
      deps.log.info('what is left of a drill is taken away', { app, left });
      await remains.remove(deps, signal);
    } catch (thrown) {
      if (signal?.aborted === true) return;
      // Something is on it still: it is looked at again.
      if (thrown instanceof CiWarmError && thrown.code === 'conflict') continue;
      deps.log.warn('what is left of a drill cannot be taken away yet', {
        app,
        why: reasonOf(thrown),
      });
    }
  }
}

interface Remains {
  readonly left: readonly string[];
  remove(deps: DrillDeps, signal: AbortSignal): Promise<void>;
}

/** The next that has to go, in the order that loses nothing; undefined: there is nothing, or it is going. */
function remainsOf(
  name: string,
  { open, history, frozen }: AppRecord,
  swarm: SwarmView,
  { drills }: DrillDeps,
): Remains | undefined {
  const isDrilled = history.some(({ kind }) => kind === 'drill');
  if (!isDrilled || open.length > 0 || frozen === null) return undefined;
  const { app } = frozen;
  const stack = drillStackOf(app.stack);
  const isOwn = ({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean =>
    labels[label.app] === name && labels[label.stack] === stack;
  const services = swarm.services.filter((one) => one.stack === stack);
  if (services.length > 0) {
    return removal(services.filter(isOwn), (id, { engine }, signal) =>
      engine.removeService(id, signal),
    );
  }
  const containers = swarm.containers.filter((one) => one.stack === stack);
  if (containers.length > 0) {
    const ended = containers.filter(({ state }) => ENDED.includes(state));
    const named = ended.map(({ id, names }) => ({ id, name: names[0] ?? id }));
    return removal(named, (id, { engine }, signal) => engine.removeContainer(id, signal));
  }
  const networks = swarm.networks.filter((one) => one.stack === stack);
  if (networks.length > 0) {
    return removal(networks, (id, { engine }, signal) => engine.removeNetwork(id, signal));
  }
  const stored = [...swarm.volumes, ...swarm.configs].filter(isOwn);
  // The last that goes, where the Swarm knows of nothing any more: a disk may refuse it as long as it likes.
  if (stored.length === 0 && !drills.hasData(app)) return undefined;
  const left = stored.length === 0 ? ['its data'] : stored.map((one) => one.name);
  return { left, remove: (deps, signal) => deps.drills.clear(app, signal) };
}

function removal(
  found: readonly { readonly id: string; readonly name: string }[],
  one: (id: string, deps: DrillDeps, signal: AbortSignal) => Promise<void>,
): Remains | undefined {
  if (found.length === 0) return undefined;
  return {
    left: found.map(({ name }) => name),
    remove: async (deps, signal) => {
      for (const { id } of found) await one(id, deps, signal);
    },
  };
}
