/** What a drill may do and what it leaves: everything of it is its own, and in the end nothing of it is there (R2). */
import { drillStackOf } from '../../controller/model/names.ts';
import type { StackName } from '../../controller/model/names.ts';
import type { JournalRecord, TransitionInput } from '../../controller/model/journal.ts';
import { BACK_ATTEMPTS_MAX } from '../../controller/transitions/machine.ts';
import { isGood } from './catalogue.ts';
import { stateDir } from './disk.ts';
import { deployedOf, releaseIn } from './invariants.ts';
import type { Watched } from './seen.ts';
import { stackOf } from './wanted.ts';
import type { World } from './world.ts';

/** What all drills have unpacked is below it. */
export const DRILLS = `${stateDir}/.drills`;

export function drillFolder(app: string): string {
  return `${DRILLS}/${app}`;
}

/** The app whose drill a path belongs to. */
export function drilledAt(path: string): string | undefined {
  return path.startsWith(`${DRILLS}/`) ? path.slice(DRILLS.length + 1).split('/')[0] : undefined;
}

/** The app whose drill has that stack. */
export function drilledIn(world: World, stack: string): string | undefined {
  return world.wanted.apps.find(({ name }) => drillStack(name) === stack)?.name;
}

function drillStack(app: string): string {
  return drillStackOf(stackOf(app) as StackName);
}

/** R2: something of a drill that is there. */
function leftOfDrill({ swarm, disk }: World, app: string): string | undefined {
  const stack = drillStack(app);
  const named = [
    ...[...swarm.services.values()].map((one) => ({ of: one.stack, name: `service ${one.name}` })),
    ...[...swarm.networks.values()].map((one) => ({ of: one.stack, name: `network ${one.name}` })),
    ...[...swarm.containers.values()].map(({ id, task }) => ({
      of: task.service.stack,
      name: `container ${id}`,
    })),
  ];
  const found = named.find(({ of }) => of === stack);
  if (found !== undefined) return found.name;
  const volume = [...swarm.volumes.keys()].find((name) => name.startsWith(`${stack}_`));
  if (volume !== undefined) return `volume ${volume}`;
  const folder = drillFolder(app);
  return disk.files.find(folder, false) === undefined ? undefined : folder;
}

/** G1, R2, U3: how a drill may end: the app as it was, nothing left of it, and no snapshot blamed that is good. */
export function drillEnd(
  world: World,
  input: TransitionInput,
  watched: Watched,
  records: readonly JournalRecord[],
): string | undefined {
  const app = input.app.name;
  const own = records.filter(({ id }) => id === watched.id);
  const left = hasGivenUp(own) ? undefined : leftOfDrill(world, app);
  if (left !== undefined) return `a drill is over, and ${left} is there`;
  if (world.handsOnMs >= watched.beganMs) return undefined;
  const before = JSON.stringify([...watched.deployedBefore]);
  if (JSON.stringify([...deployedOf(world, app)]) !== before) return 'a drill has changed the app';
  const isBlamed = own.some(
    (one) =>
      one.event === 'outcome' &&
      one.result.kind === 'failed' &&
      one.result.failure.verdict === 'unhealthy',
  );
  const release = releaseIn(world, input.app.recipe, input.from?.commit ?? '');
  const isFine = release?.services.every(({ behaviour }) => isGood(behaviour)) === true;
  return isBlamed && isFine && !world.damage.isSnapshotDamaged(app)
    ? `a drill blames the snapshot of ${release.tag}, which is good`
    : undefined;
}

/** Everything of it was tried to be taken away several times, and something would not go. */
function hasGivenUp(own: readonly JournalRecord[]): boolean {
  const failed = own.filter(
    (one) =>
      one.event === 'outcome' && one.phase.startsWith('clear') && one.result.kind === 'failed',
  );
  return failed.length >= BACK_ATTEMPTS_MAX;
}

/** The same when everything is at rest: also what a drill gave up on, which the passes after it take away. */
export function leftAtRest(world: World, app: string): string | undefined {
  return leftOfDrill(world, app);
}
