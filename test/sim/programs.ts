/** What happens inside a container: a program starts on data, migrates it, serves, writes, and perhaps dies. */
import type { Rng } from './rng.ts';
import type { SimDisk } from './disk.ts';
import type { Tree } from './tree.ts';
import type { SimContainer } from './swarm-objects.ts';
import type { SimTime } from './time.ts';

export interface ProgramDeps {
  readonly time: SimTime;
  readonly rng: Rng;
  readonly disk: SimDisk;
  /** The program ends by itself. */
  readonly die: (container: SimContainer, exitCode: number) => void;
  /** P2 is watched here: nothing else sees a program start. */
  readonly onStart: (container: SimContainer) => void;
}

/** A container's first process. Everything that it does later asks first whether it still runs. */
export function startProgram(container: SimContainer, deps: ProgramDeps): void {
  const { release, program } = container.task.spec;
  deps.onStart(container);
  const later = (ms: number, run: () => void): void => {
    deps.time.after(ms, () => {
      if (container.isRunning) run();
    });
  };
  const trees = [...container.inodes.values()];
  if (trees.some(({ tree }) => tree.schema > release.schema)) {
    later(300, () => deps.die(container, 78));
    return;
  }
  if (program.behaviour === 'crashes') {
    later(deps.rng.between(100, 900), () => deps.die(container, 1));
    return;
  }
  const isFirst = trees.some(({ tree }) => tree.touchedBy < release.order);
  // What a newer release makes of data that an older one spoilt is its data.
  change(container, deps.disk, (tree) => ({
    ...tree,
    schema: release.schema,
    isDestroyed: false,
  }));
  switch (program.behaviour) {
    case 'destroys':
      change(container, deps.disk, (tree) => ({ ...tree, isDestroyed: true }));
      later(400, () => deps.die(container, 1));
      return;
    case 'stumbles':
      if (isFirst) {
        later(600, () => deps.die(container, 3));
        return;
      }
      break;
    case 'dies-soon':
      serve(container, deps.time);
      later(3000, () => deps.die(container, 134));
      return;
    case 'flaps':
      flap(container, deps.time, later);
      return;
    case 'dies-late':
      later(9000, () => deps.die(container, 139));
      break;
    case 'good':
    case 'slow':
    case 'ignores-term':
    case 'migrates-then-ill':
    case 'deaf':
      break;
    default:
      program.behaviour satisfies never;
  }
  if (program.behaviour === 'migrates-then-ill' || program.behaviour === 'deaf') return;
  later(program.behaviour === 'slow' ? 12_000 : deps.rng.between(100, 2000), () => {
    serve(container, deps.time);
  });
}

function serve(container: SimContainer, time: SimTime): void {
  container.isServing = true;
  container.servingSinceMs = time.nowMs;
}

function flap(
  container: SimContainer,
  time: SimTime,
  later: (ms: number, run: () => void) => void,
): void {
  if (container.isServing) container.isServing = false;
  else serve(container, time);
  later(3000, () => {
    flap(container, time, later);
  });
}

/** A row more, at a moment that nobody chose: a copy that is taken meanwhile is torn. */
export function writeSomething(container: SimContainer, disk: SimDisk): void {
  change(container, disk, (tree) => ({ ...tree, bytes: tree.bytes + 1024 }));
}

function change(container: SimContainer, disk: SimDisk, to: (tree: Tree) => Tree): void {
  const { order } = container.task.spec.release;
  for (const inode of container.inodes.values()) {
    const tree = to(inode.tree);
    const touchedBy = Math.max(tree.touchedBy, order);
    disk.files.writeTree(inode, { ...tree, touchedBy, stamp: disk.nextStamp() });
  }
}
