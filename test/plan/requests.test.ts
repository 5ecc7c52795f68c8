import { describe, expect, test } from 'vitest';
import type { WarmAppSpec } from '../../controller/model/desired.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { PlanEntry } from '../../controller/model/plan.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import { RESTORED_BY_HAND } from '../../controller/model/release.ts';
import type { AppRequest } from '../../controller/model/request.ts';
import type { World } from '../../controller/model/world.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { plan as planOf } from '../build/planned.ts';
import { release } from '../build/recipe.ts';
import { failure, manifest, transition } from '../build/record.ts';
import { provedWith, worldOf } from '../build/running.ts';
import { service, swarmView } from '../build/swarm.ts';

const v1 = '1.0.0+1.0.0';
const v11 = '1.1.0+1.1.0';
const releases = [release(v1), release(v11)];
const app = warmApp('book');
const snapshot = manifest(app, v1);
const restore: AppRequest = {
  id: 'asked-1',
  kind: 'restore',
  snapshotId: snapshot.id,
  at: '2026-11-21T09:20:00Z',
};
const drill: AppRequest = { ...restore, kind: 'drill' };
const retry: AppRequest = { ...restore, kind: 'retry', snapshotId: null };

function seen(record: Partial<AppRecord>, of: WarmAppSpec = app, over: Partial<World> = {}): World {
  const lastGood = provedWith(desiredOf([of]), of, v11);
  return worldOf(of, releases, { lastGood, snapshot: known(snapshot), ...record }, over);
}

function plan(world: World, of: WarmAppSpec = app): PlanEntry {
  return planOf(of, world);
}

describe('a restore that a person asks for', () => {
  test('goes to the version of the snapshot, knows what it leaves, and has the id of the request', () => {
    const entry = plan(seen({ request: restore }));

    expect(entry).toMatchObject({
      target: v1,
      decision: {
        kind: 'start',
        transition: 'restore',
        requestId: 'asked-1',
        input: {
          from: { version: v1, nodeId: snapshot.identity.nodeId },
          leaves: { version: v11 },
          snapshotId: snapshot.id,
        },
      },
    });
  });

  test('brings back the configuration that the snapshot was taken with', () => {
    const env = { COLOUR: 'blue' };
    const taken = { ...snapshot, identity: { ...snapshot.identity, env } };

    const { decision } = plan(seen({ request: restore, snapshot: known(taken) }));

    const { specHash } = snapshot.identity;
    expect(decision).toMatchObject({ input: { from: { env, specHash }, to: { env, specHash } } });
  });

  test('is not begun twice: a journal that knows its id has begun it', () => {
    const history = [transition({ id: 'asked-1', kind: 'restore', toVersion: v1 })];

    const entry = plan(seen({ request: restore, history }));

    expect(entry.refused).toBeUndefined();
    expect(entry.decision).toMatchObject({ kind: 'in-sync' });
  });

  test('L1: waits while the Swarm is unknown', () => {
    const entry = plan(seen({ request: restore }, app, { swarm: unknown('no answer') }));

    expect(entry.refused).toBeUndefined();
    expect(entry.decision).toMatchObject({ kind: 'unknown' });
  });

  test('waits for no recipe repository: the commit is known', () => {
    const recipes = new Map([[app.recipe, unknown('git is away')]]);

    expect(plan(seen({ request: restore }, app, { recipes })).decision).toMatchObject({
      kind: 'start',
      transition: 'restore',
    });
  });

  const suspended = warmApp('book', { suspend: true });
  const stateless = warmApp('book', { data: 'Stateless' });
  test.each<{ name: string; world: World; of?: WarmAppSpec; why: RegExp }>([
    {
      name: 'another snapshot is there by now',
      world: seen({ request: { ...restore, snapshotId: 'older' } }),
      why: /another snapshot/,
    },
    {
      name: 'there is none',
      world: seen({ request: restore, snapshot: known(null) }),
      why: /snapshot/,
    },
    {
      name: 'its manifest is damaged',
      world: seen({ request: restore, snapshot: unknown('manifest.json is damaged') }),
      why: /damaged/,
    },
    {
      name: 'the app is suspended',
      world: seen({ request: restore }, suspended),
      of: suspended,
      why: /suspended/,
    },
    {
      name: 'the app is stateless',
      world: seen({ request: restore }, stateless),
      of: stateless,
      why: /stateless/,
    },
    {
      name: 'somebody else’s service is in its stack',
      world: seen({ request: restore }, app, {
        swarm: known(swarmView({ services: [service(app.stack, 'shell', { labels: {} })] })),
      }),
      why: /not deployed by ci-warm/,
    },
  ])('is refused where $name', ({ world, of, why }) => {
    const entry = plan(world, of);

    expect(entry.refused).toMatchObject({
      id: 'asked-1',
      why: expect.stringMatching(why) as string,
    });
    expect(entry.decision).not.toMatchObject({ transition: 'restore' });
  });
});

