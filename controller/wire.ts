/** The composition root: builds the adapters and hands them to the loop. The only file that sees both. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createAlertSinks } from './adapters/alerts/sinks.ts';
import { createConnection } from './adapters/docker/connect.ts';
import { createEngine } from './adapters/docker/engine.ts';
import { createImages } from './adapters/docker/images.ts';
import { createLeases } from './adapters/docker/lease.ts';
import { createTaskReach } from './adapters/docker/reach.ts';
import { createSecrets } from './adapters/docker/secrets.ts';
import { createStackRemains } from './adapters/docker/stack-remains.ts';
import { createVolumes } from './adapters/docker/volumes.ts';
import { createAlertOutbox } from './adapters/files/alert-outbox.ts';
import { createAlertStore } from './adapters/files/alert-store.ts';
import { createAppliedStore } from './adapters/files/desired-applied.ts';
import { createDesiredDirectory } from './adapters/files/desired-directory.ts';
import { nodeFileSystem } from './adapters/files/fs.ts';
import { readLeaseHolder } from './adapters/files/lease-holder.ts';
import { acquireLock } from './adapters/files/lock.ts';
import { withScratch } from './adapters/files/scratch.ts';
import { createStateJson } from './adapters/files/state-json.ts';
import { createStateStore } from './adapters/files/state-store.ts';
import { waitForLock } from './adapters/files/wait-for-lock.ts';
import { createDesiredGit } from './adapters/git/desired-git.ts';
import { createGitRecipes } from './adapters/git/recipes.ts';
import { createProbes } from './adapters/http/probes.ts';
import { createHostDisk } from './adapters/snapshots/free.ts';
import type { Reflinks } from './adapters/snapshots/context.ts';
import { createTarSnapshots } from './adapters/snapshots/tar-snapshots.ts';
import { createDrills } from './adapters/stack/drills.ts';
import { createStackDriver } from './adapters/stack/driver.ts';
import { createClock } from './adapters/system/clock.ts';
import { programVersion } from './adapters/system/identity.ts';
import { createStderrLog } from './adapters/system/log.ts';
import { assertNever } from './model/assert-never.ts';
import { parseDesiredLocation, shownLocation } from './model/desired-location.ts';
import { staleError, type Stale } from './model/desired-stale.ts';
import { CiWarmError } from './model/failure.ts';
import type { ControlAnswer, ControlRequest } from './model/control.ts';
import type { AppDiff } from './model/app-diff.ts';
import type { Plan, PlanWarning } from './model/plan.ts';
import type { SpecProblem } from './model/spec-problem.ts';
import { diffApp } from './plan/app-diff.ts';
import type { Clock } from './ports/clock.ts';
import type { DesiredSource } from './ports/desired-source.ts';
import type { Leases } from './ports/lease.ts';
import type { Log } from './ports/log.ts';
import { createControl } from './reconcile/control.ts';
import { createLeaseKeeper } from './reconcile/lease-keeper.ts';
import { PassBoard } from './reconcile/pass-board.ts';
import { DesiredLoader } from './reconcile/load.ts';
import { runForever, runOnce, type LoopDeps } from './reconcile/loop.ts';
import { lookAndPlan, type Pass } from './reconcile/pass.ts';
import { deliverBeside, Outbox } from './reconcile/outbox.ts';
import { planWarnings } from './reconcile/plan-warnings.ts';
import { Reporter } from './reconcile/report.ts';
import { Runners } from './reconcile/runners.ts';
import { StructureReader } from './reconcile/structure-reader.ts';
import { judgeOnce } from './reconcile/verdict.ts';
import { Wake } from './reconcile/wake.ts';
import { createStateCheck } from './spec/state-validators.ts';
import { openControl } from './wire-control.ts';

export interface ControllerOptions {
  /** The desired tree, as typed: a directory, or a repository. */
  readonly desired: string;
  /** Of a repository, follow only commits with a good signature. */
  readonly desiredSigned: boolean;
  /** The state directory. */
  readonly state: string;
  readonly once: boolean;
  readonly signal: AbortSignal;
}

/**
 * Runs the controller and returns its exit code. Where another one holds the state directory, or the lease in the Swarm,
 * it waits; with `once` it throws `busy`.
 */
