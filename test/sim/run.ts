/**
 * One world from its beginning to its end. Safety: faults throughout, and no rule may break. Liveness: the faults stop, and
 * within a bound every app is ready or in a condition that has a name; then nothing more is begun (L3).
 */
import type { ObjectStatus } from '../../controller/model/condition.ts';
import { isRipening } from './asked.ts';
import { recipeFrom } from './catalogue.ts';
import { Door, go, type Call, type Policy } from './call.ts';
import { leftAtRest } from './drilled.ts';
import { mend, schedule } from './happen.ts';
import { settleFound } from './found.ts';
import { isServing } from './invariants.ts';
import { live } from './life.ts';
import { createRng, type Rng } from './rng.ts';
import { undelivered } from './post.ts';
import type { Violation } from './seen.ts';
import type { Scenario } from './scenario.ts';
import { turn, turnOfPromises } from './time.ts';
import { startMs, World, type Note } from './world.ts';

export interface Outcome {
  readonly violations: readonly Violation[];
  readonly calls: number;
  readonly kills: number;
  /** Of the kills. */
  readonly powerCuts: number;
  /** Injected failures. */
  readonly failures: number;
  readonly virtualMs: number;
  /** How each app ended, in words. */
  readonly ends: Readonly<Record<string, string>>;
  /** Why the apps were not simply ready, of all that was ever said: `<app> <reason>`. */
  readonly reasons: ReadonlySet<string>;
  readonly notes: readonly Note[];
  readonly world: World;
}

export interface RunOptions {
  /** Instead of the scenario's rates; the faults of liveness are none in any case. */
  readonly policy?: Policy;
  readonly isRecorded?: boolean;
}

/** Virtual time within which everything has to be at rest: longer than the longest back-off, three times over. */
const LIVENESS_MS = 3 * 3_600_000;
const QUIET_MS = 150_000;
const WARM_MS = 120_000;
const CALLS_MAX = 60_000;
const LOOK_MS = 2000;
const RESTART_MS = { from: 200, to: 4000 };

export async function runWorld(scenario: Scenario, options: RunOptions = {}): Promise<Outcome> {
  const run = new Run(scenario, options);
  await run.start();
  if (scenario.isWarm) await run.drive(WARM_MS, () => run.isAtRest());
  run.beginFaults();
  await run.drive(scenario.safetyMs, () => false);
  run.endFaults();
  const isLive = await run.drive(LIVENESS_MS, () => run.isAtRest());
  if (!isLive) run.failLiveness();
  const before = run.world.rules.begins;
  await run.drive(QUIET_MS, () => false);
  if (run.world.rules.begins > before) run.world.rules.fail('L3', 'at rest, and begins again');
  for (const { name } of run.world.wanted.apps) {
    const left = leftAtRest(run.world, name);
    if (left !== undefined) run.world.rules.fail('R2', `${left} of a drill is left`);
  }
  const [late] = undelivered(run.world);
  if (late !== undefined) run.world.rules.fail('A1', `${late} does not reach everybody`);
  await turn();
  return run.outcome();
}

class Run {
  readonly world: World;
  readonly #scenario: Scenario;
  readonly #chance: Rng;
  readonly #postChance: Rng;
  #policy: Policy = () => go;
  readonly #faulty: Policy;
  readonly #isDrawn: boolean;
  #incarnation = 0;
  #calls = 0;
  #kills = 0;
  #powerCuts = 0;
  #failures = 0;
  #restAt = 0;
  readonly #reasons = new Set<string>();
  readonly #heard = new WeakSet<ObjectStatus>();
  #isAlive: { value: boolean } = { value: false };

  constructor(scenario: Scenario, options: RunOptions) {
    this.#scenario = scenario;
    this.#chance = createRng(scenario.seed + 7);
    this.#postChance = createRng(scenario.seed + 23);
    this.#isDrawn = options.policy === undefined;
    this.#faulty = options.policy ?? ((call) => this.#draw(call, this.#chance));
    this.world = new World({
      rng: createRng(scenario.seed + 1),
      isRecorded: options.isRecorded === true,
      nodes: scenario.nodes ?? 1,
      recipes: scenario.apps.map(({ name, releases, data }) =>
        recipeFrom(name, releases, data === 'Stateful'),
      ),
      wanted: {
        damage: 'none',
        apps: scenario.apps.map(({ name, data, version, minAgeMs = 0, isBehindProxy = false }) => ({
          name,
          data,
          version,
          approved: undefined,
          suspend: false,
          minAgeMs,
          isBehindProxy,
          env: {},
        })),
      },
    });
  }

