/**
 * `npm run clean`: takes away what `npm start` and `npm test` made on this machine, and nothing else.
 *
 * What is there and not in the record was there before, and stays. What others have come to use since (a service of
 * theirs in our Swarm, a container in our Engine, an app in the state directory of the tour) keeps what it stands on: that
 * stays too, with a sentence that says so.
 */
import { existsSync, readdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeBridge, removeEngineGroup, removeLeftovers } from './clean-engine.ts';
import { cleanStateDirectory } from './clean-state-directory.ts';
import { attempt, run } from './command.ts';
import { enginePackage, ensureEngine, stopEngine } from './engine.ts';
import { askEngine } from './engine-address.ts';
import { GroundError } from './ground-error.ts';
import { removeImages } from './images.ts';
import { withLock } from './lock.ts';
import { readMade, recordMade } from './made.ts';
import type { Made } from './made.ts';
import { purgePackages } from './packages.ts';
import { paths } from './paths.ts';
import { isRegistryUsed } from './registry-users.ts';
import { stopRegistry } from './registry.ts';
import { reportStep } from './report-step.ts';
import { networkId, proxyNetwork, swarmState } from './swarm.ts';
import { removeTestThings } from './test-things.ts';

/** Arguments of a docker command that lists things. */
type DockerList = readonly string[];

const overlays: DockerList = ['network', 'ls', '--filter', 'driver=overlay'];
/** Every Swarm has this network by itself. */
const ingress = 'ingress';

/** What had to stay, as it is found out. */
interface Kept {
  /** One for each thing. */
  readonly sentences: string[];
  /** Somebody else's apps are in the state directory: all that they stand on stays, whether they run or not. */
  apps: boolean;
  /** Somebody's apps run images of our registry. */
  registry: boolean;
}

/** May be repeated. Throws `GroundError` before anything is touched when a controller runs on the sample tree. */
export async function clean(): Promise<void> {
  if (!existsSync(paths.ground)) {
    process.stderr.write('clean      there is nothing to remove\n');
    return;
  }
  const kept = await withLock(paths.lock, async () => {
    const made = await readMade();
    await refuseWhileControllerRuns(made);
    const kept: Kept = { sentences: [], apps: false, registry: false };
    await cleanEngine(made, kept);
    await cleanMachine(made, kept);
    await removeGround(kept);
    return kept.sentences;
  });
  for (const sentence of kept) process.stderr.write(`clean      ${sentence}\n`);
}

async function refuseWhileControllerRuns({ stateDirectory }: Made): Promise<void> {
  if (stateDirectory === undefined) return;
  const lock = join(stateDirectory, 'lock');
  if (!existsSync(lock) || (await attempt('flock', ['-n', lock, 'true'])).ok) return;
  throw new GroundError(
    `a controller runs on ${stateDirectory}: end it (Ctrl-C where \`npm start\`, or your own command, runs) and try again.`,
  );
}

/** What is inside Docker. */
async function cleanEngine(made: Made, kept: Kept): Promise<void> {
  const answers = (await askEngine()).kind === 'answers';
  if (!answers && !isInEngine(made)) return;
  if (!answers && !made.engine) {
    throw new GroundError(
      'no Docker Engine answers, and there is something to remove in it: start it.',
    );
  }
  if (!answers) await reportStep('engine', ensureEngine);
  await reportStep('tests', async () => {
    const { ended, running } = await removeTestThings();
    if (running > 0) kept.sentences.push('what tests that run just now have in Docker stays');
    return ended === 0
      ? 'none were interrupted'
      : `removed what ${ended} interrupted ones had left`;
  });
  await reportStep('apps', async () => {
    const { said, left } = await cleanStateDirectory(made, paths.recipes);
    kept.apps = left.length > 0;
    kept.sentences.push(...left);
    return said;
  });
  kept.registry = await isRegistryUsed();
  await reportStep('images', async () => cleanImages(kept));
  if (kept.apps) return;
  await reportStep('network', async () => leaveNetwork(made, kept.sentences));
  await reportStep('swarm', async () => leaveSwarm(made, kept.sentences));
}

async function cleanImages({ sentences, apps, registry }: Kept): Promise<string> {
  if (registry) {
    sentences.push(
      'the registry and the sample images stay: `docker service ls` and `docker container ls --all` show what runs them',
    );
  }
  // What is stopped just now may come back to its image.
  if (registry || apps) return 'stay';
  if (await removeImages()) sentences.push('sample images that are in use stay');
  return 'removed those that were built here';
}

