import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeFileAtomic } from '../../../controller/adapters/files/atomic-write.ts';
import type { FileSystem } from '../../../controller/adapters/files/fs.ts';
import { createDrills } from '../../../controller/adapters/stack/drills.ts';
import type { Release } from '../../../controller/model/release.ts';
import type { SwarmView } from '../../../controller/model/swarm.ts';
import type { Drills } from '../../../controller/ports/drills.ts';
import { corpusApp, corpusRelease } from '../../recipe/corpus.ts';
import { watchedFs } from '../files/watched-fs.ts';

const signal = new AbortController().signal;
const stack = `drill-${corpusApp.stack}`;
const release: Release = { ...corpusRelease, images: { app: 'sha256:1' } };
const compose = `services:
  app:
    image: busybox:1
    volumes: ["data:/data"]
volumes: {data: }
`;

let folder = '';
let state = '';
/** In their order: what was asked of which port. */
let calls: string[] = [];

beforeEach(async () => {
  calls = [];
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-drills-'));
  state = join(folder, 'state');
  mkdirSync(state);
  // A Docker that keeps its arguments.
  const script = `#!/bin/sh
case "$*" in *--help) exit 0;; esac
echo "$*" >${folder}/arguments
`;
  await writeFileAtomic(join(folder, 'docker'), script, { mode: 0o755 });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function makeDrills(fs?: FileSystem): Drills {
  return createDrills({
    stateDir: state,
    dockerProgram: join(folder, 'docker'),
    ...(fs && { fs }),
    recipes: {
      view: async () => ({ releases: [] }),
      files: async () => new Map([['compose.yml', compose]]),
      filesOf: async () => new Map(),
      diff: async () => '',
      export: async (_recipe, _url, _commit, directory) => {
        await writeFileAtomic(join(directory, 'compose.yml'), compose);
      },
    },
    volumes: {
      find: async () => undefined,
      removeBindVolume: async ({ name, path }) => {
        calls.push(`remove volume ${name} ${path}`);
        return true;
      },
      ensureBindVolume: async ({ name, path, labels }) => {
        calls.push(`volume ${name} ${path} ${JSON.stringify(labels)}`);
        return { path };
      },
    },
    remains: {
      removeConfigs: async () => undefined,
      remove: async (of, app) => void calls.push(`remove what is left of ${of} of ${app}`),
    },
    engine: {
      observeStack: async (of) => {
        calls.push(`look at ${of}`);
        const nodes = [{ id: 'node-1', hostname: 'h', ready: true, self: true }];
        return { services: [], nodes } as unknown as SwarmView;
      },
    },
  });
}

function unpacked(): string {
  const data = join(state, '.drills', corpusApp.name, 'volumes/data/data');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'row'), 'one');
  return data;
}

describe('a drill', () => {
  test('R2: is deployed under a name of its own, with volumes of its own that say whose they are', async () => {
    await makeDrills().deploy(corpusApp, release, signal);

    const [deployed] = readFileSync(join(folder, 'arguments'), 'utf8').split('\n');
    expect(deployed?.split(' ').at(-1)).toBe(stack);
    const labels = {
      'com.docker.stack.namespace': stack,
      'dev.ci-warm.app': 'sample',
      'dev.ci-warm.volume': 'data',
    };
    const path = join(state, '.drills/sample/volumes/data/data');
    expect(calls).toEqual([
      `look at ${stack}`,
      `volume ${stack}_data ${path} ${JSON.stringify(labels)}`,
    ]);
  });

  test('R2: all of it is cleared: what the Swarm has by its labels, then what it unpacked', async () => {
    const data = unpacked();
    const drills = makeDrills();
    expect(drills.hasData(corpusApp)).toBe(true);

    await drills.clear(corpusApp, signal);

    expect(calls).toEqual([`remove what is left of ${stack} of sample`]);
    expect(existsSync(data)).toBe(false);
    expect(drills.hasData(corpusApp)).toBe(false);
  });

  test('R2: what was cleared does not come back with a power cut: its name is synced as gone', async () => {
    unpacked();
    const fs = watchedFs();

    await makeDrills(fs).clear(corpusApp, signal);

    expect(fs.effects).toEqual([`rmtree ${state}/.drills/sample`, `syncdir ${state}/.drills`]);
  });

  test.each([
    { name: 'deleted', at: 1 },
    { name: 'synced', at: 2 },
  ])('L4: data that cannot be $name is not said to be cleared', async ({ at }) => {
    unpacked();
    const drills = makeDrills(watchedFs({ at, kind: 'EIO' }));

    await expect(drills.clear(corpusApp, signal)).rejects.toMatchObject({ code: 'tool-failed' });
  });

  test('that never unpacked anything is cleared all the same', async () => {
    const drills = makeDrills();

    expect(drills.hasData(corpusApp)).toBe(false);
    await drills.clear(corpusApp, signal);
  });

  test('R2: what it has unpacked can go by its place alone, with the volumes onto it and no others', async () => {
    const data = unpacked();
    const drills = makeDrills();
    const volume = { name: 'own', driver: 'local', labels: {}, mountpoint: '' };
    const other = join(state, '.drills/sample-2/volumes/data/data');
    expect(drills.unpacked()).toEqual(['sample']);

    await drills.clearUnpacked(
      'sample',
      [
        { ...volume, options: { device: data } },
        { ...volume, name: 'other', options: { device: other } },
        { ...volume, name: 'plain', options: {} },
      ],
      signal,
    );

    expect(calls).toEqual([`remove volume own ${data}`]);
    expect(drills.unpacked()).toEqual([]);
  });

  test('of which there never was one has unpacked nothing', () => {
    expect(makeDrills().unpacked()).toEqual([]);
  });
});