  async start(): Promise<void> {
    if (this.#incarnation === 0) this.#settleFound();
    this.#incarnation += 1;
    const life = { value: true };
    this.#isAlive = life;
    const { world } = this;
    const isAlive = (): boolean => life.value;
    const sleep = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        world.time.after(ms, resolve, true);
      });
    const door = new Door({
      isAlive,
      sleep,
      incarnation: this.#incarnation,
      kill: (isPowerCut) => this.kill(isPowerCut),
      nextNumber: () => (this.#calls += 1),
      policy: () => this.#policy,
      before: (call, fate) => {
        if (this.#chance.chance(0.05)) world.swarm.writeEverywhere();
        if (fate.kind === 'fail') this.#failures += 1;
        if (world.isRecorded && (fate !== go || call.mutates)) {
          world.note('call', `#${call.number} ${call.name} ${call.of} ${JSON.stringify(fate)}`);
        }
      },
      after: ({ mutates, name }) => {
        world.rules.afterCall();
        if (mutates && !name.startsWith('fs.')) world.rules.lookAtStrangers();
      },
    });
    const postDoor = this.#postDoor(isAlive, sleep);
    void live({ world, door, postDoor, sleep }, isAlive, new AbortController().signal);
    await turnOfPromises();
  }

  /** Only what is drawn befalls it: a policy of a test counts the calls of the loop. */
  #postDoor(isAlive: () => boolean, sleep: (ms: number) => Promise<void>): Door {
    return new Door({
      isAlive,
      sleep,
      incarnation: this.#incarnation,
      kill: (isPowerCut) => this.kill(isPowerCut),
      nextNumber: () => 0,
      policy: () =>
        this.#policy === this.#faulty && this.#isDrawn
          ? (call) => this.#draw(call, this.#postChance)
          : () => go,
      before: (call, fate) => {
        if (fate === go) return;
        if (fate.kind === 'fail') this.#failures += 1;
        this.world.note('call', `${call.name} ${call.of} ${JSON.stringify(fate)}`);
      },
      after: () => undefined,
    });
  }

