/** The real Engine, with the adapters that the controller has, held against the same steps as the simulated world. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from '../../controller/adapters/docker/connect.ts';
import { createEngine } from '../../controller/adapters/docker/engine.ts';
import { createImages } from '../../controller/adapters/docker/images.ts';
import { createSecrets } from '../../controller/adapters/docker/secrets.ts';
import { createVolumes } from '../../controller/adapters/docker/volumes.ts';
import { nodeFileSystem } from '../../controller/adapters/files/fs.ts';
import { createStateJson } from '../../controller/adapters/files/state-json.ts';
import { createGitRecipes } from '../../controller/adapters/git/recipes.ts';
import { createTarSnapshots } from '../../controller/adapters/snapshots/tar-snapshots.ts';
import { createStackDriver } from '../../controller/adapters/stack/driver.ts';
import { digestOf } from '../../controller/model/digest.ts';
import type { AppIdentity } from '../../controller/model/app.ts';
import {
  parseAppName,
  parseCommitSha,
  parseDomain,
  parseRecipeName,
  stackNameOf,
} from '../../controller/model/names.ts';
import type { Release } from '../../controller/model/release.ts';
import { createStateCheck } from '../../controller/spec/state-validators.ts';
import { noteTestThings } from '../../controller/setup/test-things.ts';
import { makeRepository } from '../adapters/git/make-repository.ts';
import { listTree } from '../adapters/snapshots/tree-listing.ts';
import { describeWorld } from '../conformance/world.ts';
import type { ConformanceWorld, WorldApp } from '../conformance/world-scene.ts';
import { docker, removeStack } from './support/swarm.ts';

const POLL_MS = 100;
const LIMIT_MS = 60_000;
const stays = "trap 'exit 0' TERM; while :; do sleep 0.2; done";

describeWorld('the real Engine', () => Promise.resolve(openWorld()));

function openWorld(): ConformanceWorld {
  const run = randomBytes(3).toString('hex');
  const folder = mkdtempSync(join(tmpdir(), 'ci-warm-world-'));
  const stateDir = join(folder, 'state');
  const connection = createConnection({ socketPath: undefined });
  const engine = createEngine(connection);
  const forget = noteTestThings({
    stacks: ['main', 'other', 'crashing', 'lacking'].map((kind) => `${kind}${run}_example_org`),
    images: [1, 2].map((number) => imageName(run, number)),
  });
  const [one, two] = [1, 2].map((number) => importImage(folder, run, number));
  const nowhere = `sha256:${randomBytes(32).toString('hex')}`;
  const make = (kind: string, script: string, images: readonly (string | undefined)[]) =>
    appOf(folder, { name: `${kind}${run}`, script, images: images.map((image) => image ?? '') });
  const main = make('main', stays, [one, two]);
  const apps = {
    main,
    other: make('other', stays, [one]),
    crashing: make('crashing', 'sleep 3; exit 134', [one]),
    lacking: make('lacking', stays, [nowhere]),
  };
  return {
    engine,
    driver: createStackDriver({
      recipes: createGitRecipes({ stateDir, clock: Date }),
      secrets: createSecrets(connection),
      volumes: createVolumes(connection),
      engine,
      stateDir,
    }),
    secrets: createSecrets(connection),
    images: createImages(connection),
    snapshots: createTarSnapshots({
      stateDir,
      fs: nodeFileSystem,
      manifests: createStateJson(createStateCheck(), () => 'test'),
      isRoot: true,
    }),
    ...apps,
    next: main.next,
    change: ({ path }) => {
      writeFileSync(join(path, randomBytes(4).toString('hex')), 'a row more');
      return Promise.resolve();
    },
    content: ({ path }) => Promise.resolve(listTree(path).join('\n')),
    until,
    dispose: async () => {
      await Promise.all(Object.values(apps).map(({ app }) => removeStack(app.stack)));
      for (const id of [one, two]) await docker.getImage(id ?? '').remove({ force: true });
      rmSync(folder, { recursive: true, force: true });
      forget();
    },
  };
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not within a minute: ${what}`);
    await sleep(POLL_MS);
  }
}

const compose = (number: number, script: string): string => `version: "3.8"
services:
  app:
    image: images.example.org/app:${String(number)}
    command: [/bin/sh, -c, "${script}"]
    stop_grace_period: 1s
    volumes: ["data:/data"]
    secrets: [key]
    deploy:
      endpoint_mode: dnsrr
      restart_policy: {condition: any, delay: 5s}
volumes: {data: }
secrets:
  key: {external: true, name: "\${STACK_NAME}_key_\${SECRET_KEY_VERSION}"}
`;

/** A recipe with one release for each image. */
function appOf(
  folder: string,
  of: { readonly name: string; readonly script: string; readonly images: readonly string[] },
): WorldApp & { readonly next: Release } {
  const { name, script, images } = of;
  const recipeUrl = join(folder, `${name}.git`);
  const sample = `TYPE=${name}\nDOMAIN=${name}.example.org\nSECRET_KEY_VERSION=v1 # length=32\n`;
  const commits = makeRepository(
    recipeUrl,
    images.map((_, index) => ({
      files: { '.env.sample': sample, 'compose.yml': compose(index, script) },
      tags: [`1.${String(index)}.0+1.${String(index)}.0`],
    })),
  );
  const domain = parsed(parseDomain(`${name}.example.org`));
  const app: AppIdentity = {
    name: parsed(parseAppName(name)),
    recipe: parsed(parseRecipeName(name)),
    recipeUrl,
    driver: 'Stack',
    domain,
    stack: parsed(stackNameOf(domain)),
    data: 'Stateful',
    proxyNetwork: 'proxy',
    givenSecrets: [],
  };
  const releases = images.map((image, index): Release => ({
    version: `1.${String(index)}.0+1.${String(index)}.0`,
    commit: parsed(parseCommitSha(commits[index] ?? '')),
    env: {},
    specHash: digestOf([name, index]),
    images: { app: image },
  }));
  const release = parsed(releases[0]);
  return { app, release, next: releases[1] ?? release };
}

function imageName(run: string, number: number): string {
  return `ci-warm-test/world-${run}:${String(number)}`;
}

/** A shell and `sleep`; the number makes the images differ. Returns its id. */
function importImage(folder: string, run: string, number: number): string {
  const root = join(folder, `image-${String(number)}`);
  mkdirSync(join(root, 'bin'), { recursive: true });
  for (const applet of ['sh', 'sleep']) copyFileSync('/bin/busybox', join(root, 'bin', applet));
  const input = execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 64 * 1024 * 1024 });
  const args = ['import', '-c', `LABEL number=${String(number)}`, '-'];
  const id = execFileSync('docker', [...args, imageName(run, number)], {
    input,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return id.toString().trim();
}

function parsed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test made a name that is none');
  return value;
}
