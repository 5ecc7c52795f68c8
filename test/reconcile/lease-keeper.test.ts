import { expect, test } from 'vitest';
import type { Clock } from '../../controller/ports/clock.ts';
import { createLeaseKeeper } from '../../controller/reconcile/lease-keeper.ts';
import { createRng } from '../sim/rng.ts';
import { SimTime, turn } from '../sim/time.ts';
import { MemoryLeaseStore } from '../support/memory-leases.ts';

const scope = 'ci.example.org';
const second = 1000;

/** Some controllers over one store of leases. Their clocks agree on nothing but on how fast time goes. */
class Town {
  readonly time = new SimTime(0);
  readonly store = new MemoryLeaseStore();
  readonly people: Person[] = [];
  #ids = 0;

  arrive(holder: string): Person {
    const person = this.#make(holder);
    this.people.push(person);
    void person.keeper.need([scope]);
    return person;
  }

  /** Lets time go by; fails when two may act at once. */
  async pass(forMs: number): Promise<void> {
    const untilMs = this.time.nowMs + forMs;
    await turn();
    while (this.time.runNext(untilMs) !== 'idle') {
      await turn();
      const acting = this.people.filter((person) => person.mayAct());
      if (acting.length > 1) {
        throw new Error(`${acting.map(({ holder }) => holder).join(' and ')} act at once`);
      }
    }
  }

  #make(holder: string): Person {
    const { time } = this;
    const shiftMs = (this.#ids += 1) * 7_777_777;
    const life = { isAlive: true };
    const clock: Clock = {
      now: () => time.nowMs - shiftMs,
      newId: () => `${holder}-${String((this.#ids += 1))}`,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          const done = (): void => {
            if (life.isAlive) resolve();
          };
          if (signal.aborted) done();
          else {
            time.after(ms, done, true);
            signal.addEventListener('abort', done);
          }
        }),
    };
    const stop = new AbortController();
    const way = this.store.way();
    const told: string[] = [];
    const tell = (message: string): void => void told.push(message);
    const keeper = createLeaseKeeper({
      leases: way,
      clock,
      holder,
      signal: stop.signal,
      elapsedMs: () => time.nowMs + shiftMs,
      log: { debug: tell, info: tell, warn: tell, error: tell },
      onChange: () => undefined,
    });
    const mayAct = (): boolean => {
      const standing = keeper.standing(scope);
      return life.isAlive && standing.kind === 'held' && !standing.signal.aborted;
    };
    return { holder, keeper, way, told, stop, life, mayAct };
  }
}

interface Person {
  readonly holder: string;
  readonly keeper: ReturnType<typeof createLeaseKeeper>;
  readonly way: ReturnType<MemoryLeaseStore['way']>;
  readonly told: readonly string[];
  readonly stop: AbortController;
  /** A dead one does nothing any more, and says nothing to anybody. */
  readonly life: { isAlive: boolean };
  mayAct(): boolean;
}

test('whoever is alone may act at once, and goes on to', async () => {
  const town = new Town();
  const ada = town.arrive('ada');
  await town.pass(0);
  expect(ada.mayAct()).toBe(true);
  const { keeper } = ada;
  const before = keeper.standing(scope);

  await town.pass(3600 * second);

  expect(keeper.standing(scope)).toBe(before);
  expect(ada.told).toEqual(['holds the lease']);
});

test('the second waits, knows who has it, and is told that it is renewed', async () => {
  const town = new Town();
  town.arrive('ada');
  await town.pass(second);
  const bea = town.arrive('bea');
  await town.pass(second);
  expect(bea.keeper.rivals()).toEqual([{ scope, holder: 'ada', isAlive: false }]);

  await town.pass(3600 * second);

  expect(bea.mayAct()).toBe(false);
  expect(bea.keeper.rivals()).toEqual([{ scope, holder: 'ada', isAlive: true }]);
  expect(bea.told).toEqual(['another controller has the lease; waiting until it is free']);
});

test('one that dies is left its lease for a whole minute after the last renewal, and not much longer', async () => {
  const town = new Town();
  const ada = town.arrive('ada');
  await town.pass(second);
  const bea = town.arrive('bea');
  await town.pass(second);
  ada.life.isAlive = false;

  await town.pass(58 * second);
  expect(bea.mayAct()).toBe(false);
  await town.pass(10 * second);

  expect(bea.mayAct()).toBe(true);
});

test('one that stops gives its lease back, and the next one has it within seconds', async () => {
  const town = new Town();
  const ada = town.arrive('ada');
  await town.pass(second);
  const bea = town.arrive('bea');
  await town.pass(second);

  await ada.keeper.close();
  expect(town.store.leases.size).toBe(0);
  await town.pass(6 * second);

  expect(bea.mayAct()).toBe(true);
});

test('one that starts again on the same host and state takes its own lease at once', async () => {
  const town = new Town();
  const ada = town.arrive('ada');
  await town.pass(second);
  ada.life.isAlive = false;
  const again = town.arrive('ada');

  await town.pass(0);

  expect(again.mayAct()).toBe(true);
});

