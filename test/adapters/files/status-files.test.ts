import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFileSystem, type FileSystem } from '../../../controller/adapters/files/fs.ts';
import { createStateStore } from '../../../controller/adapters/files/state-store.ts';
import type { StateStore } from '../../../controller/ports/state-store.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import { clock, index, recordedLog, status, temporaryDirectory } from './samples.ts';
import { watchedFs } from './watched-fs.ts';

const check = createStateCheck();
const controller = {
  pid: 1,
  startedAt: '2026-11-21T09:00:00Z',
  lastPassAt: '2026-11-21T09:30:00Z',
  version: '0.1.0',
};

function openStore(
  stateDir: string,
  fs: FileSystem = nodeFileSystem,
  holdsLock = true,
): StateStore {
  const log = recordedLog();
  return createStateStore({ stateDir, check, clock, log, revision: () => '', holdsLock, fs });
}

function writesOf(effects: readonly string[], stateDir: string): readonly string[] {
  return effects
    .filter((effect) => effect.startsWith('rename') || effect.startsWith('unlink'))
    .map((effect) => effect.replace(/^(?:rename .* -> |unlink )/, '').replace(`${stateDir}/`, ''));
}

describe('writeStatuses', () => {
  test('writes one file an object, by kind, and the index', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore(stateDir);

    await store.writeStatuses([status('a'), status('b')], index);

    expect(readdirSync(join(stateDir, 'status', 'warmapp')).sort()).toEqual(['a.json', 'b.json']);
    expect(existsSync(join(stateDir, 'status', 'index.json'))).toBe(true);
    expect(await store.readStatuses()).toEqual([status('a'), status('b')]);
  });

  test('writes nothing when nothing changed, also after a restart', async () => {
    const stateDir = temporaryDirectory();
    await openStore(stateDir).writeStatuses([status('a')], index);
    const fs = watchedFs();
    const store = openStore(stateDir, fs);

    await store.writeStatuses([status('a')], index);
    const readsAfterRestart = fs.reads.length;
    fs.clear();
    await store.writeStatuses([status('a')], { ...index });

    expect(readsAfterRestart).toBe(2);
    expect(fs.reads).toEqual([]);
    expect(fs.effects).toEqual([]);
  });

  test('writes only the object that changed', async () => {
    const stateDir = temporaryDirectory();
    const fs = watchedFs();
    const store = openStore(stateDir, fs);
    await store.writeStatuses([status('a'), status('b')], index);
    fs.clear();

    await store.writeStatuses([status('a'), status('b', 'other')], index);

    expect(writesOf(fs.effects, stateDir)).toEqual(['status/warmapp/b.json']);
  });

  test('removes the file of an object that is gone', async () => {
    const stateDir = temporaryDirectory();
    await openStore(stateDir).writeStatuses([status('a'), status('b')], index);

    await openStore(stateDir).writeStatuses([status('b')], index);

    expect(readdirSync(join(stateDir, 'status', 'warmapp'))).toEqual(['b.json']);
  });

  test.each([
    { name: 'removed', act: (path: string): void => rmSync(path) },
    { name: 'changed', act: (path: string): void => writeFileSync(path, 'x') },
  ])('a file that somebody $name is written again', async ({ act }) => {
    const stateDir = temporaryDirectory();
    const store = openStore(stateDir);
    const path = join(stateDir, 'status', 'warmapp', 'a.json');
    await store.writeStatuses([status('a')], index);
    const before = readFileSync(path, 'utf8');

    act(path);
    await store.writeStatuses([status('a')], index);

    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  test('an object whose name is no file name does not leave its folder', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore(stateDir);

    await store.writeStatuses([status('../../../etc/x')], index);

    expect(readdirSync(join(stateDir, 'status', 'warmapp'))).toEqual([
      expect.stringMatching(/^unnameable-[0-9a-f]{12}\.json$/),
    ]);
    expect((await store.readStatuses())[0]?.name).toBe('../../../etc/x');
  });

  test('before anything was desired the revision is unknown, not missing', async () => {
    const stateDir = temporaryDirectory();

    await openStore(stateDir).writeController(controller);

    const text = readFileSync(join(stateDir, 'status', 'controller.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      apiVersion: 'ci-warm.dev/v1',
      observedRevision: 'unknown',
      ...controller,
    });
  });
});

describe('readStatuses', () => {
  test('of a state directory without any are none', async () => {
    expect(await openStore(temporaryDirectory()).readStatuses()).toEqual([]);
  });

  test('a damaged status is moved aside by who holds the lock, and the others are read', async () => {
    const stateDir = temporaryDirectory();
    const folder = join(stateDir, 'status', 'warmapp');
    await openStore(stateDir).writeStatuses([status('a'), status('b')], index);
    writeFileSync(join(folder, 'a.json'), '{');

    const asReader = await openStore(stateDir, nodeFileSystem, false).readStatuses();
    const filesAfterReader = readdirSync(folder).sort();
    const asHolder = await openStore(stateDir).readStatuses();

    expect(asReader).toEqual([status('b')]);
    expect(filesAfterReader).toEqual(['a.json', 'b.json']);
    expect(asHolder).toEqual([status('b')]);
    expect(readdirSync(folder).sort()).toEqual(['a.json.damaged-20261121T093000Z', 'b.json']);
  });
});
