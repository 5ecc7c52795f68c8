import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { writeFileAtomic } from '../../../controller/adapters/files/atomic-write.ts';
import { createStackDriver } from '../../../controller/adapters/stack/driver.ts';
import { isDeployed } from '../../../controller/adapters/stack/is-deployed.ts';
import type { AppIdentity } from '../../../controller/model/app.ts';
import type { Release } from '../../../controller/model/release.ts';
import { label, type ServiceView, type SwarmView } from '../../../controller/model/swarm.ts';
import type { Driver } from '../../../controller/ports/driver.ts';
import { readRecipe } from '../../../controller/recipe/read-recipe.ts';
import { corpusApp, corpusRelease } from '../../recipe/corpus.ts';

const signal = new AbortController().signal;
const stack = corpusApp.stack;
const compose = `services:
  app:
    image: busybox:1
    volumes: ["data:/data"]
    secrets: [token, smtp]
volumes: {data: }
secrets:
  token: {external: true, name: "\${STACK_NAME}_token_v1"}
  smtp: {external: true, name: "\${STACK_NAME}_smtp_v1"}
`;

interface World {
  driver: Driver;
  readonly files: Map<string, string>;
  readonly app: AppIdentity;
  /** What is in Swarm's store: name → value. */
  readonly stored: Map<string, string>;
  readonly volumes: Map<string, string>;
  services: ServiceView[];
  nodes: SwarmView['nodes'];
  /** Volume → the stack that its label names. */
  readonly owners: Map<string, string>;
  /** In their order: what was asked of which port. */
  readonly calls: string[];
}

let folder = '';
let world: World;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-driver-'));
  // A Docker that keeps what it was given to read, and its arguments.
  const program = join(folder, 'docker');
  const script = `#!/bin/sh
case "$*" in *--help) exit 0;; esac
echo "$*" >${folder}/arguments; env >>${folder}/arguments
cp -r . ${folder}/deployed
[ ! -e fail ] || { echo 'services.app is wrong' >&2; exit 1; }
`;
  await writeFileAtomic(program, script, { mode: 0o755 });
  await writeFileAtomic(join(folder, 'smtp'), 'given value\n');
  world = {
    files: new Map([['compose.yml', compose]]),
    app: { ...corpusApp, givenSecrets: [{ name: 'smtp', file: join(folder, 'smtp') }] },
    stored: new Map(),
    volumes: new Map(),
    owners: new Map(),
    services: [],
    nodes: [{ id: 'node-1', hostname: 'h', ready: true, self: true }],
    calls: [],
    driver: undefined as unknown as Driver,
  };
  world.driver = makeDriver(program);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function makeDriver(dockerProgram: string): Driver {
  return createStackDriver({
    stateDir: join(folder, 'state'),
    dockerProgram,
    recipes: {
      view: async () => ({ releases: [] }),
      files: async () => world.files,
      filesOf: async () => new Map(),
      diff: async () => '',
      export: async (_recipe, _url, _commit, directory) => {
        world.calls.push('export');
        for (const [path, text] of world.files) await writeFileAtomic(join(directory, path), text);
      },
    },
    secrets: {
      list: async () => new Map([...world.stored.keys()].map((name) => [name, `id-${name}`])),
      ensure: async ({ name, value, labels }) => {
        world.calls.push(`secret ${name} ${JSON.stringify(labels)}`);
        world.stored.set(name, value.toString());
        return { id: `id-${name}` };
      },
    },
    volumes: {
      find: async (name) => {
        const path = world.volumes.get(name);
        return path === undefined ? undefined : { path, stack: world.owners.get(name) };
      },
      removeBindVolume: async ({ name, path, labels }) => {
        world.calls.push(`release ${name} ${JSON.stringify(labels)}`);
        if (world.volumes.get(name) === path) world.volumes.delete(name);
        return !world.volumes.has(name);
      },
      ensureBindVolume: async ({ name, path }) => {
        world.calls.push(`volume ${name}`);
        const there = world.volumes.get(name) ?? path;
        world.volumes.set(name, there);
        return { path: there };
      },
    },
    engine: {
      observeStack: async () =>
        ({ services: world.services, nodes: world.nodes }) as unknown as SwarmView,
    },
  });
}

const release: Release = { ...corpusRelease, images: { app: 'sha256:1' } };

