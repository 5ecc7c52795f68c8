import { describe, expect, test } from 'vitest';
import type { Desired } from '../../controller/model/desired.ts';
import type { JournalRecord, TransitionSummary } from '../../controller/model/journal.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { PlanEntry } from '../../controller/model/plan.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import type { AppRequest } from '../../controller/model/request.ts';
import { label } from '../../controller/model/swarm.ts';
import type { World } from '../../controller/model/world.ts';
import { checkPlan } from '../../controller/plan/check-plan.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { desiredOf, recipeSpec, warmApp } from '../build/desired.ts';
import { release } from '../build/recipe.ts';
import { appRecord, failure, manifest, transition, transitionInput } from '../build/record.ts';
import { provedWith, worldOf } from '../build/running.ts';
import { service, swarmView } from '../build/swarm.ts';

const v1 = '1.0.0+1.0.0';
const app = warmApp('book');
const wanted = desiredOf([app]);
const nobody: Desired = { ...wanted, warmApps: new Map() };
const lastGood = provedWith(wanted, app, v1);
const graceMs = wanted.settings.disk.orphanGraceMs;
const nowMs = Date.parse('2026-11-21T09:30:00Z');
const at = (ms: number): { since: string } => ({ since: new Date(ms).toISOString() });
const overdue = at(nowMs - graceMs);

const frozen = transitionInput(app, null, v1);
const snapshot = manifest(app, v1);
const retired: TransitionSummary = transition({
  id: snapshot.id,
  kind: 'retire',
  toVersion: v1,
  snapshotId: snapshot.id,
});
const begin: JournalRecord = {
  ...{ at: '', id: 'x', app: 'book', transition: 'install' },
  ...{ phase: 'begin', event: 'intent', input: frozen },
};
const prune: AppRequest = { id: 'asked', kind: 'prune', snapshotId: null, at: '' };

function seen(record: Partial<AppRecord> = {}, over: Partial<World> = {}): World {
  return worldOf(app, [release(v1)], { lastGood, frozen, ...record }, over);
}

/** Nothing of it is deployed. */
function undeployed(record: Partial<AppRecord>): World {
  return seen(record, { swarm: known(swarmView()) });
}

const removedOne = { names: [app.name], doubt: undefined };

function plan(world: World, doubt?: string): PlanEntry {
  const removed = { names: [app.name], doubt };
  const made = planPass(nobody, world, removed);
  expect(checkPlan(made, nobody, world)).toEqual([]);
  expect(planPass(nobody, world, removed)).toEqual(made);
  const [entry] = made.entries;
  if (entry === undefined) throw new Error('an empty plan');
  return entry;
}

