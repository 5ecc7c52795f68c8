import { describe, expect, test } from 'vitest';
import { known, unknown } from '../../controller/model/known.ts';
import type { PlanEntry } from '../../controller/model/plan.ts';
import type { ServiceView, SwarmView } from '../../controller/model/swarm.ts';
import type { World } from '../../controller/model/world.ts';
import { judgeDrift } from '../../controller/plan/drift.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { structuresNeeded } from '../../controller/plan/structures-needed.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { release } from '../build/recipe.ts';
import { failure, lastGood, transition } from '../build/record.ts';
import { worldOf } from '../build/running.ts';
import { service, swarmView, task } from '../build/swarm.ts';

const v1 = '1.0.0+1.0.0';
const v11 = '1.1.0+1.1.0';
const releases = [release(v1), release(v11)];
const app = warmApp('book');
const pinned = warmApp('book', { version: { kind: 'pinned', tag: v1 } });

function byHand(over: Partial<ServiceView> = {}): SwarmView {
  const up = service(app.stack, 'app', { image: 'images.example.org/app:1.0.0', ...over });
  return swarmView({ services: [up], tasks: [task(up)] });
}

const labelled = { [`coop-cloud.${app.stack}.version`]: v1 };

/** Every recipe has image `:1.0.0`; the differences are the gate's own affair. */
function seen(of: typeof app, swarm: SwarmView, record: Parameters<typeof worldOf>[2] = {}): World {
  return worldOf(of, releases, record, { swarm: known(swarm) });
}

function plan(of: typeof app, world: World): PlanEntry {
  const [entry] = planPass(desiredOf([of]), world).entries;
  if (entry === undefined) throw new Error('an empty plan');
  return entry;
}