export async function runController(options: ControllerOptions): Promise<number> {
  const log = await createStderrLog('info', process.env);
  const stateDir = resolve(options.state);
  const startedAt = new Date().toISOString();
  const wanted = { stateDir, pid: process.pid, startedAt };
  const lock = options.once
    ? await acquireLock(wanted)
    : await waitForLock(
        wanted,
        (why) => log.warn('waits until it is alone', { why }),
        options.signal,
      );
  if (lock === undefined) return 0;
  try {
    return await work({ ...options, stateDir, log, startedAt });
  } finally {
    await lock.release();
  }
}

/** With the lock held. The leases are given back whatever happens. */
async function work(options: ControllerOptions & Omit<WireOptions, 'holdsLock'>): Promise<number> {
  const { stateDir, log, signal } = options;
  const { leases, outbox, ...wired } = wire({ ...options, holdsLock: true });
  const lease = await leaseOf({ ...wired, leases }, stateDir, log, signal);
  const deps = { ...wired, lease };
  const commands = await openControl(stateDir, createControl(withFreshLook(deps)), log);
  try {
    log.info('controller starts', { desired: shownLocation(options.desired), state: stateDir });
    if (!options.once) {
      await deliverBeside(outbox, signal, () => runForever(deps, signal));
      return 0;
    }
    const pass = await deliverBeside(outbox, signal, () => runOnce(deps, signal));
    return pass === undefined ? 0 : judgeOnce(pass, deps.runners.ended, deps.reporter.statuses);
  } finally {
    await commands.close();
    await lease.close();
  }
}

/** A command that waits for the next pass waits for desired state as it is now, not as its timer saw it last. */
function withFreshLook(
  deps: LoopDeps,
): Omit<LoopDeps, 'wake'> & { readonly wake: Pick<Wake, 'activate'> } {
  const activate = (): void => {
    deps.source.lookAnew?.();
    deps.wake.activate();
  };
  return { ...deps, wake: { activate } };
}

export interface AloneOptions extends PlanOptions {
  readonly timeoutMs: number;
}

/**
 * What a command asks for, where no controller runs: this process is the controller until it is done, and sees to no
 * other app. Errors: `busy` (another process is the controller), `no-answer` (Docker), `timed-out`: what was asked for
 * is written down, and the next start goes on with it.
 */
export async function handleAlone(
  options: AloneOptions,
  request: Extract<ControlRequest, { readonly name: string }>,
): Promise<ControlAnswer> {
  const log = await createStderrLog('info', process.env);
  const stateDir = resolve(options.state);
  const startedAt = new Date().toISOString();
  const lock = await acquireLock({ stateDir, pid: process.pid, startedAt });
  const stop = new AbortController();
  const onAbort = (): void => {
    stop.abort();
  };
  options.signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(onAbort, options.timeoutMs);
  try {
    const wired = wire({ ...options, stateDir, log, startedAt, holdsLock: true });
    await wired.engine.observe(stop.signal);
    const lease = await leaseOf(wired, stateDir, log, stop.signal);
    const deps = { ...wired, lease, onlyApp: request.name };
    const loop = runForever(deps, stop.signal);
    try {
      return await createControl(deps).handle(request, stop.signal);
    } catch (thrown) {
      if (options.signal.aborted || !stop.signal.aborted) throw thrown;
      const message = `not done within ${String(Math.round(options.timeoutMs / 1000))} s; it is written down, and the next start of a controller goes on with it`;
      throw new CiWarmError('timed-out', message, thrown);
    } finally {
      stop.abort();
      await loop;
      await lease.close();
    }
  } finally {
    clearTimeout(timer);
    await lock.release();
  }
}

async function leaseOf(
  { leases, clock, wake }: Pick<Wired, 'leases' | 'clock' | 'wake'>,
  stateDir: string,
  log: Log,
  signal: AbortSignal,
): Promise<ReturnType<typeof createLeaseKeeper>> {
  const holder = await readLeaseHolder(stateDir);
  return createLeaseKeeper({
    leases,
    holder,
    signal,
    log,
    clock,
    elapsedMs: () => performance.now(),
    onChange: wake.activate,
  });
}

export interface PlanOptions {
  readonly desired: string;
  readonly desiredSigned: boolean;
  readonly state: string;
  readonly signal: AbortSignal;
}

export interface MadePlan {
  readonly plan: Plan;
  readonly problems: readonly SpecProblem[];
  readonly warnings: readonly PlanWarning[];
  /** Why newer desired state is not followed, where older is planned for. */
  readonly stale: Stale | undefined;
}

