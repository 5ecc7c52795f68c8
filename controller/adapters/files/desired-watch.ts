/**
 * Wakes the loop when something below the desired directory changes. Never more than a hint: the scan of each pass
 * decides, and finds what a watch misses.
 *
 * A watch can lose a directory that is swapped for another by rename. So the scan tells which directories it saw, and
 * when these are others than before the watch begins anew. Where the system allows no more watches, the scan alone goes
 * on, and the log says so.
 */
import { realpathSync } from 'node:fs';
import { watch as watchTree } from 'chokidar';
import { reasonOf } from '../../model/failure.ts';
import type { Log } from '../../ports/log.ts';
import { DEPTH_MAX } from './desired-scan.ts';
import { errorCode } from './fs.ts';

/** Begins to watch a tree; `onReady` when from now on no change is missed. Returns how to stop. */
export type OpenWatcher = (root: string, listener: WatchListener) => () => Promise<void>;

export interface WatchListener {
  onReady(): void;
  onChange(): void;
  onError(error: unknown): void;
}

export interface TreeWatch {
  /** Which directories the last scan saw. */
  sees(directories: string): void;
  /**
   * Until the signal aborts; then everything is closed. Calls `onChange` once when the watch has begun, too: what
   * changed before is not reported. Never rejects.
   */
  run(onChange: () => void, signal: AbortSignal): Promise<void>;
}

export interface TreeWatchOptions {
  readonly root: string;
  readonly log: Log;
  readonly openWatcher: OpenWatcher | undefined;
}

const NO_MORE_WATCHES = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

export function createTreeWatch({ root, log, openWatcher }: TreeWatchOptions): TreeWatch {
  const open = openWatcher ?? openChokidar;
  let directories: string | undefined;
  let restart: (() => void) | undefined;

  return {
    sees: (now) => {
      const isOther = directories !== undefined && directories !== now;
      directories = now;
      if (isOther) restart?.();
    },
    run: async (onChange, signal) => {
      while (!signal.aborted) {
        const over = Promise.withResolvers<'again' | 'stop' | 'scan-only'>();
        const onAbort = (): void => over.resolve('stop');
        signal.addEventListener('abort', onAbort, { once: true });
        restart = () => over.resolve('again');
        const close = open(root, {
          onReady: onChange,
          onChange,
          onError: (error) => {
            if (NO_MORE_WATCHES.has(errorCode(error) ?? '')) over.resolve('scan-only');
            log.warn('the watch on the desired state reports an error', {
              root,
              reason: reasonOf(error),
            });
          },
        });
        const why = await over.promise;
        restart = undefined;
        signal.removeEventListener('abort', onAbort);
        await close().catch((error: unknown) => {
          log.warn('could not close the watch on the desired state', { reason: reasonOf(error) });
        });
        if (why !== 'scan-only') continue;
        log.warn('no more watches are to be had: changes are found at the next pass', {
          root,
          hint: 'raise fs.inotify.max_user_watches or fs.inotify.max_user_instances',
        });
        await aborted(signal);
      }
    },
  };
}

/** Links below the root are watched as links: following one could mean to watch the whole machine. */
const openChokidar: OpenWatcher = (root, listener) => {
  const directory = targetOf(root);
  const watcher = watchTree(directory, {
    backend: 'native',
    ignoreInitial: true,
    followSymlinks: false,
    depth: DEPTH_MAX,
    ignored: (path) => isHidden(directory, path),
  });
  watcher.on('ready', () => listener.onReady());
  watcher.on('all', () => listener.onChange());
  watcher.on('error', (error) => listener.onError(error));
  return () => watcher.close();
};

/** Where the root leads when it is a link; itself while it is missing. */
function targetOf(root: string): string {
  try {
    return realpathSync(root);
  } catch {
    return root;
  }
}

/** Something below the root has a leading dot. The root itself may lie anywhere. */
function isHidden(root: string, path: string): boolean {
  return path.slice(root.length).includes('/.');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
