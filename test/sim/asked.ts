/**
 * What a release waits for besides a person's word: its age, and what only people can give it. Asked of every transition
 * that begins, with the ground truth of the world, and of what is still to come before a world can be at rest.
 */
import type { JournalRecord, TransitionInput } from '../../controller/model/journal.ts';
import type { SimRelease } from './catalogue.ts';
import { releaseIn } from './invariants.ts';
import { stackOf, type WantedApp } from './wanted.ts';
import type { World } from './world.ts';

/** From a pass's look at what people want to the beginning of what it decided, where every call takes its time. */
const SLOW_PASS_MS = 30_000;
/** From the moment when a release is old enough until a pass has seen it. */
const SEEN_MS = 70_000;

/** G1: a release is gone to when it is old enough and has what it asks for, or when a person said so. */
export function g1Ripe(
  world: World,
  transition: JournalRecord['transition'],
  { app, from, to }: TransitionInput,
): string | undefined {
  const wanted = wantedOf(world, app.name);
  if (transition !== 'install' && transition !== 'upgrade') return undefined;
  if (wanted === undefined || wanted.approved === to.version) return undefined;
  if (from?.version === to.version || world.time.nowMs < world.intentMs + SLOW_PASS_MS) {
    return undefined;
  }
  const release = releaseIn(world, app.recipe, to.commit);
  if (release === undefined) return undefined;
  if (world.time.nowMs < ripeAtMs(release, wanted)) return `${to.version} is too young`;
  const before = from === null ? undefined : releaseIn(world, app.recipe, from.commit);
  if (before === undefined) return undefined;
  const [lacking] = lackingOf(world, app.name, { from: before, to: release });
  return lacking === undefined ? undefined : `${to.version} begins without ${lacking}`;
}

/** What `to` asks people for, and `from` did not, and nobody has given. */
export function lackingOf(
  world: World,
  app: string,
  { from, to }: { readonly from: SimRelease; readonly to: SimRelease },
): readonly string[] {
  const { env = {} } = wantedOf(world, app) ?? {};
  return to.asks
    .filter(({ name }) => !from.asks.some((one) => one.name === name))
    .filter(({ kind, name }) =>
      kind === 'variable'
        ? env[name] === undefined
        : !world.swarm.secrets.has(secretOf(stackOf(app), name)),
    )
    .map(({ name }) => name);
}

/** The name in Docker of a secret that a release asks for. */
export function secretOf(stack: string, name: string): string {
  return `${stack}_${name}_v1`;
}

/** Whether a release that has a date will be old enough only later: then the app is not at rest. */
export function isRipening(world: World, app: string): boolean {
  const wanted = wantedOf(world, app);
  if (wanted === undefined || wanted.minAgeMs === 0) return false;
  return (world.recipes.get(app)?.releases ?? []).some((release) => {
    const atMs = ripeAtMs(release, wanted);
    return atMs < Infinity && world.time.nowMs < atMs + SEEN_MS;
  });
}

function ripeAtMs({ isDated, appearsAtMs }: SimRelease, { minAgeMs }: WantedApp): number {
  if (minAgeMs === 0) return 0;
  return isDated ? appearsAtMs + minAgeMs : Infinity;
}

function wantedOf({ wanted }: World, app: string): WantedApp | undefined {
  return wanted.apps.find(({ name }) => name === app);
}
