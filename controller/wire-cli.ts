/**
 * The composition root of the commands that look and do not reconcile: the state directory to read, the host to inspect.
 * Apart from wire.ts, so that `ci-warm get` loads neither Docker nor git. What is heavy is loaded when it is called for.
 */
import { dirname, resolve } from 'node:path';
import type { ControlAnswer, ControlRequest } from './model/control.ts';
import type { AlertSinkSpec, Desired } from './model/desired.ts';
import { assertNever } from './model/assert-never.ts';
import { parseDesiredLocation, type GitLocation } from './model/desired-location.ts';
import { staleError, type Stale } from './model/desired-stale.ts';
import { unknown, type Known } from './model/known.ts';
import type { LoadedDesired, SpecProblem } from './model/spec-problem.ts';
import type { KeptData } from './model/kept-data.ts';
import type { SwarmView } from './model/swarm.ts';
import type { Log } from './ports/log.ts';
import type { AlertOutbox } from './ports/alert-outbox.ts';
import type { AlertStore } from './ports/alert-store.ts';
import type { HostFacts } from './ports/host-facts.ts';
import type { StateStore } from './ports/state-store.ts';
import type { ToolFacts } from './ports/tool-facts.ts';
import { programVersion } from './adapters/system/identity.ts';

/** The version in ci-warm's own package.json. */
export function ownVersion(): string {
  return programVersion();
}

/** A state directory that is read beside its controller: nothing here takes the lock. */
export interface OpenState {
  readonly store: Pick<StateStore, 'apps' | 'records' | 'readStatuses'>;
  readonly alerts: Pick<AlertStore, 'list' | 'acknowledge'>;
  readonly outbox: Pick<AlertOutbox, 'read'>;
}

/** `stateDir` is absolute and there. `warn` gets a sentence for each file that could not be read. */
export async function openState(
  stateDir: string,
  warn: (warning: string) => void,
): Promise<OpenState> {
  const [
    { createStateStore },
    { createAlertStore },
    { createAlertOutbox },
    { createStateCheck },
    { createClock },
  ] = await Promise.all([
    import('./adapters/files/state-store.ts'),
    import('./adapters/files/alert-store.ts'),
    import('./adapters/files/alert-outbox.ts'),
    import('./spec/state-validators.ts'),
    import('./adapters/system/clock.ts'),
  ]);
  const options = {
    stateDir,
    check: createStateCheck(),
    clock: createClock(),
    log: sayingLog(warn),
    revision: () => '',
  };
  return {
    store: createStateStore({ ...options, holdsLock: false }),
    alerts: createAlertStore(options),
    outbox: createAlertOutbox(options),
  };
}

/** Calls `look` now, and whenever what people are told may have changed, until the signal aborts. `stateDir` is absolute. */
export async function watchState(
  stateDir: string,
  scanMs: number,
  signal: AbortSignal,
  look: () => Promise<void>,
): Promise<void> {
  const { watchStateDirectory } = await import('./adapters/files/state-watch.ts');
  await watchStateDirectory({ stateDir, scanMs, signal }, look);
}

/**
 * Asks the controller that holds the state directory (absolute), and waits for its answer. Undefined: none listens.
 * Errors: `timed-out`, `no-answer`.
 */
export async function askController(
  stateDir: string,
  request: ControlRequest,
  timeoutMs: number,
): Promise<ControlAnswer | undefined> {
  const control = await import('./wire-control.ts');
  return await control.askController(stateDir, request, timeoutMs);
}

/** Lifts the quarantine of an app while no controller runs. Errors: `busy` (one does), `state-invalid`. */
export async function liftQuarantine(stateDir: string, app: string): Promise<void> {
  const [{ acquireLock }, { createStateStore }, { createStateCheck }, { createClock }] =
    await Promise.all([
      import('./adapters/files/lock.ts'),
      import('./adapters/files/state-store.ts'),
      import('./spec/state-validators.ts'),
      import('./adapters/system/clock.ts'),
    ]);
  const clock = createClock();
  const startedAt = new Date(clock.now()).toISOString();
  const lock = await acquireLock({ stateDir, pid: process.pid, startedAt });
  try {
    const log = sayingLog(() => undefined);
    const options = { stateDir, check: createStateCheck(), clock, log, revision: () => '' };
    await createStateStore({ ...options, holdsLock: true }).writeQuarantine(app, null);
  } finally {
    await lock.release();
  }
}

