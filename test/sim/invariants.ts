/**
 * The rules that never break, as questions to a simulated world: one function a rule, by its number. Each answers with
 * what is wrong, or undefined. When they are asked is rules.ts's affair.
 */
import type { JournalRecord, TransitionInput } from '../../controller/model/journal.ts';
import { label } from '../../controller/model/swarm.ts';
import { drillStackOf, type StackName } from '../../controller/model/names.ts';
import type { LastGood } from '../../controller/model/release.ts';
import { releaseAt, isGood, type SimRelease } from './catalogue.ts';
import type { DirectoryNode } from './file-system.ts';
import { sameTree, type Tree } from './tree.ts';
import { volumePath } from './port-driver.ts';
import type { SimContainer } from './swarm-objects.ts';
import type { World } from './world.ts';
import { stableForMs, stackOf } from './wanted.ts';

type Answer = string | undefined;

/** A pass that read a file before it was damaged may still begin something. */
const SEEN_WITHIN_MS = 5000;
/** From a controller's first look at a file to its first at a repository, where every call takes its time. */
const FIRST_LOOK_MS = 20_000;

export function releaseIn(world: World, recipe: string, commit: string): SimRelease | undefined {
  const found = world.recipes.get(recipe);
  return found === undefined ? undefined : releaseAt(found, commit);
}

/** S1: nothing of the app is there, and nobody holds these folders, while they are copied or replaced. */
export function s1Undeployed(world: World, app: string, paths: readonly string[]): Answer {
  const stack = stackOf(app);
  const { swarm, disk } = world;
  const service = [...swarm.services.values()].find((one) => one.stack === stack);
  if (service !== undefined) return `service ${service.name} is there`;
  const inodes = new Set<DirectoryNode>(paths.flatMap((path) => disk.folder(path) ?? []));
  const user = [...swarm.containers.values()].find(
    (one) =>
      one.task.service.stack === stack ||
      (one.isRunning && [...one.inodes.values()].some((inode) => inodes.has(inode))),
  );
  if (user !== undefined) return `container ${user.id} is there`;
  const starting = [...swarm.tasks.values()].find(
    (task) => task.service.stack === stack && task.state !== 'pending',
  );
  return starting === undefined ? undefined : `task ${starting.id} is there`;
}

/** S2: the pointer names a whole snapshot if there ever was one; and the data of last_good is somewhere. */
export function s2KnownGood(
  world: World,
  app: string,
  lastGood: LastGood | null,
  hadSnapshot: boolean,
): Answer {
  const { disk } = world;
  const current = disk.current(app);
  if (hadSnapshot) {
    if (current === undefined) return 'the snapshot is gone';
    if (current.manifest === undefined) return 'the snapshot has no manifest';
    for (const [volume, tree] of current.archives) {
      if (tree === undefined) return `the archive of ${volume} is not whole`;
    }
  }
  if (lastGood === null) return undefined;
  const release = releaseIn(world, lastGood.recipe, lastGood.commit);
  if (release === undefined) return undefined;
  const isKept = (tree: Tree | undefined): boolean =>
    tree !== undefined && !tree.isDestroyed && tree.touchedBy <= release.order;
  for (const volume of release.volumes) {
    const path = volumePath(app, volume);
    if (isKept(disk.folder(path)?.tree)) continue;
    if (isKept(current?.archives.get(volume))) continue;
    // A volume that only this release has is set aside, where a person goes back from it.
    const kept = [...disk.beside(path, 'displaced-'), ...disk.beside(path, 'aside-')];
    if (!kept.some(({ tree }) => isKept(tree)))
      return `the data of ${volume} as ${lastGood.version} left it is nowhere`;
  }
  return undefined;
}

/** S2: what is about to be deleted is in the snapshot, byte for byte. */
export function s2Saved(world: World, app: string, path: string): Answer {
  const volume = path.split('/').at(-2) ?? '';
  const saved = world.disk.current(app)?.archives.get(volume);
  return sameTree(saved, world.disk.folder(path)?.tree)
    ? undefined
    : `${path} is deleted, and its snapshot holds other data`;
}

/** S3: the snapshot's app has the secrets that it was taken with. */
export function s3Belongs({ disk, swarm }: World, app: string): Answer {
  const identity = disk.current(app)?.manifest?.identity;
  if (identity === undefined) return 'there is no snapshot, and one is unpacked';
  if (identity.stack !== stackOf(app)) return `its snapshot is of the stack ${identity.stack}`;
  const other = Object.entries(identity.secrets).find(
    ([name, id]) => swarm.secrets.get(name)?.id !== id,
  );
  return other === undefined ? undefined : `${other[0]} is another secret now`;
}

/**
 * L1: nothing begins on a journal or a `last_good` that is damaged. A controller that had read it before goes on by that,
 * and may write behind the damage; the next one finds it.
 */
export function l1Damaged({ damage, rules, time }: World, app: string): Answer {
  const forAllMs = damage.stateSinceMs(app) ?? Infinity;
  const forNextMs = damage.stateFirstMs(app) ?? Infinity;
  const isSeen =
    forAllMs + SEEN_WITHIN_MS < time.nowMs || forNextMs + FIRST_LOOK_MS < rules.looked.sinceMs;
  return isSeen ? 'something begins on a state that is damaged' : undefined;
}