describe('after a restore by hand', () => {
  const lastGood = provedWith(desiredOf([app]), app, v1);
  const left = provedWith(desiredOf([app]), app, v11);
  const quarantine = {
    version: left.version,
    commit: left.commit,
    specHash: left.specHash,
    reason: RESTORED_BY_HAND,
    since: '2026-11-21T09:25:00Z',
  };

  test('the version that was left is not gone to again', () => {
    const entry = plan(worldOf(app, releases, { lastGood, quarantine }));

    expect(entry.decision).toMatchObject({
      kind: 'quarantined',
      version: v11,
      message: expect.stringContaining('a person went back from it') as string,
    });
  });

  test('and neither is its configuration, which would be another change that nobody asked for', () => {
    const restored = provedWith(desiredOf([app]), { ...app, env: { TITLE: 'as before' } }, v1);

    const entry = plan(worldOf(app, releases, { lastGood: restored, quarantine }));

    expect(entry.decision).toMatchObject({ kind: 'quarantined', version: v11 });
  });

  test('a newer one is', () => {
    const newer = release('1.2.0+1.2.0');

    const entry = plan(worldOf(app, [...releases, newer], { lastGood, quarantine }));

    expect(entry.decision).toMatchObject({ kind: 'start', input: { to: { version: newer.tag } } });
  });

  test('that was stranded, the way on is to the snapshot again, and away from what was to be left', () => {
    const history = [
      transition({
        id: 'asked-1',
        kind: 'restore',
        end: 'stranded',
        toVersion: v1,
        failure: failure(),
      }),
    ];

    const entry = plan(seen({ history }, app, { swarm: known(swarmView()) }));

    expect(entry.decision).toMatchObject({
      kind: 'start',
      transition: 'restore',
      input: { from: { version: v1 }, leaves: { version: v11 }, snapshotId: snapshot.id },
    });
  });
});

describe('U1: the way back after one that failed knows what had failed', () => {
  const lastGood = provedWith(desiredOf([app]), app, v1);
  const { version, commit, env, specHash } = provedWith(desiredOf([app]), app, v11);
  const failed = { version, commit, env, specHash };
  const stranded = transition({
    id: snapshot.id,
    end: 'stranded',
    toVersion: v11,
    failed,
    failure: failure(),
  });
  const again = transition({
    id: 'again',
    kind: 'restore',
    end: 'stranded',
    toVersion: v1,
    failed,
  });
  const undeployed = { swarm: known(swarmView()) };

  test.each<{ name: string; record: Partial<AppRecord> }>([
    { name: 'by itself', record: { history: [stranded] } },
    { name: 'once more', record: { history: [stranded, again] } },
    { name: 'by hand', record: { history: [stranded], request: restore } },
  ])('$name', ({ record }) => {
    const { decision } = plan(seen({ lastGood, ...record }, app, undeployed));

    expect(decision).toMatchObject({ kind: 'start', transition: 'restore', input: { failed } });
  });
});

describe('a drill that a person asks for', () => {
  test('is about the release of the snapshot, and leaves nothing', () => {
    const { decision } = plan(seen({ request: drill }));

    expect(decision).toMatchObject({ kind: 'start', transition: 'drill', requestId: 'asked-1' });
    expect(decision).not.toHaveProperty('input.leaves');
  });

  test.each([
    { name: 'failed', end: 'abandoned', how: failure() },
    { name: 'succeeded', end: 'succeeded', how: null },
  ] as const)('and that $name changes nothing of what is planned for the app', ({ end, how }) => {
    const stranded = transition({
      id: snapshot.id,
      end: 'stranded',
      toVersion: v11,
      failure: failure(),
    });
    const drilled = transition({ id: 'asked-1', kind: 'drill', end, toVersion: v1, failure: how });
    const lastGood = provedWith(desiredOf([app]), app, v1);
    const world = (history: AppRecord['history']) =>
      seen({ history, lastGood }, app, { swarm: known(swarmView()) });

    expect(plan(world([stranded, drilled]))).toEqual(plan(world([stranded])));
  });
});

describe('a retry that a person asks for', () => {
  const lastGood = provedWith(desiredOf([app]), app, v1);
  const target = provedWith(desiredOf([app]), app, v11);
  const quarantine = {
    version: v11,
    commit: target.commit,
    specHash: target.specHash,
    reason: 'CrashLoop',
    since: '2026-11-21T09:00:00Z',
  };
  const justFailed = transition({
    end: 'rolled-back',
    toVersion: v11,
    toSpecHash: target.specHash,
    endedAt: '2026-11-21T09:29:59Z',
    failure: failure(),
  });

  test('plans as if nothing were quarantined, and waits for no back-off', () => {
    const record = { lastGood, quarantine, history: [justFailed] };

    expect(plan(worldOf(app, releases, record)).decision.kind).toBe('quarantined');
    expect(plan(worldOf(app, releases, { ...record, request: retry })).decision).toMatchObject({
      kind: 'start',
      transition: 'upgrade',
    });
  });

  test.each<{ name: string; lifts: string | null }>([
    { name: 'another quarantine', lifts: '2026-11-21T08:00:00Z' },
    { name: 'none', lifts: null },
  ])('U3: leaves what was quarantined since it was asked for, when there was $name', (asked) => {
    const request = { ...retry, lifts: asked.lifts };
    const record = { lastGood, quarantine, history: [justFailed], request };

    expect(plan(worldOf(app, releases, record)).decision.kind).toBe('quarantined');
    const same = { ...record, request: { ...retry, lifts: quarantine.since } };
    expect(plan(worldOf(app, releases, same)).decision.kind).toBe('start');
  });
});
