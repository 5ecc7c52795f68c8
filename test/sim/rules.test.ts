/** Rules of the simulated world that a sound product does not break, each broken by hand: they can be broken. */
import { beforeEach, describe, expect, test } from 'vitest';
import type {
  JournalRecord,
  PhaseFailure,
  TransitionInput,
} from '../../controller/model/journal.ts';
import { BACK_ATTEMPTS_MAX } from '../../controller/transitions/machine.ts';
import { failure } from '../build/record.ts';
import { go } from './call.ts';
import { drillEnd, drillFolder, leftAtRest } from './drilled.ts';
import { deployedOf } from './invariants.ts';
import { runWorld } from './run.ts';
import { draft } from './scenario.ts';
import type { Watched } from './seen.ts';
import { startMs, type World } from './world.ts';

const app = 'alpha';
let world: World;

/** One app that was installed and upgraded, and whose drill has succeeded. */
beforeEach(async () => {
  const releases = [draft, { ...draft, version: '1.1.0', appearsAtMs: startMs + 40_000 }];
  const outcome = await runWorld(
    {
      seed: 1,
      apps: [{ name: app, data: 'Stateful', version: 'latest', releases }],
      happenings: [{ atMs: 90_000, what: { kind: 'person-drills', app } }],
      rates: { kill: 0, fail: 0, slow: 0 },
      isWarm: true,
      safetyMs: 150_000,
    },
    { policy: () => go },
  );
  ({ world } = outcome);
  expect(outcome.violations).toEqual([]);
});

describe('R2: only what nobody wants is pruned, and only when it was asked for', () => {
  const broken = (): readonly string[] => {
    world.rules.mayPrune(app);
    return world.rules.violations.map(({ rule, message }) => `${rule} ${message}`);
  };

  test('an app that is wanted', () => {
    expect(broken()).toContain('R2 alpha is pruned, and is wanted');
  });

  test('an app that nobody wants, without a request', () => {
    const apps = world.wanted.apps.map((one) => ({ ...one, isRemoved: true }));
    world.wanted = { ...world.wanted, apps };

    expect(broken()).toContain('R2 alpha is pruned, and nobody asked for it');
    expect(broken()).not.toContain('R2 alpha is pruned, and is wanted');
  });

  test('an app that runs (S1)', () => {
    expect(broken()).toContainEqual(expect.stringMatching(/^S1 alpha: service .* is there$/));
  });
});

describe('how a drill may end', () => {
  function drilled(): { readonly records: JournalRecord[]; readonly input: TransitionInput } {
    const { records } = world.state.of(app);
    const begin = records.findLast(
      (one) => one.transition === 'drill' && one.event === 'intent' && one.input !== undefined,
    );
    if (begin?.event !== 'intent' || begin.input === undefined) throw new Error('no drill');
    return { records: records.filter(({ id }) => id === begin.id), input: begin.input };
  }

  function judged({
    deployedBefore = deployedOf(world, app),
    more = [],
  }: { deployedBefore?: Watched['deployedBefore']; more?: readonly JournalRecord[] } = {}) {
    const { records, input } = drilled();
    const [{ id } = { id: '' }] = records;
    const watched = { id, beganMs: startMs, deployedBefore, trees: undefined, isOnWayBack: false };
    return drillEnd(world, input, watched, [...records, ...more]);
  }

  /** One more outcome of it: this phase failed. */
  function failed(phase: string, verdict: PhaseFailure['verdict']): JournalRecord {
    const [first] = drilled().records;
    if (first === undefined) throw new Error('no drill');
    const { at, id, transition } = first;
    const result = { kind: 'failed', failure: failure({ verdict }) } as const;
    return { at, id, app, transition, phase, event: 'outcome', result };
  }

  test('as this one did', () => {
    expect(judged()).toBeUndefined();
    expect(leftAtRest(world, app)).toBeUndefined();
  });

  test('R2: not with a volume of it left', () => {
    const [volume] = world.swarm.volumes.values();
    if (volume === undefined) throw new Error('no volume');
    world.swarm.volumes.set('drill-warm-alpha_ci_example_org_data', volume);

    expect(judged()).toContain('a drill is over, and volume drill-');
    expect(leftAtRest(world, app)).toContain('volume drill-');
  });

  test('R2: not with what it unpacked left', () => {
    world.disk.files.makeDirectory(drillFolder(app));

    expect(judged()).toBe('a drill is over, and /state/.drills/alpha is there');
  });

  test('R2: with something left where it would not go; passes take that away before all is at rest', () => {
    world.disk.files.makeDirectory(drillFolder(app));
    const more = Array.from({ length: BACK_ATTEMPTS_MAX }, () => failed('clear', 'refused'));

    expect(judged({ more })).toBeUndefined();
    expect(leftAtRest(world, app)).toBe('/state/.drills/alpha');
  });

  test('G1: not with the app changed', () => {
    const deployedBefore = new Map([['another', 'sha256:1']]);

    expect(judged({ deployedBefore })).toBe('a drill has changed the app');
  });

  test('U3: not with a good snapshot blamed', () => {
    expect(judged({ more: [failed('judge', 'unhealthy')] })).toMatch(
      /blames the snapshot of .*, which is good/,
    );
  });
});