/** G3: nothing in (current, target] that was to be seen needed a person, unless one approved exactly the target. */
export function g3Gate(world: World, input: TransitionInput): Answer {
  const { from, to, app } = input;
  if (from === null) return undefined;
  const approved = world.wanted.apps.find(({ name }) => name === app.name)?.approved;
  if (approved === to.version) return undefined;
  const releases = world.recipes.get(app.recipe)?.releases ?? [];
  const order = (commit: string): number =>
    releases.find((release) => release.commit === commit)?.order ?? 0;
  const [low, high] = [order(from.commit), order(to.commit)];
  if (high < low) return `${to.version} is a downgrade`;
  const seenMs = world.rules.looked.viewedMs(app.recipe);
  const held = releases.find(
    (one) => one.order > low && one.order <= high && one.isHeld && one.appearsAtMs <= seenMs,
  );
  return held === undefined ? undefined : `${held.tag} is in the way to ${to.version}`;
}

/** U2: whatever is needed to go there and back is on the node. */
export function u2Images(world: World, images: readonly string[]): Answer {
  const missing = images.find((image) => !world.registry.present.has(image));
  return missing === undefined ? undefined : `${missing} is not there`;
}

/** P2: a program starts on data that nothing newer than itself has touched. */
export function p2Data({ task, inodes }: SimContainer): Answer {
  const { release } = task.spec;
  for (const [volume, { tree }] of inodes) {
    if (tree.touchedBy > release.order) {
      return `${release.tag} starts on ${volume}, which release ${tree.touchedBy} has touched`;
    }
  }
  return undefined;
}

/** U1: `last_good` moves only after a health gate that said yes, and rightly so. */
export function u1Proved(world: World, open: readonly JournalRecord[], lastGood: LastGood): Answer {
  const last = open.at(-1);
  if (last?.phase !== 'commit') return 'last_good moves outside of a commit';
  const isJudged = open.some(
    (one) => one.phase === 'judge' && one.event === 'outcome' && one.result.kind === 'ok',
  );
  if (!isJudged) return 'last_good moves without a healthy judgement';
  const release = releaseIn(world, lastGood.recipe, lastGood.commit);
  const behaviour = release?.services.find(({ name }) => name === 'app')?.behaviour;
  const isProven = behaviour !== undefined && (isGood(behaviour) || behaviour === 'dies-late');
  return isProven ? undefined : `${lastGood.version} was taken for healthy: it is ${behaviour}`;
}

/**
 * U1: who is taken for healthy had answered, at the gate's last look, without a break for as long as is asked of it. A
 * drill has a stack of its own.
 */
export function u1Stable({ rules }: World, { app, transition }: JournalRecord): Answer {
  const stack = stackOf(app);
  const isDrill = transition === 'drill';
  const servedMs = rules.looked.servedMs(isDrill ? drillStackOf(stack as StackName) : stack);
  return servedMs >= stableForMs
    ? undefined
    : `was taken for healthy, and had answered for ${String(servedMs)} ms`;
}

/** What runs under the app's name: service → spec hash. */
export function deployedOf(world: World, app: string): ReadonlyMap<string, string> {
  const stack = stackOf(app);
  return new Map(
    [...world.swarm.services.values()]
      .filter((service) => service.stack === stack)
      .map((service) => [service.name, service.spec.specHash]),
  );
}

/** An adoption writes labels; a service whose tasks are made from something of ours was deployed. */
export function rewritten(world: World, app: string): Answer {
  const [name] = [...deployedOf(world, app)].find(([, specHash]) => specHash !== '') ?? [];
  return name === undefined ? undefined : `${name} was written anew when it was adopted`;
}

/** The app runs as this release and nothing else. */
export function runsAs(
  world: World,
  app: string,
  release: { readonly specHash: string; readonly commit: string },
  recipe: string,
): Answer {
  const deployed = new Map(
    [...world.swarm.services.values()]
      .filter((service) => service.stack === stackOf(app))
      .map(({ name, labels }) => [name, labels[label.spec]]),
  );
  const wanted = releaseIn(world, recipe, release.commit)?.services ?? [];
  for (const { name } of wanted) {
    if (deployed.get(`${stackOf(app)}_${name}`) !== release.specHash) return `${name} is not so`;
  }
  return deployed.size > wanted.length
    ? `there are services of another release: ${[...deployed.keys()].join(', ')}`
    : undefined;
}

/** U1: back on the prior release, nothing lies where volumes are that only the upgrades made which failed since. */
export function u1Aside(world: World, { app, from }: TransitionInput, id: string): Answer {
  if (app.data === 'Stateless' || from === null) return undefined;
  const own = releaseIn(world, app.recipe, from.commit)?.volumes ?? [];
  const { history } = world.state.of(app.name).view;
  const before = history.filter((past) => past.id !== id);
  const proved = before.findLastIndex(({ end }) => end === 'succeeded');
  const left = before
    .slice(proved + 1)
    .flatMap(({ toCommit }) => releaseIn(world, app.recipe, toCommit)?.volumes ?? [])
    .filter((volume) => !own.includes(volume))
    .find((volume) => world.disk.folder(volumePath(app.name, volume)) !== undefined);
  return left === undefined
    ? undefined
    : `volume ${left} of a release that failed was not set aside`;
}

/** Every service of the release has a program that answers. */
export function isServing(world: World, app: string, lastGood: LastGood): boolean {
  const wanted = releaseIn(world, lastGood.recipe, lastGood.commit)?.services ?? [];
  const running = [...world.swarm.containers.values()].filter(
    (one) => one.task.service.stack === stackOf(app) && one.isRunning && one.isServing,
  );
  return wanted.every(({ name }) => running.some((one) => one.task.spec.program.name === name));
}

/** The health gate said that the target is ill. */
export function isBlamed(records: readonly JournalRecord[], id: string): boolean {
  return records.some(
    (one) =>
      one.id === id &&
      one.event === 'outcome' &&
      one.phase === 'judge' &&
      one.result.kind === 'failed' &&
      one.result.failure.verdict === 'unhealthy',
  );
}