describe('a stack that somebody else deployed', () => {
  test('is adopted as the version that its label names, though a newer one is wanted', () => {
    const { decision, hold } = plan(app, seen(app, byHand({ labels: labelled })));

    expect(hold).toBeNull();
    expect(decision).toMatchObject({
      kind: 'start',
      transition: 'adopt',
      input: { from: null, to: { version: v1 }, adopts: { [`${app.stack}_app`]: 10 } },
    });
  });

  test('is adopted as the version that is pinned, where no label says one', () => {
    expect(plan(pinned, seen(pinned, byHand())).decision).toMatchObject({
      transition: 'adopt',
      input: { to: { version: v1 } },
    });
  });

  test('is compared with the newest where nobody says which it is, and the hold says what to pin', () => {
    const entry = plan(app, seen(app, byHand({ image: 'images.example.org/app:9.9.9' })));

    expect(entry.decision.kind).toBe('held');
    expect(entry.hold).toMatchObject({
      version: v11,
      reasons: [{ reason: 'ForeignImage' }, { reason: 'ForeignVersion', to: v11 }],
    });
  });

  test('is compared with the version that is pinned, and then no other is asked for', () => {
    const entry = plan(pinned, seen(pinned, byHand({ image: 'images.example.org/app:9.9.9' })));

    expect(entry.hold).toMatchObject({ version: v1, reasons: [{ reason: 'ForeignImage' }] });
    expect(entry.hold?.reasons).toHaveLength(1);
  });

  test('is held where its services say different versions', () => {
    const up = service(app.stack, 'app', { labels: labelled });
    const key = `coop-cloud.${app.stack}.version`;
    const other = service(app.stack, 'worker', { labels: { [key]: v11 } });

    const entry = plan(app, seen(app, swarmView({ services: [up, other] })));

    expect(entry.hold?.reasons).toMatchObject([
      { reason: 'ForeignVersion', message: expect.stringContaining(`${v1}, ${v11}`) as string },
    ]);
  });

  test.each([
    {
      name: 'a version that the recipe does not have',
      labels: { ...labelled, [`coop-cloud.${app.stack}.version`]: '7.0.0+7' },
    },
    {
      name: 'that it is of no release',
      labels: { ...labelled, [`coop-cloud.${app.stack}.chaos`]: 'true' },
    },
  ])('is held where its labels say $name', ({ labels }) => {
    const entry = plan(app, seen(app, byHand({ labels })));

    expect(entry.decision.kind).toBe('held');
    expect(entry.hold?.reasons).toMatchObject([
      { kind: 'held-adoption', reason: 'ForeignVersion' },
    ]);
  });

  test('L1: is left alone while its recipe could not be read', () => {
    const world = seen(app, byHand({ labels: labelled }));
    const structures = new Map(
      [...world.structures.keys()].map((key) => [key, unknown('git is away')] as const),
    );

    expect(plan(app, { ...world, structures }).decision).toEqual({
      kind: 'unknown',
      why: 'git is away',
    });
  });

  test('is held while it is ill by the looks of it: no approval adopts what is ill', () => {
    const ill = { ...byHand({ labels: labelled }), tasks: [] };

    const entry = plan({ ...app, approved: v1 }, seen({ ...app, approved: v1 }, ill));

    expect(entry.hold?.reasons).toMatchObject([
      { kind: 'held-unhealthy' },
      { reason: 'NotWhileIll' },
    ]);
  });

  test('is held with the illness that the health gate found, until it is judged again', () => {
    const swarm = byHand({ labels: labelled });
    const world = seen(app, swarm);
    const start = plan(app, world).decision;
    if (start.kind !== 'start') throw new Error(start.kind);
    const ended = transition({
      kind: 'adopt',
      end: 'abandoned',
      toSpecHash: start.input.to.specHash,
      endedAt: new Date(world.nowMs - 1000).toISOString(),
      failure: failure({ reason: 'ProbeFailed', message: 'GET / answers 500' }),
    });

    const entry = plan(app, seen(app, swarm, { history: [ended] }));

    expect(entry.decision).toMatchObject({ kind: 'held', untilMs: world.nowMs + 9000 });
    const then = { ...seen(app, swarm, { history: [ended] }), nowMs: world.nowMs + 9000 };
    expect(plan(app, then).decision).toMatchObject({ kind: 'start', transition: 'adopt' });
    expect(entry.hold?.reasons).toMatchObject([
      { kind: 'held-unhealthy', reason: 'ProbeFailed' },
      { reason: 'NotWhileIll' },
    ]);
  });

  test('L1: is adopted in a while, and not held for an illness, where the machine was at fault', () => {
    const swarm = byHand({ labels: labelled });
    const world = seen(app, swarm);
    const start = plan(app, world).decision;
    if (start.kind !== 'start') throw new Error(start.kind);
    const ended = transition({
      kind: 'adopt',
      end: 'abandoned',
      toSpecHash: start.input.to.specHash,
      endedAt: new Date(world.nowMs - 1000).toISOString(),
      failure: failure({ verdict: 'inconclusive', reason: 'NoAnswer', message: 'no answer' }),
    });

    const entry = plan(app, seen(app, swarm, { history: [ended] }));

    expect(entry.hold).toBeNull();
    expect(entry.decision).toMatchObject({ kind: 'backing-off', reason: 'NoAnswer' });
  });

  test('R2: is held when one of its services is free and another is not', () => {
    const free = service(app.stack, 'app', { labels: labelled });
    const taken = service(app.stack, 'db', { labels: { 'dev.ci-warm.app': 'other' } });
    const tasks = [task(free), task(taken)];

    const entry = plan(app, seen(app, swarmView({ services: [free, taken], tasks })));

    expect(entry.hold?.reasons).toMatchObject([{ reason: 'ForeignStack' }]);
  });

  test('R2: is held when a service of it carries the label of another app', () => {
    const labels = { ...labelled, 'dev.ci-warm.app': 'other' };

    expect(plan(app, seen(app, byHand({ labels }))).hold?.reasons).toMatchObject([
      { reason: 'ForeignStack' },
    ]);
  });

  test('is adopted although an adoption that was broken off has left our label on it', () => {
    const labels = { ...labelled, 'dev.ci-warm.app': 'book', 'dev.ci-warm.spec': 'sha256:old' };

    const swarm = byHand({ labels });
    const ofAnother = task(service('shop', 'app'), { specHash: 'sha256:shop' });

    expect(
      plan(app, seen(app, { ...swarm, tasks: [...swarm.tasks, ofAnother] })).decision,
    ).toMatchObject({ transition: 'adopt' });
  });

  test('is held when we deployed it and have lost the record: its tasks carry our label', () => {
    const labels = { ...labelled, 'dev.ci-warm.app': 'book' };
    const swarm = byHand({ labels });
    const tasks = swarm.tasks.map((one) => ({ ...one, specHash: 'sha256:old' }));

    expect(plan(app, seen(app, { ...swarm, tasks })).hold?.reasons).toMatchObject([
      { reason: 'ForeignStack' },
    ]);
  });

  test('is held when some of its tasks are ours, though another one is not', () => {
    const labels = { ...labelled, 'dev.ci-warm.app': 'book' };
    const swarm = byHand({ labels });
    const ours = swarm.tasks.map((one) => ({ ...one, id: 'ours', specHash: 'sha256:old' }));

    const world = seen(app, { ...swarm, tasks: [...swarm.tasks, ...ours] });

    expect(plan(app, world).hold?.reasons).toMatchObject([{ reason: 'ForeignStack' }]);
  });

  test('has its recipe read at the one version that it may be, and nothing is read where nothing runs', () => {
    const desired = desiredOf([app]);
    const tagsOf = (swarm: SwarmView): readonly string[] =>
      structuresNeeded(desired, seen(app, swarm)).map(({ release: { version } }) => version);

    expect(tagsOf(byHand({ labels: labelled }))).toEqual([v1]);
    expect(tagsOf(swarmView())).toEqual([]);
  });
});

test('an adopted image that is no digest is the one of last_good for as long as the service calls it so', () => {
  const good = lastGood(app, v1);
  const tagged = 'images.example.org/book:1.0.0';
  const labels = {
    'dev.ci-warm.app': 'book',
    'dev.ci-warm.spec': good.specHash,
    'dev.ci-warm.adopted': `${tagged} ${good.images['app'] ?? ''}`,
  };
  const drift = (image: string): string =>
    judgeDrift(byHand({ image, labels }), 'book', app.stack, good).kind;

  expect(drift(tagged)).toBe('none');
  expect(drift('images.example.org/book:1.0.1')).toBe('replaced');
});