describe('deploy', () => {
  test('makes secrets and volumes before Docker is asked, and gives it what was read', async () => {
    await world.driver.deploy(world.app, release, signal);

    expect(world.calls.map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
      `secret ${stack}_token_v1`,
      `secret ${stack}_smtp_v1`,
      `volume ${stack}_data`,
      'export',
    ]);
    const deployed = readFileSync(join(folder, 'deployed/compose.yml'), 'utf8');
    expect(deployed).toContain(`${stack}_token_v1`);
    expect(deployed).toContain('sha256:1');
    expect(readFileSync(join(folder, 'arguments'), 'utf8').split('\n')[0]).toBe(
      `stack deploy --resolve-image never --compose-file compose.yml ${stack}`,
    );
  });

  test('takes a given secret from its file and makes up the others, each once', async () => {
    await world.driver.deploy(world.app, release, signal);
    const first = new Map(world.stored);
    await world.driver.deploy(world.app, release, signal);

    expect(first.get(`${stack}_smtp_v1`)).toBe('given value');
    expect(first.get(`${stack}_token_v1`)).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(world.stored).toEqual(first);
    expect(world.calls.filter((call) => call.startsWith('secret'))).toHaveLength(2);
  });

  test('the value of a secret is in no argument, variable or file that Docker`s command line sees', async () => {
    await world.driver.deploy(world.app, release, signal);

    const seen = ['arguments', 'deployed/compose.yml'].map((name) =>
      readFileSync(join(folder, name), 'utf8'),
    );
    for (const value of world.stored.values()) expect(seen.join('\n')).not.toContain(value);
  });

  test('the variables of a recipe are none of the command line`s', async () => {
    world.files.set('.env.sample', 'LD_PRELOAD=/tmp/x.so\nDOCKER_CONFIG=/tmp/x\n');

    await world.driver.deploy(world.app, release, signal);

    const seen = readFileSync(join(folder, 'arguments'), 'utf8');
    expect(seen).not.toContain('/tmp/x');
  });

  test('nothing is made when a secret is missing that a person has to give', async () => {
    world.files.set('.env.sample', 'SECRET_SMTP_VERSION=v1 # generate=false\n');
    const app = { ...world.app, givenSecrets: [] };

    await expect(world.driver.deploy(app, release, signal)).rejects.toMatchObject({
      code: 'recipe-invalid',
      message: expect.stringContaining('secret smtp of sample') as string,
    });
    expect(world.calls).toEqual([]);
  });

  test('nothing is made when the recipe cannot be deployed', async () => {
    world.files.set('compose.yml', compose.replace('busybox:1', '${IMAGE:?}'));

    await expect(world.driver.deploy(world.app, release, signal)).rejects.toMatchObject({
      code: 'recipe-invalid',
      message: expect.stringContaining(
        'compose.yml:3: services.app.image: IMAGE has to be set',
      ) as string,
    });
    expect(world.calls).toEqual([]);
  });

  test('nothing is made when an image was never resolved', async () => {
    const unresolved = { ...release, images: {} };

    await expect(world.driver.deploy(world.app, unresolved, signal)).rejects.toMatchObject({
      code: 'recipe-invalid',
    });
    expect(world.calls).toEqual([]);
  });

  test('nothing is made when Docker does not say which node this is', async () => {
    world.nodes = [];

    await expect(world.driver.deploy(world.app, release, signal)).rejects.toMatchObject({
      code: 'no-answer',
    });
    expect(world.calls).toEqual([]);
  });

  test('its files are gone afterwards, whether Docker took them or not', async () => {
    await world.driver.deploy(world.app, release, signal);
    world.files.set('fail', '');
    await expect(world.driver.deploy(world.app, release, signal)).rejects.toMatchObject({
      code: 'recipe-invalid',
    });

    expect(existsSync(join(folder, 'state/.cache/deploy/sample'))).toBe(false);
  });

  test('what a killed deploy left behind is not deployed with the next', async () => {
    const { ensureDirectory } = await import('../../../controller/adapters/files/atomic-write.ts');
    await ensureDirectory(join(folder, 'state/.cache/deploy/sample'));
    await writeFileAtomic(join(folder, 'state/.cache/deploy/sample/old.yml'), 'x');

    await world.driver.deploy(world.app, release, signal);

    expect(existsSync(join(folder, 'deployed/old.yml'))).toBe(false);
  });

  test('writes nothing when every service is as it should be', async () => {
    world.services = [deployedService()];

    await world.driver.deploy(world.app, release, signal);

    expect(world.calls).toEqual([]);
    expect(existsSync(join(folder, 'arguments'))).toBe(false);
  });
});