test('one that cannot renew its lease stops before anybody else may act, and says so', async () => {
  const town = new Town();
  const ada = town.arrive('ada');
  const bea = town.arrive('bea');
  await town.pass(second);
  const standing = ada.keeper.standing(scope);
  ada.way.isCut = true;

  await town.pass(40 * second);
  expect(ada.mayAct()).toBe(true);
  await town.pass(11 * second);
  expect(ada.mayAct()).toBe(false);
  expect(standing).toMatchObject({ kind: 'held', signal: { aborted: true } });
  expect(ada.told).toContain(
    'the lease is lost: what is under way stops, and goes on when it is back',
  );
  expect(ada.keeper.standing(scope)).toEqual({
    kind: 'unanswered',
    why: expect.stringContaining('no leader') as string,
  });
  await town.pass(20 * second);

  expect(bea.mayAct()).toBe(true);
  ada.way.isCut = false;
  await town.pass(10 * second);
  expect(ada.keeper.rivals()).toEqual([{ scope, holder: 'bea', isAlive: false }]);
});

test('the time of a lease counts from before it was written, however long the answer takes', async () => {
  const town = new Town();
  const ada = town.arrive('ada');
  const bea = town.arrive('bea');
  await town.pass(second);
  const { write } = ada.way;
  ada.way.write = async (...claim) => {
    const isDone = await write(...claim);
    await new Promise<void>((resolve) => {
      town.time.after(15 * second, resolve, true);
    });
    return isDone;
  };
  // It was renewed after twenty seconds, and the answer came fifteen later.
  await town.pass(36 * second);
  ada.way.isCut = true;

  await town.pass(34 * second);
  expect(ada.mayAct()).toBe(false);
  await town.pass(20 * second);

  expect(bea.mayAct()).toBe(true);
});

test('one that could not renew it for a while goes on under a new signal when nobody has taken it', async () => {
  const town = new Town();
  const ada = town.arrive('ada');
  await town.pass(second);
  const before = ada.keeper.standing(scope);
  ada.way.isCut = true;
  await town.pass(300 * second);
  ada.way.isCut = false;
  await town.pass(3 * second);

  expect(ada.mayAct()).toBe(true);
  expect(ada.keeper.standing(scope)).not.toBe(before);
});

test('L1: a store that does not answer is no free lease', async () => {
  const town = new Town();
  const ada = town.arrive('ada');
  ada.way.isCut = true;

  await town.pass(600 * second);

  expect(ada.keeper.standing(scope)).toMatchObject({ kind: 'unanswered' });
});

test('the same name twice, from a state directory that was copied, ends with one that acts', async () => {
  const town = new Town();
  const ada = town.arrive('ada');
  await town.pass(30 * second);
  const copy = town.arrive('ada');
  // The one is only found out at its next look; from then on there is one.
  town.people.splice(0);
  await town.pass(30 * second);
  town.people.push(ada, copy);
  await town.pass(3600 * second);

  expect([ada.mayAct(), copy.mayAct()]).toEqual([false, true]);
});

test('what is under way ends when the controller is told to stop, and the lease is kept until it is given back', async () => {
  const town = new Town();
  const ada = town.arrive('ada');
  await town.pass(second);

  ada.stop.abort();
  expect(ada.mayAct()).toBe(false);
  const bea = town.arrive('bea');
  await town.pass(600 * second);
  expect(bea.mayAct()).toBe(false);

  await ada.keeper.close();
  await town.pass(6 * second);
  expect(bea.mayAct()).toBe(true);
});

test('a scope that is not needed any more is given up, and the others are kept', async () => {
  const town = new Town();
  const ada = town.arrive('ada');
  await ada.keeper.need([scope, 'other.example.org']);

  await ada.keeper.keepOnly(new Set(['other.example.org']));

  expect([...town.store.leases.keys()]).toEqual(['other.example.org']);
  expect(ada.keeper.standing('other.example.org')).toMatchObject({ kind: 'held' });
});

test('two never act, whoever is cut off, answered falsely, killed and started again', async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const rng = createRng(seed);
    const town = new Town();
    const names = ['ada', 'bea', 'cleo'];
    for (const name of names) town.arrive(name);
    for (let round = 0; round < 25; round += 1) {
      const one = rng.pick(town.people);
      const what = rng.pick(['cut', 'cut', 'half', 'half', 'kill', 'nothing']);
      if (what === 'cut') one.way.isCut = !one.way.isCut;
      if (what === 'half') one.way.isHalf = !one.way.isHalf;
      if (what === 'kill') {
        one.life.isAlive = false;
        town.people.splice(town.people.indexOf(one), 1);
        town.arrive(one.holder);
      }
      await town.pass(rng.between(1, 90 * second));
    }
    for (const { way } of town.people) {
      way.isCut = false;
      way.isHalf = false;
    }
    await town.pass(200 * second);
    expect(town.people.filter((person) => person.mayAct()).length, `seed ${String(seed)}`).toBe(1);
  }
});
