import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import { Door, type Call } from '../sim/call.ts';
import { recipeFrom } from '../sim/catalogue.ts';
import { live } from '../sim/life.ts';
import { createRng } from '../sim/rng.ts';
import { draft } from '../sim/scenario.ts';
import { turn } from '../sim/time.ts';
import type { WantedApp } from '../sim/wanted.ts';
import { World } from '../sim/world.ts';

const APPS = 200;
const CHANGES = 50;
const ROUNDS = 3;
const ENGINE_MS = 2000;
const AT_ONCE = 8;
/** Of a port each, passes included, and the eleven looks that health takes where they lie so far apart. */
const CALLS_PER_CHANGE = 30;
const LIMIT_MS = 4 * 3_600_000;

const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'].slice(0, ROUNDS + 1);
const tagOf = (version: string): string => `${version}+${version}`;
const names = Array.from({ length: APPS }, (_, index) => `app${String(index).padStart(3, '0')}`);
const changed = names.slice(0, CHANGES);

/** A controller over 200 apps and an Engine that takes two seconds for each answer. */
class Host {
  readonly world: World;
  engineCalls = 0;
  /** The most of them at any moment. */
  lookedAtOnce = 0;
  askedAtOnce = 0;
  transitionsAtOnce = 0;
  #numbers = 0;
  #looking = 0;
  #asking = 0;
  readonly #open = new Set<string>();

  constructor() {
    const releases = versions.map((version) => ({ ...draft, version }));
    this.world = new World({
      rng: createRng(1),
      isRecorded: false,
      recipes: names.map((name) => recipeFrom(name, releases, false)),
      wanted: { damage: 'none', apps: names.map((name) => wantedAt(name, '1.0.0')) },
    });
    const { time } = this.world;
    const sleep = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        time.after(ms, resolve, true);
      });
    const door = new Door({
      isAlive: () => true,
      kill: () => undefined,
      incarnation: 1,
      nextNumber: () => (this.#numbers += 1),
      policy: () => (call) => ({ kind: 'go', delayMs: isOfEngine(call) ? ENGINE_MS : 0 }),
      sleep,
      before: (call) => this.#begin(call),
      after: (call) => this.#end(call),
    });
    void live(
      { world: this.world, door, postDoor: door, sleep },
      () => true,
      new AbortController().signal,
    );
  }

  #begin(call: Call): void {
    if (call.name === 'engine.observe') this.#looking += 1;
    this.lookedAtOnce = Math.max(this.lookedAtOnce, this.#looking);
    if (!isOfEngine(call)) return;
    this.engineCalls += 1;
    this.#asking += 1;
    this.askedAtOnce = Math.max(this.askedAtOnce, this.#asking);
  }

  #end(call: Call): void {
    if (call.name === 'engine.observe') this.#looking -= 1;
    if (isOfEngine(call)) this.#asking -= 1;
    if (call.name !== 'store.append') return;
    if (this.world.state.of(call.of).view.open.length > 0) this.#open.add(call.of);
    else this.#open.delete(call.of);
    this.transitionsAtOnce = Math.max(this.transitionsAtOnce, this.#open.size);
  }

  change(version: string): void {
    const { wanted } = this.world;
    const apps = names.map((name, index) =>
      changed.includes(name) ? wantedAt(name, version) : (wanted.apps[index] ?? wantedAt(name, '')),
    );
    this.world.edit({ ...wanted, apps });
  }

  async until(isDone: () => boolean): Promise<void> {
    const { time } = this.world;
    const untilMs = time.nowMs + LIMIT_MS;
    await turn();
    while (!isDone()) {
      if (time.nowMs >= untilMs) throw new Error('not within four hours');
      if (time.runNext(untilMs) === 'awaited') await turn();
    }
  }

  /** How many of the apps say this of themselves. */
  saying(reason: string): number {
    return this.world.state.statuses.filter(
      ({ kind, conditions }) =>
        kind === 'WarmApp' &&
        conditions.some((one) => one.type === 'Ready' && one.reason === reason),
    ).length;
  }

  runAt(version: string): number {
    return changed.filter((name) => this.world.state.of(name).lastGood?.version === tagOf(version))
      .length;
  }
}

function isOfEngine({ name }: Call): boolean {
  return /^(?:engine|images|secrets|driver)\./.test(name);
}

function wantedAt(name: string, version: string): WantedApp {
  return {
    name,
    data: 'Stateless',
    version: tagOf(version),
    approved: undefined,
    suspend: false,
    env: {},
    minAgeMs: 0,
  };
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('200 apps, 50 changes at once, and an Engine that takes two seconds for each answer', () => {
  const host = new Host();
  const waiting: number[] = [];
  const heaps: number[] = [];
  const calls: number[] = [];

  beforeAll(async () => {
    await host.until(() => host.saying('InSync') === APPS);
    for (const version of versions.slice(1)) {
      const before = host.engineCalls;
      host.change(version);
      await host.until(() => host.saying('Upgrading') > 0);
      waiting.push(host.saying('Waiting'));
      await host.until(() => host.runAt(version) === CHANGES && host.saying('InSync') === APPS);
      calls.push(host.engineCalls - before);
      heaps.push(heapBytes());
    }
  }, 300_000);

  test('are done, all of them', () => {
    expect(host.runAt(versions.at(-1) ?? '')).toBe(CHANGES);
  });

  test('no pass overlaps itself', () => {
    expect(host.lookedAtOnce).toBe(1);
  });

  test('eight transitions are under way at a time, and the others say that they wait', () => {
    expect(host.transitionsAtOnce).toBe(AT_ONCE);
    expect(waiting).toEqual(waiting.map(() => CHANGES - AT_ONCE));
  });

  test('the Engine is asked by one pass and eight transitions at a time, and a bounded number of times for each change', () => {
    expect(host.askedAtOnce).toBeLessThanOrEqual(AT_ONCE + 1);
    for (const asked of calls) expect(asked / CHANGES).toBeLessThan(CALLS_PER_CHANGE);
  });

  test('memory does not grow with what was done', () => {
    expect(heaps.at(-1)).toBeLessThan((heaps[0] ?? 0) * 1.3);
  });
});