/** Reads every byte of an app's snapshot. One that was replaced meanwhile is read instead. Errors: `snapshot-invalid`. */
export async function verifySnapshot(
  stateDir: string,
  app: string,
  signal: AbortSignal,
): Promise<{ readonly id: string; readonly problems: readonly string[] }> {
  const [{ createTarSnapshots }, { createStateJson }, { createStateCheck }, { nodeFileSystem }] =
    await Promise.all([
      import('./adapters/snapshots/tar-snapshots.ts'),
      import('./adapters/files/state-json.ts'),
      import('./spec/state-validators.ts'),
      import('./adapters/files/fs.ts'),
    ]);
  const snapshots = createTarSnapshots({
    stateDir,
    fs: nodeFileSystem,
    manifests: createStateJson(createStateCheck(), () => ''),
    isRoot: process.getuid?.() === 0,
  });
  for (;;) {
    const id = (await snapshots.read(app, signal))?.id ?? '';
    const problems = await snapshots.verify(app, signal);
    signal.throwIfAborted();
    if (((await snapshots.read(app, signal))?.id ?? '') === id) return { id, problems };
  }
}

/** What is there of Docker, and of the programs that a controller runs. Never throws for their sake. */
export async function inspectHost(
  signal: AbortSignal,
): Promise<{ readonly docker: HostFacts; readonly tools: readonly ToolFacts[] }> {
  const [{ createConnection }, doctor, { inspectTools }] = await Promise.all([
    import('./adapters/docker/connect.ts'),
    import('./adapters/docker/doctor.ts'),
    import('./adapters/process/tools.ts'),
  ]);
  const connection = createConnection({ socketPath: undefined });
  const [docker, tools] = await Promise.all([
    doctor.inspectHost(connection, signal),
    inspectTools(signal),
  ]);
  return { docker, tools };
}

/** What the state directory and the Swarm hold of these apps. `swarm` is undefined where Docker does not answer. */
export async function inspectKept(
  stateDir: string,
  apps: readonly string[],
  signal: AbortSignal,
): Promise<{
  readonly data: ReadonlyMap<string, readonly KeptData[]>;
  readonly swarm: SwarmView | undefined;
}> {
  const [{ createConnection }, { createEngine }, { keptDataOf }, { nodeFileSystem }, trees] =
    await Promise.all([
      import('./adapters/docker/connect.ts'),
      import('./adapters/docker/engine.ts'),
      import('./adapters/snapshots/kept-data.ts'),
      import('./adapters/files/fs.ts'),
      import('./adapters/snapshots/tree-tools.ts'),
    ]);
  const engine = createEngine(createConnection({ socketPath: undefined }));
  const swarm = await engine.observe(signal).catch(() => undefined);
  const data = new Map<string, readonly KeptData[]>();
  for (const app of apps) {
    const options = { stateDir, fs: nodeFileSystem, trees: trees.gnuTrees };
    data.set(app, await keptDataOf(app, options, signal));
  }
  signal.throwIfAborted();
  return { data, swarm };
}

/** For each sink why it could not be sent an alert; undefined where nothing is in the way. Nothing is sent. */
export async function inspectSinks(
  sinks: readonly AlertSinkSpec[],
): Promise<readonly { readonly name: string; readonly trouble: string | undefined }[]> {
  const { sinkTrouble } = await import('./adapters/alerts/inspect.ts');
  return Promise.all(
    sinks.map(async (sink) => ({ name: sink.name, trouble: await sinkTrouble(sink) })),
  );
}

/** Tries a reflink in a directory that is there, with two small files that are removed again. Never throws. */
export async function inspectReflinks(
  directory: string,
): Promise<{ readonly trouble: string | undefined }> {
  const { whyNoReflinks } = await import('./adapters/snapshots/clone.ts');
  return { trouble: await whyNoReflinks(directory) };
}

/** The desired state of a tree, where it can be read and has a valid Settings. Never throws for the tree's sake. */
export async function loadTree(path: string, signal: AbortSignal): Promise<Desired | undefined> {
  const { loaded } = await readTree(path, signal);
  return loaded.known ? loaded.value.desired : undefined;
}