describe('volumes', () => {
  test('are folders of the app`s state until Docker says otherwise', async () => {
    const [before] = await world.driver.volumes(world.app, release, signal);
    world.volumes.set(`${stack}_data`, '/var/lib/docker/volumes/x/_data');
    const [after] = await world.driver.volumes(world.app, release, signal);

    expect(before).toEqual({
      volume: 'data',
      name: `${stack}_data`,
      path: join(folder, 'state/sample/volumes/data/data'),
    });
    expect(after?.path).toBe('/var/lib/docker/volumes/x/_data');
  });

  const there = '/var/lib/docker/volumes/x/_data';
  const own = (stateDir: string): string => join(stateDir, 'state/sample/volumes/data/data');

  test.each([
    { name: 'one that nobody made', volume: 'media', found: undefined, owner: undefined },
    { name: 'one that we made', volume: 'media', found: own, owner: undefined },
    { name: 'one that Docker made for the stack', volume: 'media', found: there, owner: stack },
    { name: 'one of the stack`s name', volume: `${stack}_media`, found: there, owner: undefined },
    { name: 'another of its name', volume: `${stack}-media`, found: there, owner: undefined },
  ])('with a name of their own: $name is the app`s', async ({ volume, found, owner }) => {
    nameVolume(volume, typeof found === 'function' ? found(folder) : found, owner);

    await world.driver.deploy(world.app, release, signal);

    expect(world.calls).toContain(`volume ${volume}`);
  });

  test.each([
    { name: 'one that says no owner', volume: 'media', owner: undefined },
    { name: 'one of another stack', volume: 'media', owner: 'other' },
    { name: 'one of a stack whose name goes on', volume: `${stack}2_media`, owner: undefined },
  ])('with a name of their own: $name is left alone, and so is all else', async (row) => {
    nameVolume(row.volume, there, row.owner);

    for (const work of [
      world.driver.deploy(world.app, release, signal),
      world.driver.volumes(world.app, release, signal),
    ]) {
      await expect(work).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(`is called ${row.volume} by its recipe`) as string,
      });
    }
    expect(world.calls).toEqual([]);
  });

  test('S2: one that is a bind onto another app`s data is not written to, although it has the stack`s name', async () => {
    const path = join(folder, 'state/former/volumes/data/data');
    nameVolume(`${stack}_data`, path, stack);

    for (const work of [
      world.driver.deploy(world.app, release, signal),
      world.driver.volumes(world.app, release, signal),
    ]) {
      await expect(work).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(
          `is a bind onto the data of app former, which had the stack name before`,
        ) as string,
      });
    }
    expect(world.calls).toEqual([]);
  });

  test('one that the recipe called otherwise before is the app`s own', async () => {
    nameVolume(`${stack}_data`, join(folder, 'state/sample/volumes/files/data'), stack);

    expect(await world.driver.volumes(world.app, release, signal)).toMatchObject([
      { path: join(folder, 'state/sample/volumes/files/data') },
    ]);
  });

  function nameVolume(name: string, path: string | undefined, owner: string | undefined): void {
    const named = compose.replace('volumes: {data: }', `volumes: {data: {name: ${name}}}`);
    world.files.set('compose.yml', named);
    if (path !== undefined) world.volumes.set(name, path);
    if (owner !== undefined) world.owners.set(name, owner);
  }
});

describe('isDeployed', () => {
  const reading = readRecipe(new Map([['compose.yml', compose]]), corpusApp, release);
  const judge = (services: readonly ServiceView[], pinned = 'sha256:1'): boolean =>
    isDeployed(
      { services } as unknown as SwarmView,
      corpusApp,
      { ...release, images: { app: pinned } },
      reading,
    );

  test('a service as it was written is deployed', () => {
    expect(judge([deployedService()])).toBe(true);
    expect(judge([deployedService({ updateState: 'completed', replicas: undefined })])).toBe(true);
  });

  test('Swarm may show more of an image than was written', () => {
    expect(judge([deployedService({ image: 'x:1@sha256:ab' })], 'x@sha256:ab')).toBe(true);
    expect(judge([deployedService({ image: 'x:1@sha256:ac' })], 'x@sha256:ab')).toBe(false);
  });

  test.each<{ name: string; change: Partial<ServiceView> }>([
    { name: 'another image', change: { image: 'sha256:2' } },
    { name: 'another number of tasks', change: { replicas: 2 } },
    { name: 'another stack', change: { stack: 'other' } },
    { name: 'an update that stopped', change: { updateState: 'paused' } },
    { name: 'an update that Swarm undid', change: { updateState: 'rollback_completed' } },
    { name: 'another spec', change: { labels: { [label.app]: 'sample', [label.spec]: 'x' } } },
    {
      name: 'another owner',
      change: { labels: { [label.app]: 'x', [label.spec]: release.specHash } },
    },
  ])('a service with $name is not', ({ change }) => {
    expect(judge([deployedService(change)])).toBe(false);
  });

  test('a service that is missing is not', () => {
    expect(judge([])).toBe(false);
  });
});

function deployedService(change: Partial<ServiceView> = {}): ServiceView {
  return {
    id: '1',
    name: `${stack}_app`,
    stack,
    image: 'sha256:1',
    labels: { [label.app]: 'sample', [label.spec]: release.specHash },
    versionIndex: 1,
    replicas: 1,
    updateState: undefined,
    mayEnd: false,
    restartCondition: 'any',
    restartMaxAttempts: undefined,
    updatedAtMs: 0,
    networkIds: [],
    ...change,
  };
}