describe('an app that nothing asks for', () => {
  test.each([
    { name: 'seen for the first time', orphan: null, untilMs: nowMs + graceMs },
    { name: 'a while ago', orphan: at(nowMs - 1000), untilMs: nowMs - 1000 + graceMs },
    { name: 'one millisecond before its end', orphan: at(nowMs - graceMs + 1), untilMs: nowMs + 1 },
  ])('is kept until its grace time is over: $name', ({ orphan, untilMs }) => {
    const { decision } = plan(seen({ orphan }));

    expect(decision).toMatchObject({ kind: 'orphaned', untilMs, isPrunable: false });
    expect(decision).toMatchObject({
      message: expect.stringContaining(new Date(untilMs).toISOString()) as string,
    });
  });

  test('is then retired, as its record says, whatever volumes it has', () => {
    const { decision } = plan(
      seen({ orphan: overdue, frozen: { ...frozen, app: { ...frozen.app, data: 'Stateless' } } }),
    );

    expect(decision).toMatchObject({
      kind: 'start',
      transition: 'retire',
      input: {
        app: { name: 'book', stack: app.stack, data: 'Stateful' },
        from: lastGood,
        to: { version: v1 },
        snapshotId: null,
      },
    });
  });

  test('is then retired with its recipe where that is by now', () => {
    const moved = recipeSpec(app.recipe, { url: 'https://recipes.example.org/book.git' });
    const desired = { ...nobody, recipes: new Map([[app.recipe, moved]]) };

    const [entry] = planPass(desired, seen({ orphan: overdue }), removedOne).entries;

    expect(entry?.decision).toMatchObject({ input: { app: { recipeUrl: moved.url } } });
  });

  test.each([
    {
      name: 'newer desired state is refused',
      world: seen({ orphan: overdue }),
      doubt: 'newer desired state is refused',
      says: 'refused',
    },
    {
      name: 'somebody else runs a service in its stack',
      world: seen(
        { orphan: overdue },
        { swarm: known(swarmView({ services: [service(app.stack, 'app', { labels: {} })] })) },
      ),
      says: 'was not deployed by ci-warm',
    },
    {
      name: 'somebody put another image in: its data may be another’s',
      world: seen(
        { orphan: overdue },
        {
          swarm: known({
            ...swarmOf(seen()),
            services: swarmOf(seen()).services.map((one) => ({
              ...one,
              image: 'images.example.org/other:2',
            })),
          }),
        },
      ),
      says: 'which may have changed the data',
    },
    {
      name: 'it is ill: its data must not replace its snapshot',
      world: seen({ orphan: overdue }, { swarm: known({ ...swarmOf(seen()), tasks: [] }) }),
      says: 'ill',
    },
    {
      name: 'nothing says how it was deployed',
      world: seen({ orphan: overdue, frozen: null }),
      says: 'its journal does not say',
    },
  ])('is kept running after that while $name', ({ world, doubt, says }) => {
    expect(plan(world, doubt).decision).toMatchObject({
      kind: 'orphaned',
      isPrunable: false,
      message: expect.stringContaining(says) as string,
    });
  });

  test.each([
    { name: 'the Swarm', world: seen({ orphan: overdue }, { swarm: unknown('no leader') }) },
    {
      name: 'its record',
      world: seen({}, { records: new Map([[app.name, unknown('no leader')]]) }),
    },
  ])('is not decided about while $name is unknown (L1)', ({ world }) => {
    expect(plan(world).decision).toEqual({ kind: 'unknown', why: 'no leader' });
  });

  test('R1: goes on with what is under way, and begins nothing beside it', () => {
    const entry = plan(seen({ orphan: overdue, open: [begin] }));

    expect(entry.decision).toMatchObject({ kind: 'in-transition', id: begin.id });
  });

  test('a retirement that failed for the machine’s sake waits before it is tried again', () => {
    const failed = transition({
      kind: 'retire',
      end: 'abandoned',
      toVersion: v1,
      toSpecHash: lastGood.specHash,
      endedAt: new Date(nowMs - 1000).toISOString(),
      failure: failure({ reason: 'DiskFull', message: 'make room' }),
    });

    expect(plan(seen({ orphan: overdue, history: [failed] })).decision).toMatchObject({
      kind: 'backing-off',
      message: 'make room',
    });
  });

  test('what failed and could not be brought back is left as it is: its snapshot is the known-good (S2)', () => {
    const stranded = transition({ end: 'stranded', toVersion: '2.0.0+2.0.0' });

    expect(plan(undeployed({ orphan: overdue, history: [stranded] })).decision).toMatchObject({
      kind: 'orphaned',
      isPrunable: true,
      message: expect.stringContaining('kept as they are') as string,
    });
  });

  test('what was retired stays so: nothing is planned any more', () => {
    const world = undeployed({ orphan: overdue, history: [retired], snapshot: known(snapshot) });

    expect(plan(world).decision).toMatchObject({
      kind: 'orphaned',
      isPrunable: true,
      message: expect.stringContaining(`its data is in snapshot ${snapshot.id}`) as string,
    });
  });
});

test('of a retired app it is told which volumes are left that are not ours, and none of another app', () => {
  const volume = (name: string, stack: string) => ({
    ...{ name, driver: 'local', labels: { [label.stack]: stack }, options: {}, mountpoint: '/' },
  });
  const volumes = [volume('book_photos', app.stack), volume('shop_data', 'shop')];
  const world = seen(
    { orphan: overdue, history: [retired] },
    { swarm: known(swarmView({ volumes })) },
  );

  const { decision } = plan(world);

  expect(decision).toMatchObject({
    message: expect.stringContaining('are left alone: book_photos.') as string,
  });
});