  #settleFound(): void {
    for (const { name, found } of this.#scenario.apps) {
      const recipe = this.world.recipes.get(name);
      if (found !== undefined && recipe !== undefined) settleFound(this.world, recipe, found);
    }
  }

  /** The controller is gone between two instructions; the next one starts a little later. */
  kill(isPowerCut: boolean): void {
    if (!this.#isAlive.value) return;
    this.#isAlive.value = false;
    this.#kills += 1;
    this.world.note('event', isPowerCut ? 'the power is cut' : 'the controller is killed');
    if (isPowerCut) {
      this.#powerCuts += 1;
      this.world.cutPower();
    }
    this.world.time.after(
      this.#chance.between(RESTART_MS.from, RESTART_MS.to),
      () => {
        this.world.note('event', 'a controller starts');
        void this.start();
      },
      true,
    );
  }

  beginFaults(): void {
    this.world.note('event', 'faults begin');
    this.#policy = this.#faulty;
    const shiftMs = this.world.time.nowMs - startMs;
    const happenings = this.#scenario.happenings.map(({ atMs, what }) => ({
      atMs: atMs + shiftMs,
      what,
    }));
    schedule(this.world, happenings, (isPowerCut) => this.kill(isPowerCut));
  }

  endFaults(): void {
    this.world.note('event', 'faults end');
    this.#policy = () => go;
    this.#restAt = this.world.time.nowMs + 70_000;
    mend(this.world);
  }

  /** True when `isDone` said so in time. Looks every two seconds of virtual time. */
  async drive(forMs: number, isDone: () => boolean): Promise<boolean> {
    const { time, rules } = this.world;
    const untilMs = time.nowMs + forMs;
    let lookMs = time.nowMs + LOOK_MS;
    await turnOfPromises();
    while (rules.violations.length === 0) {
      const ran = time.runNext(Math.min(untilMs, lookMs));
      if (ran === 'awaited') await turnOfPromises();
      if (this.#calls > CALLS_MAX) rules.fail('P6', 'it goes round in circles');
      if (ran !== 'idle' && time.nowMs < lookMs) continue;
      this.#listen();
      if (isDone()) return true;
      if (time.nowMs >= untilMs) return false;
      lookMs = time.nowMs + LOOK_MS;
    }
    return true;
  }

  #listen(): void {
    for (const { name } of this.world.wanted.apps) {
      const status = this.world.state.statusOf(name);
      if (status === undefined || this.#heard.has(status)) continue;
      this.#heard.add(status);
      for (const { reason } of status.conditions) this.#reasons.add(`${name} ${reason}`);
    }
  }

  isAtRest(): boolean {
    const { world } = this;
    if (world.time.nowMs < this.#restAt || !world.api.isCalm) return false;
    return world.wanted.apps.every(({ name }) => this.#endOf(name) !== undefined);
  }

  failLiveness(): void {
    for (const { name } of this.world.wanted.apps) {
      if (this.#endOf(name) !== undefined) continue;
      const status = this.world.state.statusOf(name);
      this.world.rules.fail(
        'P5',
        `${name} does not come to rest: ${JSON.stringify(status?.conditions)}`,
      );
    }
  }

  /** The condition that an app rests in; undefined while it does not. */
  #endOf(name: string): string | undefined {
    const { state } = this.world;
    const status = state.statusOf(name);
    const ready = status?.conditions.find(({ type }) => type === 'Ready');
    // Nothing is done, and it says which file is to be repaired.
    if (ready?.reason === 'NoAnswer' && this.world.damage.isNamedIn(name, ready.message)) {
      return 'Unknown damaged';
    }
    if (state.of(name).view.open.length > 0) return undefined;
    if (ready === undefined || ready.status === 'Unknown' || restless.includes(ready.reason)) {
      return undefined;
    }
    if (status?.conditions.some(({ type }) => type === 'Reconciling') === true) return undefined;
    if (isRipening(this.world, name)) return undefined;
    const { lastGood } = state.of(name);
    const held = status?.conditions.find(({ type }) => type === 'UpgradeHeld');
    // What is ill is not adopted, and looked at again.
    if (held?.reason === 'HeldUnhealthy' && lastGood === null) return undefined;
    // Held for an illness that is over: it is lifted by itself.
    if (
      held?.reason === 'HeldUnhealthy' &&
      lastGood !== null &&
      isServing(this.world, name, lastGood)
    ) {
      return undefined;
    }
    if (ready.status === 'True' && lastGood !== null && !isServing(this.world, name, lastGood)) {
      return undefined;
    }
    return `${ready.status} ${ready.reason}`;
  }

  outcome(): Outcome {
    const { world } = this;
    return {
      violations: world.rules.violations,
      calls: this.#calls,
      kills: this.#kills,
      powerCuts: this.#powerCuts,
      failures: this.#failures,
      virtualMs: world.time.nowMs - startMs,
      ends: Object.fromEntries(
        world.wanted.apps.map(({ name }) => [name, this.#endOf(name) ?? 'restless']),
      ),
      reasons: this.#reasons,
      notes: world.notes,
      world,
    };
  }

  #draw(call: Call, chance: Rng): ReturnType<Policy> {
    const { kill, fail, slow } = this.#scenario.rates;
    const drawn = chance.next();
    if (drawn < kill) {
      const when = chance.chance(0.5) ? 'before' : 'after';
      return { kind: 'kill', when, power: chance.chance(0.4) };
    }
    if (drawn < kill + fail && call.errors.length > 0) {
      const when = call.mutates && chance.chance(0.5) ? 'after' : 'before';
      const delayMs = chance.chance(0.2) ? 15_000 : 0;
      return { kind: 'fail', when, code: chance.pick(call.errors), delayMs };
    }
    if (drawn < kill + fail + slow) return { kind: 'go', delayMs: chance.between(1, 1500) };
    return go;
  }
}

const restless: readonly string[] = [
  'BackingOff',
  'Installing',
  'Adopting',
  'Upgrading',
  'Repairing',
  'Restoring',
  'NotSeenYet',
  'Drilling',
  'NoAnswer',
  'DiskFull',
  'ImageMissing',
  'RegistryUnavailable',
  'RegistryDenied',
];
