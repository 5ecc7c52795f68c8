import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDesiredDirectory } from '../../../controller/adapters/files/desired-directory.ts';
import {
  createTreeWatch,
  type OpenWatcher,
  type WatchListener,
} from '../../../controller/adapters/files/desired-watch.ts';
import type { DesiredSource } from '../../../controller/ports/desired-source.ts';
import { clock, must, recordedLog, temporaryDirectory } from './samples.ts';

/** A wake-up that can be waited for; one that came before counts. */
function wakeUps(): { readonly wake: () => void; next(): Promise<void> } {
  let count = 0;
  let waiting: (() => void) | undefined;
  return {
    wake: () => {
      count += 1;
      waiting?.();
    },
    next: async () => {
      while (count === 0) await new Promise<void>((resolve) => (waiting = resolve));
      count = 0;
    },
  };
}

function watching(root: string): {
  readonly desired: DesiredSource;
  readonly next: () => Promise<void>;
  readonly end: () => Promise<void>;
} {
  const desired = createDesiredDirectory({ directory: root, clock, log: recordedLog() });
  const { wake, next } = wakeUps();
  const stop = new AbortController();
  const over = desired.watch(wake, stop.signal);
  const end = (): Promise<void> => {
    stop.abort();
    return over;
  };
  onTestFinished(end);
  return { desired, next, end };
}

/** A watcher that does as it is told. */
function toldWatcher(): {
  readonly open: OpenWatcher;
  readonly listeners: WatchListener[];
  readonly closed: () => number;
} {
  const listeners: WatchListener[] = [];
  let closed = 0;
  return {
    listeners,
    closed: () => closed,
    open: (_, listener) => {
      listeners.push(listener);
      return async () => {
        closed += 1;
      };
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('watch', () => {
  test('wakes once when it begins, and again for a new, a changed and a renamed file', async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'apps'));
    const { next, end } = watching(root);
    await next();

    writeFileSync(join(root, 'apps', 'a.yaml'), 'one');
    await next();
    writeFileSync(join(root, 'apps', 'a.yaml'), 'two, longer');
    await next();
    writeFileSync(join(root, 'apps', '.a.tmp'), 'three');
    renameSync(join(root, 'apps', '.a.tmp'), join(root, 'apps', 'a.yaml'));
    await next();

    await expect(end()).resolves.toBeUndefined();
  });

  test('sees below a root that is a link', async () => {
    const home = temporaryDirectory();
    mkdirSync(join(home, 'real', 'apps'), { recursive: true });
    symlinkSync('real', join(home, 'current'));
    const { next } = watching(join(home, 'current'));
    await next();

    writeFileSync(join(home, 'real', 'apps', 'a.yaml'), 'one');

    await expect(next()).resolves.toBeUndefined();
  });

  test('goes on waking after the root was swapped by rename and a pass has seen that', async () => {
    const home = temporaryDirectory();
    const root = join(home, 'desired');
    mkdirSync(join(root, 'apps'), { recursive: true });
    mkdirSync(join(home, 'next', 'apps'), { recursive: true });
    for (const tree of ['desired', 'next']) writeFileSync(join(home, tree, 'apps/a.yaml'), tree);
    const { desired, next } = watching(root);
    await next();
    const { signal } = new AbortController();
    await desired.read(signal);
    renameSync(root, join(home, 'old'));
    renameSync(join(home, 'next'), root);

    await desired.read(signal);
    await next();
    writeFileSync(join(root, 'apps', 'b.yaml'), 'new');

    await expect(next()).resolves.toBeUndefined();
  });
});

describe('createTreeWatch', () => {
  test('begins anew when the directories are others than before, and only then', async () => {
    const { open, listeners, closed } = toldWatcher();
    const watch = createTreeWatch({ root: '/r', log: recordedLog(), openWatcher: open });
    const stop = new AbortController();
    const over = watch.run(() => undefined, stop.signal);

    watch.sees('a');
    watch.sees('a');
    await turn();
    const whileSame = listeners.length;
    watch.sees('b');
    await turn();
    const afterSwap = listeners.length;
    stop.abort();
    await over;

    expect([whileSame, afterSwap, closed()]).toEqual([1, 2, 2]);
  });

  test('without watches to be had it closes, says so and leaves it to the scan', async () => {
    const { open, listeners, closed } = toldWatcher();
    const log = recordedLog();
    const watch = createTreeWatch({ root: '/r', log, openWatcher: open });
    const stop = new AbortController();
    const over = watch.run(() => undefined, stop.signal);

    must(listeners[0]).onError(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    await turn();
    watch.sees('a');
    watch.sees('b');
    await turn();

    expect([listeners.length, closed()]).toEqual([1, 1]);
    expect(log.lines.at(-1)?.message).toContain('found at the next pass');
    stop.abort();
    await expect(over).resolves.toBeUndefined();
  });

  test('another error is said, and the watch goes on', async () => {
    const { open, listeners, closed } = toldWatcher();
    const log = recordedLog();
    const stop = new AbortController();
    const watch = createTreeWatch({ root: '/r', log, openWatcher: open });
    const over = watch.run(() => undefined, stop.signal);

    must(listeners[0]).onError(Object.assign(new Error('denied'), { code: 'EACCES' }));
    await turn();

    expect([closed(), log.lines.length]).toEqual([0, 1]);
    stop.abort();
    await over;
  });
});
