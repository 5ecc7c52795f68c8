/** One incarnation of the controller: from its start to the moment when it is killed. Its memory dies with it. */
import type { FileSystem } from '../../controller/adapters/files/fs.ts';
import type { Clock } from '../../controller/ports/clock.ts';
import type { Log } from '../../controller/ports/log.ts';
import type { LeaseKeeper } from '../../controller/reconcile/lease-keeper.ts';
import { runForever, type LoopDeps } from '../../controller/reconcile/loop.ts';
import { deliverBeside, Outbox } from '../../controller/reconcile/outbox.ts';
import { PassBoard } from '../../controller/reconcile/pass-board.ts';
import { Reporter } from '../../controller/reconcile/report.ts';
import { Runners } from '../../controller/reconcile/runners.ts';
import { Wake } from '../../controller/reconcile/wake.ts';
import { soleLease } from '../support/sole-lease.ts';
import type { Door } from './call.ts';
import { removeLeftovers } from '../../controller/adapters/files/leftovers.ts';
import { stateDir } from './disk.ts';
import { createFiles } from './file-door.ts';
import { createDriver } from './port-driver.ts';
import { createDrills } from './port-drills.ts';
import { createSnapshots } from './port-snapshots.ts';
import { createEngine, createImages, createProbes, createSecrets } from './ports-docker.ts';
import { createAlerts, createStore } from './ports-files.ts';
import { createRecipes, createSource, SimLoader } from './ports-git.ts';
import { SimStructures } from './structures.ts';
import { createRemains } from './port-remains.ts';
import { createPost } from './post.ts';
import type { World } from './world.ts';

/** The way out of one incarnation. */
export interface Way {
  readonly world: World;
  readonly door: Door;
  /** Of what is done beside the loop: its calls are not numbered. */
  readonly postDoor: Door;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface Life extends Way {
  readonly clock: Clock;
  readonly log: Log;
  readonly files: FileSystem;
  /** When it last asked for an app's secrets. */
  readonly asked: { secretsMs: number };
}

const RESTART_MS = 1000;

/** Starts a controller over the world as it is. Returns when it was told to stop, or never. */
export function live(
  way: Way,
  isAlive: () => boolean,
  signal: AbortSignal,
  lease: LeaseKeeper = soleLease(signal),
): Promise<void> {
  const { world } = way;
  const clock = clockOf(world, isAlive);
  const wake = new Wake(clock);
  const note = (message: string, fields?: Readonly<Record<string, unknown>>): void => {
    if (isAlive()) world.note('log', message, fields);
  };
  const log = { debug: note, info: note, warn: note, error: note };
  const life = { ...way, clock, log, files: createFiles(way), asked: { secretsMs: 0 } };
  const source = createSource(life);
  const outbox = new Outbox({ ...createPost(life), clock, log });
  const driver = createDriver(life);
  const ports = {
    engine: createEngine(life),
    disk: { freeBytes: () => Promise.resolve(world.disk.freeBytes) },
    images: createImages(life),
    driver,
    drills: createDrills(life, driver),
    remains: createRemains(life),
    snapshots: createSnapshots(life),
    secrets: createSecrets(life),
    probes: createProbes(life),
    store: createStore(life),
    alerts: createAlerts(life),
    outbox,
    recipes: createRecipes(life),
    clock,
    log,
  };
  const deps: LoopDeps = {
    ...ports,
    source,
    wake,
    loader: new SimLoader(source, life),
    structures: new SimStructures(ports.recipes),
    runners: new Runners(ports, wake.activate),
    lease,
    board: new PassBoard(),
    onlyApp: null,
    reporter: new Reporter(ports, {
      pid: 1,
      startedAt: new Date(world.time.nowMs).toISOString(),
      version: '0',
    }),
  };
  return begin(life, signal).then(() =>
    deliverBeside(outbox, signal, () => runForever(deps, signal)),
  );
}

/** As with the lock just taken; where it fails, the process ends and is started again. */
async function begin({ files, sleep }: Life, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await removeLeftovers(stateDir, files);
      return;
    } catch {
      await sleep(RESTART_MS);
    }
  }
}

function clockOf(world: World, isAlive: () => boolean): Clock {
  return {
    now: () => world.time.nowMs,
    newId: () => world.newId(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) {
          resolve();
          return;
        }
        const done = (): void => {
          if (!isAlive()) return;
          cancel();
          signal.removeEventListener('abort', done);
          resolve();
        };
        const cancel = world.time.after(ms, done, true);
        signal.addEventListener('abort', done);
      }),
  };
}
