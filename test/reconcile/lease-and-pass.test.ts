import { describe, expect, test } from 'vitest';
import type { LeaseKeeper } from '../../controller/reconcile/lease-keeper.ts';
import type { Standing } from '../../controller/reconcile/lease-tenure.ts';
import { Door, go } from '../sim/call.ts';
import { recipeFrom } from '../sim/catalogue.ts';
import { live } from '../sim/life.ts';
import { createRng } from '../sim/rng.ts';
import { draft } from '../sim/scenario.ts';
import { turn } from '../sim/time.ts';
import type { WantedApp } from '../sim/wanted.ts';
import { World } from '../sim/world.ts';

const rival: Standing = { kind: 'rival', holder: 'other-host/0123', isAlive: true };

/** One stateful app, and a controller whose standing is the test's to say. */
class Scene {
  standing: Standing;
  readonly world = new World({
    rng: createRng(3),
    isRecorded: true,
    recipes: [recipeFrom('alpha', [draft], true)],
    wanted: {
      damage: 'none',
      apps: [
        {
          name: 'alpha',
          data: 'Stateful',
          version: 'latest',
          approved: undefined,
          suspend: false,
          env: {},
          minAgeMs: 0,
        },
      ],
    },
  });
  changes = 0;
  #life = 0;
  readonly needed: string[] = [];
  readonly kept: (readonly string[])[] = [];

  constructor(standing: Standing) {
    this.standing = standing;
    this.#start(() => this.#life === 0);
  }

  /** The Swarm and its volumes stay; the controller is another one, with a state directory that knows of nothing. */
  elsewhere(standing: Standing): void {
    this.#life += 1;
    this.standing = standing;
    for (const path of ['alpha/last_good', 'alpha/last_good.json', 'alpha/journal.jsonl']) {
      this.world.disk.files.remove(`/state/${path}`);
    }
    this.world.disk.files.remove('/state/status');
    this.#start(() => true);
  }

  #start(isAlive: () => boolean): void {
    const { time } = this.world;
    const lease: LeaseKeeper = {
      need: (needed) => {
        this.needed.push(...needed);
        return Promise.resolve();
      },
      standing: () => this.standing,
      rivals: () => [],
      keepOnly: (scopes) => {
        this.kept.push([...scopes]);
        return Promise.resolve();
      },
    };
    const sleep = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        time.after(ms, resolve, true);
      });
    const door = new Door({
      isAlive,
      kill: () => undefined,
      incarnation: 1,
      nextNumber: () => 0,
      policy: () => () => go,
      sleep,
      before: ({ mutates, name }) => {
        if (mutates && !/^(?:store\.write|alerts|fs\.)/.test(name)) this.changes += 1;
      },
      after: () => this.world.rules.afterCall(),
    });
    void live(
      { world: this.world, door, postDoor: door, sleep },
      isAlive,
      new AbortController().signal,
      lease,
    );
  }

  async pass(forMs: number): Promise<void> {
    const untilMs = this.world.time.nowMs + forMs;
    await turn();
    while (this.world.time.runNext(untilMs) !== 'idle') await turn();
  }

  get ready(): string | undefined {
    const status = this.world.state.statuses.find(({ kind }) => kind === 'WarmApp');
    const ready = status?.conditions.find(({ type }) => type === 'Ready');
    return ready === undefined ? undefined : `${ready.status} ${ready.reason}: ${ready.message}`;
  }

  get alerts(): readonly string[] {
    return this.world.state.alerts.map(({ alert }) => `${alert.kind} ${alert.app}`);
  }

  get phases(): readonly string[] {
    return this.world.state.of('alpha').records.map(({ phase, event }) => `${phase} ${event}`);
  }
}

test('while another controller has the lease nothing is begun or written down, and the app says for whom it waits', async () => {
  const scene = new Scene(rival);

  await scene.pass(600_000);

  expect(scene.changes).toBe(0);
  expect(scene.ready).toMatch(/^Unknown Waiting: Stands by: .*other-host\/0123 has the lease/);
  expect(new Set(scene.needed)).toEqual(new Set(['ci.example.org']));
});