/**
 * What the next pass would do. Touches nothing, and needs no lock. `onPass` sees what it was made from. Throws a
 * `DesiredStaleError` where there is no desired state to plan for.
 */
export async function makePlan(
  options: PlanOptions,
  onPass?: (pass: Pass, deps: Pick<Wired, 'recipes' | 'store'>) => Promise<void>,
): Promise<MadePlan> {
  return await lookOnly(options, async (deps) => {
    const pass = await lookAndPlan(deps, options.signal);
    const { stale } = deps.loader.progress;
    if (!pass.loaded.known) throw staleError(stale, pass.loaded.why);
    await onPass?.(pass, deps);
    const warnings = await planWarnings(pass, deps.driver, options.signal);
    return { plan: pass.plan, problems: pass.loaded.value.problems, warnings, stale };
  });
}

/** The ports for whoever has no lock. What it fetches of any repository is gone afterwards. */
async function lookOnly<T>(options: PlanOptions, look: (deps: Wired) => Promise<T>): Promise<T> {
  const log = await createStderrLog('warn', process.env);
  const startedAt = new Date().toISOString();
  const stateDir = resolve(options.state);
  return await withScratch((scratch) =>
    look(wire({ ...options, stateDir, log, startedAt, holdsLock: false, scratch })),
  );
}

export type Comparison =
  /** `names`: the warm apps that there are. */
  | { readonly kind: 'no-app'; readonly names: readonly string[] }
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'compared'; readonly diff: AppDiff; readonly recipeDiff: string };

/** Desired against observed for one app, and its recipe between the two. Touches nothing. Throws as `makePlan` does. */
export async function compareApp(
  options: PlanOptions & { readonly name: string },
): Promise<Comparison> {
  return await lookOnly(options, (deps) => compare(deps, options));
}

async function compare(
  deps: Wired,
  { name, signal }: Pick<Parameters<typeof compareApp>[0], 'name' | 'signal'>,
): Promise<Comparison> {
  const { loaded, plan, world } = await lookAndPlan(deps, signal);
  if (!loaded.known) throw staleError(deps.loader.progress.stale, loaded.why);
  const { desired } = loaded.value;
  const apps = [...(desired?.warmApps.values() ?? [])];
  const app = apps.find((one) => one.name === name);
  const entry = plan.entries.find(
    ({ object }) => object.kind === 'WarmApp' && object.name === name,
  );
  if (desired === undefined || app === undefined || entry === undefined) {
    return { kind: 'no-app', names: apps.map((one) => one.name) };
  }
  const compared = diffApp(desired, app, { world, entry });
  if (!compared.known) return { kind: 'unknown', why: compared.why };
  const diff = compared.value;
  const { current, target } = diff;
  const url = desired.recipes.get(app.recipe)?.url;
  if (current === null || target === null || url === undefined) {
    return { kind: 'compared', diff, recipeDiff: '' };
  }
  const range = { from: current.commit, to: target.commit };
  const recipeDiff = await deps.recipes.diff(app.recipe, url, range, signal);
  return { kind: 'compared', diff, recipeDiff };
}

interface WireOptions {
  readonly desired: string;
  readonly desiredSigned: boolean;
  readonly stateDir: string;
  readonly log: Log;
  readonly startedAt: string;
  readonly holdsLock: boolean;
  /** Of a look without the lock, a folder of its own. */
  readonly scratch?: string;
}

type Wired = Omit<LoopDeps, 'lease'> & { readonly leases: Leases; readonly outbox: Outbox };

function wire(options: WireOptions): Wired {
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

/** Throws `recipe-invalid` for what is no directory and no repository: the command line has said so before. */
export function createSource(
  { desired, desiredSigned: isSigned, ...options }: Omit<WireOptions, 'startedAt'>,
  clock: Clock,
): { readonly source: DesiredSource; readonly treeName: string } {
  const { log } = options;
  const location = parseDesiredLocation(desired);
  switch (location.kind) {
    case 'directory': {
      const source = createDesiredDirectory({ directory: location.path, clock, log });
      return { source, treeName: location.path };
    }
    case 'git': {
      const source = createDesiredGit({ ...options, location, clock, isSigned });
      return { source, treeName: location.folder };
    }
    case 'invalid':
      throw new CiWarmError('recipe-invalid', location.why);
    default:
      return assertNever(location, 'location');
  }
}
