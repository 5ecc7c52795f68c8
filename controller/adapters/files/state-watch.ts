/**
 * Tells when something that people are told changes in a state directory: statuses, journals, alerts. Never more than a
 * hint: whoever is woken reads again, and is woken at least every `scanMs`, because a watch can lose a directory that is
 * swapped for another, and not every file system reports changes.
 *
 * Not watched: the apps' volumes and snapshots, which may be of any size.
 */
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { watch } from 'chokidar';

/** `status/<kind>/<name>.json` is the deepest. */
const DEPTH = 2;
/** Changes come in crowds: a pass writes many files. */
const SETTLE_MS = 100;

const unwatched: ReadonlySet<string> = new Set(['volumes', 'snapshot', 'runs', 'inbox']);

export interface StateWatchOptions {
  /** Absolute. */
  readonly stateDir: string;
  /** Looked at this often whatever the watch says. */
  readonly scanMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * Calls `look` once when the watch has begun, then for each change or scan, one call after the other. Returns, with
 * everything closed, when the signal aborts; throws what `look` throws.
 */
export async function watchStateDirectory(
  options: StateWatchOptions,
  look: () => Promise<void>,
): Promise<void> {
  const { stateDir, scanMs, signal } = options;
  let wake = Promise.withResolvers<undefined>();
  const ready = Promise.withResolvers<undefined>();
  const onAbort = (): void => {
    ready.resolve(undefined);
    wake.resolve(undefined);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const watcher = watch(stateDir, {
    backend: 'native',
    ignoreInitial: true,
    followSymlinks: false,
    depth: DEPTH,
    ignored: (path) => !isWatched(stateDir, path),
  });
  watcher.on('ready', () => ready.resolve(undefined));
  watcher.on('all', () => wake.resolve(undefined));
  // Where the system allows no more watches the scan goes on.
  watcher.on('error', () => ready.resolve(undefined));
  try {
    await ready.promise;
    while (!isAborted(signal)) {
      await look();
      const rest = new AbortController();
      const scan = pause(scanMs, undefined, { signal: rest.signal }).catch(() => undefined);
      await Promise.race([wake.promise, scan]);
      rest.abort();
      wake = Promise.withResolvers<undefined>();
      if (!isAborted(signal)) await pause(SETTLE_MS);
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    await watcher.close();
  }
}

/** Whether what changes at a path is told of. Paths are absolute; the state directory itself may have any name. */
export function isWatched(stateDir: string, path: string): boolean {
  const name = basename(path);
  return path === stateDir || !(name.startsWith('.') || unwatched.has(name));
}

/** Asked anew: it changes while something else is waited for. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