test('L1: while nobody knows whose the lease is, nothing is begun, and the app says so', async () => {
  const scene = new Scene({ kind: 'unanswered', why: 'The Swarm has no leader' });

  await scene.pass(600_000);

  expect(scene.changes).toBe(0);
  expect(scene.ready).toMatch(/^Unknown NoAnswer: The Swarm has no leader/);
});

describe('A1: a second controller, with another state directory, over what the first one keeps', () => {
  const unanswered: Standing = { kind: 'unanswered', why: 'The Swarm has no leader' };

  test.each([
    { name: 'the lease is the first one’s', standing: rival, ready: /^Unknown Waiting: Stands by/ },
    { name: 'nobody can tell whose it is', standing: unanswered, ready: /^Unknown NoAnswer: / },
  ])('stands by and tells nobody of it while $name', async ({ standing, ready }) => {
    const scene = new Scene(held());
    await scene.pass(120_000);

    scene.elsewhere(standing);
    await scene.pass(600_000);

    expect(scene.alerts).toEqual([]);
    expect(scene.ready).toMatch(ready);
  });

  test('looks anew when the lease is its own, and tells what it found', async () => {
    const scene = new Scene(held());
    await scene.pass(120_000);
    scene.elsewhere(rival);
    await scene.pass(120_000);

    scene.standing = held();
    await scene.pass(120_000);

    expect(scene.alerts).toEqual(['held-adoption alpha']);
    expect(scene.ready).toMatch(/^False InstallHeld: /);
  });
});

test('L2: a transition stops when the lease is lost, waits, and goes on from its journal when it is back', async () => {
  const first = new AbortController();
  const scene = new Scene({ kind: 'held', signal: first.signal });
  await scene.pass(1500);
  const before = scene.phases;
  expect(before.at(-1)).toMatch(/ intent$/);

  scene.standing = rival;
  first.abort();
  // The simulated Engine does not heed that it is told to stop: what was asked of it is done.
  await scene.pass(60_000);
  const { changes, phases } = scene;
  await scene.pass(600_000);

  expect(intentsOf(scene.phases)).toEqual(intentsOf(before));
  expect(scene.changes).toBe(changes);
  expect(scene.ready).toMatch(/^Unknown Waiting: /);

  scene.standing = { kind: 'held', signal: new AbortController().signal };
  await scene.pass(120_000);

  expect(scene.ready).toMatch(/^True InSync: /);
  expect(scene.phases.slice(0, phases.length)).toEqual(phases);
  expect(scene.phases.at(-1)).toBe('end outcome');
  expect(scene.phases.filter((phase) => phase === 'begin intent')).toHaveLength(1);
  expect(scene.world.rules.violations).toEqual([]);
});

test.each(['empty', 'unparsable-app', 'invalid-app', 'unreadable-app'] as const)(
  'L1: a tree that is damaged (%s) gives no lease away',
  async (damage) => {
    const scene = new Scene({ kind: 'held', signal: new AbortController().signal });
    await scene.pass(120_000);
    const { world } = scene;

    world.edit({ ...world.wanted, damage });
    await scene.pass(120_000);

    expect(scene.ready).toBeDefined();
    expect(new Set(scene.kept.flat())).toEqual(new Set(['ci.example.org']));
    expect(scene.kept.filter((scopes) => scopes.length === 0)).toEqual([]);
  },
);

test('the lease of an app that nobody wants any more is kept until it is retired, and then given up', async () => {
  const scene = new Scene({ kind: 'held', signal: new AbortController().signal });
  await scene.pass(120_000);

  scene.world.edit({ damage: 'none', apps: gone(scene.world.wanted.apps) });
  const before = scene.kept.length;
  await scene.pass(120_000);
  expect(scene.kept[before]).toEqual(['ci.example.org']);
  expect(scene.kept.at(-1)).toEqual([]);
});

function held(): Standing {
  return { kind: 'held', signal: new AbortController().signal };
}

function gone(apps: readonly WantedApp[]): readonly WantedApp[] {
  return apps.map((app) => ({ ...app, isRemoved: true }));
}

function intentsOf(phases: readonly string[]): readonly string[] {
  return phases.filter((phase) => phase.endsWith('intent'));
}