describe('a person who asks for a prune', () => {
  const over = { orphan: overdue, request: prune };

  test('of a retired app has it done', () => {
    const entry = plan(undeployed({ ...over, history: [retired] }));

    expect(entry).toMatchObject({ prune: { id: 'asked', stack: app.stack } });
    expect(entry.refused).toBeUndefined();
  });

  test.each([
    {
      name: 'is kept still',
      world: seen({ ...over, orphan: at(nowMs - 1) }),
      says: 'kept as it is until',
    },
    { name: 'is to be retired first', world: seen(over), says: 'not retired yet' },
    {
      name: 'was retired, while newer desired state is refused',
      world: undeployed({ ...over, history: [retired] }),
      doubt: 'newer desired state is refused',
      says: 'newer desired state is refused',
    },
    {
      name: 'was retired, and runs again',
      world: seen({ ...over, history: [retired] }),
      says: 'not retired yet',
    },
  ])('of one that $name is told when', ({ world, doubt, says }) => {
    const entry = plan(world, doubt);

    expect(entry.prune).toBeUndefined();
    expect(entry.refused).toMatchObject({
      id: 'asked',
      why: expect.stringContaining(says) as string,
    });
  });

  const heir = { ...warmApp('diary'), domain: app.domain, stack: app.stack };
  const ofHeir = { lastGood: provedWith(desiredOf([heir]), heir, v1) };
  const after = transition({ endedAt: '2026-11-21T09:20:00Z' });
  const same = transition({ endedAt: retired.endedAt });
  const before = transition({ endedAt: '2026-11-21T08:00:00Z' });
  const begun = { ...begin, app: heir.name };

  test.each([
    { name: 'is wanted', desired: desiredOf([heir]), other: {}, isRefused: true },
    { name: 'was touched after it', other: { ...ofHeir, history: [after] }, isRefused: true },
    { name: 'is being installed', other: { frozen, open: [begun] }, isRefused: true },
    {
      name: 'was touched in the same second',
      other: { ...ofHeir, history: [same] },
      isRefused: false,
    },
    { name: 'went before it', other: { ...ofHeir, history: [before] }, isRefused: false },
    { name: 'never came to anything', other: { frozen }, isRefused: false },
  ])(
    'R2: of one whose stack name has another app that $name: refused: $isRefused',
    ({ desired = nobody, other, isRefused }) => {
      const world = undeployed({ ...over, history: [retired] });
      const records = new Map([...world.records, [heir.name, known(appRecord(other))]]);

      const { entries } = planPass(desired, { ...world, records }, removedOne);
      const entry = entries.find(({ object }) => object.name === app.name);

      expect(entry?.prune === undefined).toBe(isRefused);
      expect(entry?.refused?.why.includes(`diary has its stack ${app.stack} now`) ?? false).toBe(
        isRefused,
      );
    },
  );

  test('of one is done while others are wanted under stack names of their own', () => {
    const world = undeployed({ ...over, history: [retired] });

    const { entries } = planPass(desiredOf([warmApp('diary')]), world, removedOne);

    expect(entries.find(({ object }) => object.name === app.name)).toMatchObject({
      prune: { id: 'asked', stack: app.stack },
    });
  });

  test('of one that is wanted is refused, and nothing else of the plan is changed', () => {
    const [entry] = planPass(wanted, seen({ request: prune })).entries;

    expect(entry).toMatchObject({
      decision: { kind: 'in-sync' },
      refused: { id: 'asked', why: expect.stringContaining('is wanted') as string },
    });
    expect(entry?.prune).toBeUndefined();
  });

  test.each(['restore', 'retry', 'drill'] as const)(
    'a %s that was asked for an orphan is refused, and prunes nothing',
    (kind) => {
      const request = { ...prune, kind };
      const entry = plan(undeployed({ ...over, history: [retired], request }));

      expect(entry.refused?.id).toBe('asked');
      expect(entry.prune).toBeUndefined();
    },
  );

  test('nobody has asked: nothing of a retired app goes', () => {
    const entry = plan(undeployed({ orphan: overdue, history: [retired] }));

    expect(entry.prune).toBeUndefined();
  });
});

describe('a retired app whose file is back', () => {
  const back = (record: Partial<AppRecord>): PlanEntry['decision'] | undefined =>
    planPass(wanted, undeployed({ history: [retired], snapshot: known(snapshot), ...record }))
      .entries[0]?.decision;

  test('gets its data from its snapshot, and never begins on empty volumes', () => {
    expect(back({})).toMatchObject({
      kind: 'start',
      transition: 'restore',
      input: { from: lastGood, to: { version: v1 }, snapshotId: snapshot.id },
    });
  });

  test.each([
    { name: 'cannot be read', snapshot: unknown('damaged'), decision: { kind: 'unknown' } },
    { name: 'is gone', snapshot: known(null), decision: { kind: 'stalled', reason: 'Stranded' } },
    {
      name: 'is another one',
      snapshot: known({ ...snapshot, id: 'other' }),
      decision: { kind: 'stalled', reason: 'Stranded' },
    },
  ])('stays as it is when that snapshot $name', ({ snapshot: other, decision }) => {
    expect(back({ snapshot: other })).toMatchObject(decision);
  });

  test('is simply deployed again when it had no volumes', () => {
    const bare = { ...retired, snapshotId: null };

    expect(back({ history: [bare], snapshot: known(null) })).toMatchObject({
      kind: 'start',
      transition: 'repair',
    });
  });

  test('a retirement that stranded ran nothing else on the data: it is put back', () => {
    const stranded = { ...retired, end: 'stranded' as const };

    expect(back({ history: [stranded] })).toMatchObject({ kind: 'start', transition: 'repair' });
  });
});

function swarmOf(world: World) {
  if (!world.swarm.known) throw new Error('the Swarm is known here');
  return world.swarm.value;
}