/** The same, and why there is none. Never throws for the tree's sake. */
export async function inspectTree(
  path: string,
  signal: AbortSignal,
): Promise<{ readonly desired: Desired | undefined; readonly trouble: string | undefined }> {
  const { loaded } = await readTree(path, signal);
  if (!loaded.known) return { desired: undefined, trouble: loaded.why };
  const { desired, problems } = loaded.value;
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${String(problems.length - 1)} more` : '';
  const trouble =
    first === undefined
      ? undefined
      : `${first.file}:${String(first.line)}: ${first.message}${more}`;
  return { desired, trouble };
}

/**
 * What was applied last of a tree in a repository, from what the state directory (absolute) keeps; undefined where it
 * keeps none, or has no valid Settings. Fetches and writes nothing. Never throws for the tree's sake.
 */
export async function loadKept(
  location: GitLocation,
  stateDir: string,
  signal: AbortSignal,
): Promise<Desired | undefined> {
  const [kept, { createAppliedStore }, { createStateCheck }, { createClock }, { loadDesired }] =
    await Promise.all([
      import('./adapters/git/desired-kept.ts'),
      import('./adapters/files/desired-applied.ts'),
      import('./spec/state-validators.ts'),
      import('./adapters/system/clock.ts'),
      import('./spec/load.ts'),
    ]);
  const options = { stateDir, check: createStateCheck(), clock: createClock(), holdsLock: false };
  const applied = await createAppliedStore(options).read();
  if (!applied.known || applied.value === undefined) return undefined;
  const tree = await kept.readKeptDesired(applied.value, { stateDir, location }, signal);
  if (tree === undefined) return undefined;
  const { revision, baseDirectory, files } = tree;
  return loadDesired(files, { revision, baseDirectory, tree: location.folder }).desired;
}

/** Writes a tree to begin with, below a directory that may be missing. Returns the paths of its files. */
export async function writeStarterTree(directory: string): Promise<readonly string[]> {
  const [{ ensureDirectory, writeFileAtomic }, { starterTree }] = await Promise.all([
    import('./adapters/files/atomic-write.ts'),
    import('./spec/starter-tree.ts'),
  ]);
  for (const { path, text } of starterTree) {
    const file = resolve(directory, path);
    await ensureDirectory(dirname(file));
    await writeFileAtomic(file, text);
  }
  return starterTree.map(({ path }) => path);
}

/**
 * Every problem of a tree, and what is worth a second look: in a directory with its path as typed, in a repository with
 * the path in it. Throws a `DesiredStaleError` where it cannot be read at all.
 */
export async function validateTree(
  path: string,
  signal: AbortSignal,
): Promise<{
  readonly problems: readonly SpecProblem[];
  readonly warnings: readonly SpecProblem[];
}> {
  const { loaded, stale } = await readTree(path, signal);
  if (loaded.known) {
    const { desired, problems } = loaded.value;
    if (desired === undefined) return { problems, warnings: [] };
    const { warningsOf } = await import('./spec/warnings.ts');
    return { problems, warnings: warningsOf(desired) };
  }
  signal.throwIfAborted();
  throw staleError(stale, loaded.why);
}

interface ReadTree {
  readonly loaded: Known<LoadedDesired>;
  readonly stale: Stale | undefined;
}

async function readTree(path: string, signal: AbortSignal): Promise<ReadTree> {
  const location = parseDesiredLocation(path);
  switch (location.kind) {
    case 'directory':
      return await readDirectory(path, signal);
    case 'git':
      return await readRepository(location, signal);
    case 'invalid':
      return { loaded: unknown(location.why), stale: undefined };
    default:
      return assertNever(location, 'location');
  }
}

/** Whoever only looks has no state directory of its own: what is fetched is gone afterwards. */
async function readRepository(location: GitLocation, signal: AbortSignal): Promise<ReadTree> {
  const [{ createDesiredGit }, { createClock }, { DesiredLoader }, { withScratch }] =
    await Promise.all([
      import('./adapters/git/desired-git.ts'),
      import('./adapters/system/clock.ts'),
      import('./reconcile/load.ts'),
      import('./adapters/files/scratch.ts'),
    ]);
  return await withScratch(async (stateDir) => {
    const source = createDesiredGit({
      location,
      stateDir,
      clock: createClock(),
      log: sayingLog(() => undefined),
      holdsLock: false,
      isSigned: false,
      isShallow: true,
    });
    const loader = new DesiredLoader({ source, treeName: location.folder });
    return { loaded: await loader.load(signal), stale: loader.progress.stale };
  });
}

async function readDirectory(path: string, signal: AbortSignal): Promise<ReadTree> {
  const [{ createDesiredDirectory }, { createClock }, { DesiredLoader }] = await Promise.all([
    import('./adapters/files/desired-directory.ts'),
    import('./adapters/system/clock.ts'),
    import('./reconcile/load.ts'),
  ]);
  const log = sayingLog(() => undefined);
  const source = createDesiredDirectory({ directory: path, clock: createClock(), log });
  const loader = new DesiredLoader({ source, treeName: path });
  return { loaded: await loader.load(signal), stale: loader.progress.stale };
}

/** For a command's stderr: what a person has to know, and nothing of what goes well. */
function sayingLog(warn: (warning: string) => void): Log {
  const tell = (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    const all = Object.entries(fields).map(([name, value]) => [name, String(value)] as const);
    // A reason that names the file itself need not have it named beside it.
    const details = all
      .filter(([name, value]) => !all.some(([of, text]) => of !== name && text.includes(value)))
      .map(([name, value]) => `${name}: ${value}`);
    warn(details.length === 0 ? message : `${message} (${details.join('; ')})`);
  };
  return { debug: () => undefined, info: () => undefined, warn: tell, error: tell };
}
