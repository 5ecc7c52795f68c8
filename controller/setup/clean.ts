/**
 * `npm run clean`: takes away what `npm start` and `npm test` made on this machine, and nothing else.
 *
 * What is there and not in the record was there before, and stays. What others have come to use since (a service of
 * theirs in our Swarm, a container in our Engine) keeps what it stands on: that stays too, with a sentence that says so.
 */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeApps } from './clean-apps.ts';
import { removeBridge, removeEngineGroup, removeLeftovers } from './clean-engine.ts';
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
import { stopRegistry } from './registry.ts';
import { announce, reportStep } from './report-step.ts';
import { networkId, proxyNetwork, swarmState } from './swarm.ts';

/** Arguments of a docker command that lists things. */
type DockerList = readonly string[];

const overlays: DockerList = ['network', 'ls', '--filter', 'driver=overlay'];
/** Every Swarm has this network by itself. */
const ingress = 'ingress';

/** May be repeated. Throws `GroundError` before anything is touched when a controller runs on the sample tree. */
export async function clean(): Promise<void> {
  if (!existsSync(paths.ground)) {
    process.stderr.write('clean      there is nothing to remove\n');
    return;
  }
  const kept = await withLock(paths.lock, async () => {
    const made = await readMade();
    await refuseWhileControllerRuns(made);
    const sentences = [...(await cleanEngine(made)), ...(await cleanMachine(made))];
    await removeGround(sentences.length > 0);
    return sentences;
  });
  for (const sentence of kept) process.stderr.write(`clean      ${sentence}\n`);
}

async function refuseWhileControllerRuns({ stateDirectory }: Made): Promise<void> {
  if (stateDirectory === undefined) return;
  const lock = join(stateDirectory, 'lock');
  if (!existsSync(lock) || (await attempt('flock', ['-n', lock, 'true'])).ok) return;
  throw new GroundError(
    `a controller runs on ${stateDirectory}: end it (Ctrl-C where \`npm start\` runs) and try again.`,
  );
}

/** What is inside Docker. Returns a sentence for each thing that had to stay. */
async function cleanEngine(made: Made): Promise<readonly string[]> {
  const answers = (await askEngine()).kind === 'answers';
  if (!answers && !isInEngine(made)) return [];
  if (!answers && !made.engine) {
    throw new GroundError(
      'no Docker Engine answers, and there is something to remove in it: start it.',
    );
  }
  if (!answers) await reportStep('engine', ensureEngine);
  await reportStep('apps', async () => {
    if (made.stateDirectory === undefined) return 'none were made';
    const apps = await removeApps(made.stateDirectory);
    await recordMade({ stateDirectory: undefined });
    return `removed ${apps.length === 0 ? 'none' : apps.join(', ')}, and ${made.stateDirectory}`;
  });
  const kept: string[] = [];
  await reportStep('images', async () => {
    // They are tagged alike by every checkout, and one image may be of several: whose it is cannot be told.
    announce('images', 'removing the sample images, also those of another checkout on this Engine');
    const remaining = await removeImages();
    if (remaining) kept.push('sample images that containers use stay');
    return 'removed the sample images';
  });
  await reportStep('network', async () => leaveNetwork(made, kept));
  await reportStep('swarm', async () => leaveSwarm(made, kept));
  return kept;
}

/** Whether anything in an Engine was made, by the record and by the list of images. */
function isInEngine({ swarm, network, stateDirectory }: Made): boolean {
  const recorded = [swarm, network, stateDirectory].some((thing) => thing !== undefined);
  return recorded || existsSync(paths.imageRecord);
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

/** What is outside Docker. Returns a sentence for each thing that had to stay. */
async function cleanMachine(made: Made): Promise<readonly string[]> {
  await reportStep('registry', async () => {
    await stopRegistry();
    return 'stopped';
  });
  const others = await othersInEngine(made);
  if (others !== undefined) {
    const sentence = `the Docker Engine stays, and so do the packages: \`docker ${others.join(' ')}\` shows what others have in it`;
    return [sentence];
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
  return [];
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
async function removeGround(keepRecord: boolean): Promise<void> {
  const kept = keepRecord ? [paths.made, paths.lock, paths.engine] : [];
  for (const name of await readdir(paths.ground)) {
    const path = join(paths.ground, name);
    if (!kept.includes(path)) await rm(path, { recursive: true, force: true });
  }
  if (!keepRecord) await rm(paths.ground, { recursive: true, force: true });
}
