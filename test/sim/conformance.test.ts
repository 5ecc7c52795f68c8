/** The simulated world, held against the same steps as the real Engine. */
import { describeWorld } from '../conformance/world.ts';
import type { ConformanceWorld, WorldApp } from '../conformance/world-scene.ts';
import { digestOf } from '../../controller/model/digest.ts';
import type { AppIdentity } from '../../controller/model/app.ts';
import {
  parseAppName,
  parseDomain,
  parseRecipeName,
  stackNameOf,
} from '../../controller/model/names.ts';
import type { Release } from '../../controller/model/release.ts';
import { Door, go } from './call.ts';
import { pinnedOf, recipeFrom, type Behaviour, type SimRecipe } from './catalogue.ts';
import { createFiles } from './file-door.ts';
import type { Life } from './life.ts';
import { createDriver } from './port-driver.ts';
import { createSnapshots } from './port-snapshots.ts';
import { createEngine, createImages, createSecrets } from './ports-docker.ts';
import { createRng } from './rng.ts';
import { draft } from './scenario.ts';
import { turn } from './time.ts';
import { textOf } from './tree.ts';
import { World } from './world.ts';

const LOOK_MS = 100;
const LIMIT_MS = 60_000;

describeWorld('the simulated world', () => Promise.resolve(openWorld()));

function openWorld(): ConformanceWorld {
  const recipes = [
    recipe('main', 'good'),
    recipe('other', 'good'),
    recipe('crashing', 'dies-soon'),
    recipe('lacking', 'good'),
  ] as const;
  const world = new World({
    rng: createRng(1),
    isRecorded: false,
    recipes,
    wanted: { damage: 'none', apps: [] },
  });
  // What is not on the node cannot be had.
  world.registry.isDown = true;
  for (const { name, releases } of recipes) {
    if (name === 'lacking') continue;
    for (const { services } of releases) {
      for (const { image } of services) world.registry.present.add(pinnedOf(image));
    }
  }
  const life = lifeIn(world);
  const [main, other, crashing, lacking] = recipes;
  return {
    engine: createEngine(life),
    driver: createDriver(life),
    secrets: createSecrets(life),
    images: createImages(life),
    snapshots: createSnapshots(life),
    main: appOf(main),
    next: releaseOf(main, 1),
    other: appOf(other),
    crashing: appOf(crashing),
    lacking: appOf(lacking),
    change: ({ path }) => {
      const folder = folderAt(world, path);
      const tree = { ...folder.tree, stamp: world.disk.nextStamp() };
      world.disk.files.writeTree(folder, tree);
      return Promise.resolve();
    },
    content: ({ path }) => Promise.resolve(textOf(folderAt(world, path).tree)),
    until: async (what, look) => {
      const deadlineMs = world.time.nowMs + LIMIT_MS;
      for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if (world.time.nowMs > deadlineMs) throw new Error(`not within a minute: ${what}`);
        await pass(world, LOOK_MS);
      }
    },
    dispose: () => Promise.resolve(),
  };
}

async function pass({ time }: World, forMs: number): Promise<void> {
  const untilMs = time.nowMs + forMs;
  for (;;) {
    const ran = time.runNext(untilMs);
    if (ran === 'idle') return;
    if (ran === 'awaited') await turn();
  }
}

/** A way out on which nothing goes wrong. */
function lifeIn(world: World): Life {
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      world.time.after(ms, resolve, true);
    });
  let calls = 0;
  const door = new Door({
    isAlive: () => true,
    kill: () => undefined,
    incarnation: 1,
    nextNumber: () => (calls += 1),
    policy: () => () => go,
    sleep,
    before: () => undefined,
    after: () => undefined,
  });
  const way = { world, door, postDoor: door, sleep };
  const quiet = (): void => undefined;
  return {
    ...way,
    clock: { now: () => world.time.nowMs, newId: () => world.newId(), sleep },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    files: createFiles(way),
    asked: { secretsMs: 0 },
  };
}

function recipe(name: string, behaviour: Behaviour): SimRecipe {
  const drafts = ['1.0.0', '1.1.0'].map((version) => ({ ...draft, version, behaviour }));
  return recipeFrom(name, drafts, true);
}

function appOf(of: SimRecipe): WorldApp {
  const domain = parsed(parseDomain(`${of.name}.example.org`));
  const app: AppIdentity = {
    name: parsed(parseAppName(of.name)),
    recipe: parsed(parseRecipeName(of.name)),
    recipeUrl: `/srv/${of.name}.git`,
    driver: 'Stack',
    domain,
    stack: parsed(stackNameOf(domain)),
    data: 'Stateful',
    proxyNetwork: 'proxy',
    givenSecrets: [],
  };
  return { app, release: releaseOf(of, 0) };
}

function releaseOf({ releases }: SimRecipe, index: number): Release {
  const { tag, commit, services } = parsed(releases[index]);
  return {
    version: tag,
    commit,
    env: {},
    specHash: digestOf(tag),
    images: Object.fromEntries(services.map(({ name, image }) => [name, pinnedOf(image)])),
  };
}

function folderAt(world: World, path: string) {
  return parsed(world.disk.folder(path));
}

function parsed<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test asks for something that is not there');
  return value;
}
