/** The composition root: builds every adapter that a controller acts through, and hands them to the loop as its ports. */
import { existsSync } from 'node:fs';
import { createAlertSinks } from '../adapters/alerts/sinks.ts';
import { createConnection } from '../adapters/docker/connect.ts';
import { createEngine } from '../adapters/docker/engine.ts';
import { createImages } from '../adapters/docker/images.ts';
import { createLeases } from '../adapters/docker/lease.ts';
import { createTaskReach } from '../adapters/docker/reach.ts';
import { createSecrets } from '../adapters/docker/secrets.ts';
import { createStackRemains } from '../adapters/docker/stack-remains.ts';
import { createVolumes } from '../adapters/docker/volumes.ts';
import { createAlertOutbox } from '../adapters/files/alert-outbox.ts';
import { createAlertStore } from '../adapters/files/alert-store.ts';
import { createAppliedStore } from '../adapters/files/desired-applied.ts';
import { nodeFileSystem } from '../adapters/files/fs.ts';
import { createStateJson } from '../adapters/files/state-json.ts';
import { createStateStore } from '../adapters/files/state-store.ts';
import { createGitRecipes } from '../adapters/git/recipes.ts';
import { createProbes } from '../adapters/http/probes.ts';
import type { Reflinks } from '../adapters/snapshots/context.ts';
import { createHostDisk } from '../adapters/snapshots/free.ts';
import { createTarSnapshots } from '../adapters/snapshots/tar-snapshots.ts';
import { createDrills } from '../adapters/stack/drills.ts';
import { createStackDriver } from '../adapters/stack/driver.ts';
import { createClock } from '../adapters/system/clock.ts';
import { programVersion } from '../adapters/system/identity.ts';
import type { Leases } from '../ports/lease.ts';
import type { Log } from '../ports/log.ts';
import { DesiredLoader } from '../reconcile/load.ts';
import type { LoopDeps } from '../reconcile/loop.ts';
import { Outbox } from '../reconcile/outbox.ts';
import { PassBoard } from '../reconcile/pass-board.ts';
import { Reporter } from '../reconcile/report.ts';
import { Runners } from '../reconcile/runners.ts';
import { StructureReader } from '../reconcile/structure-reader.ts';
import { Wake } from '../reconcile/wake.ts';
import { createStateCheck } from '../spec/state-validators.ts';
import { createSource, type SourceOptions } from './desired-source.ts';

export interface WireOptions extends SourceOptions {
  /** RFC 3339. */
  readonly startedAt: string;
}

/** All that the loop needs, but for the lease: whoever acts asks `leases` for it. */
export type Wired = Omit<LoopDeps, 'lease'> & {
  readonly leases: Leases;
  readonly outbox: Outbox;
};

/** Opens nothing and asks nobody yet. `stateDir` is absolute, and need not be there. */
export function wire(options: WireOptions): Wired {
  const { stateDir, log, startedAt, holdsLock } = options;
  const clock = createClock();
  const check = createStateCheck();
  const { source, treeName } = createSource(options, clock);
  const applied = createAppliedStore({ stateDir, check, clock, holdsLock });
  const loader = new DesiredLoader({ source, treeName, applied });
  // State files name the revision they were written under.
  const revision = (): string => loader.progress.revision;
  const files = { stateDir, check, clock, log, revision };
  // Whoever begins makes it, and so whoever only looks has to see what would be begun there.
  const isNew = !holdsLock && !existsSync(stateDir);
  const store = createStateStore({ ...files, holdsLock, isNew });
  const alerts = createAlertStore(files);
  const sinks = createAlertSinks();
  const outbox = new Outbox({ outbox: createAlertOutbox(files), sinks, clock, log });
  const connection = createConnection({ socketPath: undefined });
  const engine = createEngine(connection);
  const recipes = createGitRecipes({ ...options, clock });
  const secrets = createSecrets(connection);
  const volumes = createVolumes(connection);
  const remains = createStackRemains(connection);
  const wake = new Wake(clock);
  const ports = {
    remains,
    engine,
    recipes,
    secrets,
    store,
    alerts,
    outbox,
    clock,
    log,
    disk: createHostDisk(stateDir),
    images: createImages(connection),
    drills: createDrills({ recipes, volumes, engine, stateDir, remains }),
    driver: createStackDriver({ recipes, secrets, volumes, engine, stateDir }),
    snapshots: createTarSnapshots({
      stateDir,
      fs: nodeFileSystem,
      manifests: createStateJson(check, revision),
      isRoot: process.getuid?.() === 0,
      reflinks: reflinksOf(loader, log),
    }),
    probes: createProbes(createTaskReach(connection)),
  };
  return {
    ...ports,
    leases: createLeases(connection),
    source,
    wake,
    loader,
    structures: new StructureReader(recipes),
    board: new PassBoard(),
    onlyApp: null,
    runners: new Runners(ports, wake.activate),
    reporter: new Reporter(ports, { pid: process.pid, startedAt, version: programVersion() }),
  };
}

/** A change of the settings holds for the next snapshot. */
function reflinksOf(loader: DesiredLoader, log: Log): Reflinks {
  return {
    wanted: () => loader.settings?.snapshots.driver === 'Reflink',
    refused: (app, why) => {
      log.warn('snapshot is taken by tar and zstd, for want of reflinks', { app, why });
    },
  };
}