/** Whether anything in an Engine was made, by the record, or by a test. */
function isInEngine({ swarm, network, stateDirectory, leftStateDirectory, images }: Made): boolean {
  const things = [swarm, network, stateDirectory, leftStateDirectory];
  const isRecorded = things.some((thing) => thing !== undefined) || images.length > 0;
  return isRecorded || (existsSync(paths.tests) && readdirSync(paths.tests).length > 0);
}

async function leaveNetwork(made: Made, kept: string[]): Promise<string> {
  const state = await swarmState();
  if (made.network === undefined || state.local !== 'active') return 'was not made here';
  const id = await networkId();
  if (id === undefined || (made.network !== '' && id !== made.network)) return 'was not made here';
  if ((await attempt('docker', ['network', 'rm', id])).ok) {
    await recordMade({ network: undefined });
    return `removed \`${proxyNetwork}\``;
  }
  kept.push(`the network \`${proxyNetwork}\` is in use and stays`);
  return `\`${proxyNetwork}\` stays`;
}

async function leaveSwarm(made: Made, kept: string[]): Promise<string> {
  const state = await swarmState();
  if (made.swarm === undefined || state.local !== 'active') return 'was not made here';
  if (made.swarm !== '' && state.clusterId !== made.swarm) return 'was not made here';
  const others = await firstNotEmpty([
    ['service', 'ls'],
    ['secret', 'ls'],
    ['config', 'ls'],
    overlays,
  ]);
  if (others !== undefined) {
    kept.push(`the Swarm stays: \`docker ${others.join(' ')}\` shows what others have in it`);
    return 'stays';
  }
  await run('docker', ['swarm', 'leave', '--force']);
  // The bridge that joining a Swarm brings, and that leaving it does not take away.
  await attempt('docker', ['network', 'rm', 'docker_gwbridge']);
  await recordMade({ swarm: undefined });
  return 'left';
}

/** What is outside Docker. */
async function cleanMachine(made: Made, kept: Kept): Promise<void> {
  await reportStep('registry', async () => {
    if (kept.registry || kept.apps) return 'stays';
    return (await stopRegistry()) ? 'stopped' : 'was not started here';
  });
  if (kept.apps) return;
  const others = await othersInEngine(made);
  if (others !== undefined) {
    kept.sentences.push(
      `the Docker Engine stays, and so do the packages: \`docker ${others.join(' ')}\` shows what others have in it`,
    );
    return;
  }
  await reportStep('engine', async () =>
    made.engine && (await stopEngine()) ? 'stopped' : 'was not started here',
  );
  await reportStep('packages', async () => {
    if (made.packages.length === 0) return 'none were installed here';
    const withEngine = made.packages.includes(enginePackage);
    if (withEngine) await removeBridge();
    await purgePackages(made.packages);
    await removeLeftovers(made.packages);
    if (made.engineGroup) await removeEngineGroup();
    return `purged ${made.packages.join(', ')}`;
  });
}

/** The list that shows what others would lose when our Engine stopped, or its package went with all its data. */
async function othersInEngine(made: Made): Promise<DockerList | undefined> {
  const purged = made.packages.includes(enginePackage);
  if (!purged && !made.engine) return undefined;
  const { local } = await swarmState();
  if (local === 'active') return ['service', 'ls'];
  const running: DockerList = ['container', 'ls'];
  const stored: readonly DockerList[] = [
    ['container', 'ls', '--all'],
    ['volume', 'ls'],
    ['image', 'ls'],
  ];
  return firstNotEmpty(purged ? stored : [running]);
}

async function firstNotEmpty(lists: readonly DockerList[]): Promise<DockerList | undefined> {
  for (const list of lists) {
    const format = list === overlays ? ['--format', '{{.Name}}'] : ['--quiet'];
    const found = (await run('docker', [...list, ...format])).split('\n');
    if (found.some((name) => name !== '' && name !== ingress)) return list;
  }
  return undefined;
}

/** With something left to remove another time, the record of it stays. */
async function removeGround({ sentences, apps, registry }: Kept): Promise<void> {
  const isOver = sentences.length === 0;
  const record = isOver ? [] : [paths.made, paths.lock, paths.engine, paths.tests];
  // The registry's program may be one that was unpacked; an app of which nobody knows whose it is may be by our recipes.
  const used = registry || apps ? [paths.registry, paths.unpacked, paths.recipes] : [];
  const kept: readonly string[] = [...record, ...used];
  for (const name of await readdir(paths.ground)) {
    const path = join(paths.ground, name);
    if (!kept.includes(path)) await rm(path, { recursive: true, force: true });
  }
  if (isOver) await rm(paths.ground, { recursive: true, force: true });
}
