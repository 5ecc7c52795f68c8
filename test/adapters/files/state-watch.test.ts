import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { isWatched, watchStateDirectory } from '../../../controller/adapters/files/state-watch.ts';

/** Longer than any test: what wakes is the watch. */
const NEVER_MS = 3_600_000;

let stateDir: string;
let stop: AbortController;

beforeEach(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), '.ci-warm-watch-'));
  await mkdir(path.join(stateDir, 'status', 'warmapp'), { recursive: true });
  await mkdir(path.join(stateDir, 'wiki'));
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await rm(stateDir, { recursive: true });
});

/** Each look, waited for. */
function watching(scanMs: number) {
  let looked = Promise.withResolvers<string>();
  const ended = watchStateDirectory({ stateDir, scanMs, signal: stop.signal }, () => {
    looked.resolve('looked');
    looked = Promise.withResolvers<string>();
    return Promise.resolve();
  });
  return { nextLook: () => looked.promise, ended };
}

test.each([
  { name: 'a status', file: 'status/warmapp/wiki.json' },
  { name: 'a journal', file: 'wiki/journal.jsonl' },
])('$name that changes wakes', async ({ file }) => {
  const { nextLook } = watching(NEVER_MS);
  await nextLook();

  const next = nextLook();
  await writeFile(path.join(stateDir, file), '{}');

  expect(await next).toBe('looked');
});

test('what the watch misses is found by looking again', async () => {
  const { nextLook } = watching(1);
  await nextLook();
  await nextLook();

  expect(await nextLook()).toBe('looked');
});

test.each([
  { path: '/srv/.state', is: true },
  { path: '/srv/.state/status/warmapp/wiki.json', is: true },
  { path: '/srv/.state/wiki/journal.jsonl', is: true },
  { path: '/srv/.state/alerts/seen', is: true },
  { path: '/srv/.state/alerts/.ledger.json', is: false },
  { path: '/srv/.state/wiki/volumes', is: false },
  { path: '/srv/.state/wiki/snapshot', is: false },
  { path: '/srv/.state/wiki/.snapshots', is: false },
])('data of apps and what is half written wake nobody: $path, $is', ({ path: one, is }) => {
  expect(isWatched('/srv/.state', one)).toBe(is);
});

test('it ends when it is told to', async () => {
  const { nextLook, ended } = watching(NEVER_MS);
  await nextLook();

  stop.abort();

  await expect(ended).resolves.toBeUndefined();
});

test('what goes wrong with a look ends it', async () => {
  const failing = watchStateDirectory({ stateDir, scanMs: NEVER_MS, signal: stop.signal }, () =>
    Promise.reject(new Error('cannot look')),
  );

  await expect(failing).rejects.toThrow('cannot look');
});
