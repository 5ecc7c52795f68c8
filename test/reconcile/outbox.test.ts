import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deliverBeside } from '../../controller/reconcile/outbox.ts';
import { alert, must, temporaryDirectory } from '../adapters/files/samples.ts';
import { watchedFs } from '../adapters/files/watched-fs.ts';
import { policyOf, postOffice, standingWith, type PostOffice } from '../build/post-office.ts';

const going = new AbortController().signal;
const minuteMs = 60_000;
const id = '20261121T093000Z-guestbook-held-major';
const down = { kind: 'failed', why: 'no answer (ECONNREFUSED)' } as const;

interface Place {
  readonly office: PostOffice;
  readonly stateDir: string;
  /** A pass has told what it saw, and what is due is sent. */
  turn(...standing: readonly string[]): Promise<void>;
}

function place(...names: readonly string[]): Place {
  const stateDir = temporaryDirectory();
  const office = postOffice(stateDir);
  const policy = policyOf(names);
  const turn = async (...standing: readonly string[]): Promise<void> => {
    office.outbox.tell({ policy, standing: standingWith(...standing) });
    await office.outbox.settle(minuteMs, going);
  };
  return { office, stateDir, turn };
}

function filesIn(stateDir: string, folder: string): readonly string[] {
  const path = join(stateDir, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
}

describe('an alert', () => {
  test('goes to each sink once, and then its file to seen/', async () => {
    const { office, stateDir, turn } = place('ops', 'page');
    await office.store.raise(alert('f1'));

    for (let tick = 0; tick < 3; tick += 1) await turn('f1');

    expect(office.taken.toSorted()).toEqual([`ops ${id}.0`, `page ${id}.0`]);
    expect(filesIn(stateDir, 'alerts')).toEqual([]);
    expect(filesIn(stateDir, 'alerts/seen')).toEqual([`${id}.json`]);
  });

  test('stays in its place while one sink has it not', async () => {
    const { office, stateDir, turn } = place('ops', 'page');
    office.sinks.set('page', async () => down);
    await office.store.raise(alert('f1'));

    await turn('f1');

    expect(office.taken).toEqual([`ops ${id}.0`]);
    expect(filesIn(stateDir, 'alerts')).toEqual([`${id}.json`]);
  });

  test('without sinks waits for a person', async () => {
    const { office, stateDir, turn } = place();
    await office.store.raise(alert('f1'));

    await turn('f1');

    expect(filesIn(stateDir, 'alerts')).toEqual([`${id}.json`]);
    await office.store.acknowledge(id);
    expect(filesIn(stateDir, 'alerts/seen')).toEqual([`${id}.json`]);
  });

  test('that a person has read is sent to nobody any more', async () => {
    const { office, turn } = place('ops');
    office.sinks.set('ops', async () => down);
    await office.store.raise(alert('f1'));
    await turn('f1');
    office.sinks.set('ops', undefined);

    await office.store.acknowledge(id);
    office.clock.advance(60 * minuteMs);
    await turn('f1');

    expect(office.taken).toEqual([]);
  });

  test('A1: sent to a sink that is down for an hour arrives exactly once, across restarts', async () => {
    const { office, turn } = place('ops');
    const upMs = office.clock.now() + 60 * minuteMs;
    office.sinks.set('ops', async () => {
      return office.clock.now() < upMs ? down : { kind: 'delivered' };
    });
    await office.store.raise(alert('f1'));

    for (let tick = 0; tick < 120; tick += 1) {
      await turn('f1');
      if (tick % 25 === 24) office.restart();
      office.clock.advance(minuteMs);
    }

    expect(office.taken).toEqual([`ops ${id}.0`]);
    // With growing pauses: an hour is no sixty tries.
    expect(office.tries.length).toBeGreaterThan(5);
    expect(office.tries.length).toBeLessThan(15);
  });

  test('whose delivery could not be remembered is sent on, and remembered later', async () => {
    const { office, stateDir, turn } = place('ops');
    await office.store.raise(alert('f1'));
    office.restart({
      ...watchedFs(),
      open: async () => {
        throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      },
    });

    await turn('f1');
    await turn('f1');

    expect(office.taken).toEqual([`ops ${id}.0`]);
    expect(office.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(existsSync(join(stateDir, 'alerts/.outbox.json'))).toBe(false);
  });

  test('killed between taking and remembering, it is sent again under the same delivery id', async () => {
    const { office, turn } = place('ops');
    await office.store.raise(alert('f1'));
    const stop = new AbortController();
    office.sinks.set('ops', async () => {
      stop.abort();
      return { kind: 'delivered' };
    });
    office.outbox.tell({ policy: policyOf(['ops']), standing: standingWith('f1') });
    await office.outbox.run(stop.signal);

    office.restart();
    office.sinks.set('ops', undefined);
    await turn('f1');

    expect(office.taken).toEqual([`ops ${id}.0`, `ops ${id}.0`]);
  });

  test.each([
    { name: 'removed', damage: (path: string): void => rmSync(path), takes: 2 },
    { name: 'damaged', damage: (path: string): void => writeFileSync(path, '{'), takes: 2 },
  ])(
    'whose outbox was $name while it waited is sent once more at most',
    async ({ damage, takes }) => {
      const { office, stateDir, turn } = place('ops', 'page');
      office.sinks.set('page', async () => down);
      await office.store.raise(alert('f1'));
      await turn('f1');

      damage(join(stateDir, 'alerts/.outbox.json'));
      office.restart();
      await turn('f1');
      await turn('f1');

      expect(office.taken).toEqual(Array.from({ length: takes }, () => `ops ${id}.0`));
    },
  );
});

describe('sinks', () => {
  test('A1: one that hangs holds up neither another sink nor whoever tells the outbox', async () => {
    const { office } = place();
    const stop = new AbortController();
    const taken = Promise.withResolvers<undefined>();
    office.sinks.set('ops', (_, signal) => {
      const { promise, resolve } = Promise.withResolvers<typeof down>();
      signal.addEventListener('abort', () => resolve(down));
      return promise;
    });
    office.sinks.set('page', async ({ kind }) => {
      if (kind === 'rollback') taken.resolve(undefined);
      return { kind: 'delivered' };
    });
    await office.store.raise(alert('f1'));
    await office.store.raise(alert('f2', { kind: 'rollback' }));

    const running = office.outbox.run(stop.signal);
    office.outbox.tell({ policy: policyOf(['ops', 'page']), standing: standingWith('f1') });
    await taken.promise;
    stop.abort();
    await running;

    expect(office.taken.map((what) => what.split(' ')[0])).toEqual(['page', 'page']);
    expect(office.tries.filter((what) => what.startsWith('ops'))).toHaveLength(1);
  });

  test('one that hangs lets the work that ends by itself end', async () => {
    const { office } = place();
    office.sinks.set('ops', (_, signal) => {
      const { promise, resolve } = Promise.withResolvers<typeof down>();
      signal.addEventListener('abort', () => resolve(down));
      // All that the work waits for is the limit.
      queueMicrotask(() => office.clock.advance(minuteMs));
      return promise;
    });
    await office.store.raise(alert('f1'));

    const done = await deliverBeside(office.outbox, going, async () => {
      office.outbox.tell({ policy: policyOf(['ops']), standing: standingWith('f1') });
      return 'done';
    });

    expect(done).toBe('done');
    expect(office.taken).toEqual([]);
  });

  test('work that fails fails as it would, and what is due is sent', async () => {
    const { office } = place();
    await office.store.raise(alert('f1'));

    const work = deliverBeside(office.outbox, going, async () => {
      office.outbox.tell({ policy: policyOf(['ops']), standing: standingWith('f1') });
      throw new Error('the work failed');
    });

    await expect(work).rejects.toThrow('the work failed');
    expect(office.taken).toEqual([`ops ${id}.0`]);
  });

  test('one that is taken out of Settings is no longer waited for', async () => {
    const { office, stateDir, turn } = place('ops', 'page');
    office.sinks.set('page', async () => down);
    await office.store.raise(alert('f1'));
    await turn('f1');

    office.outbox.tell({ policy: policyOf(['ops']), standing: standingWith('f1') });
    await office.outbox.settle(minuteMs, going);

    expect(filesIn(stateDir, 'alerts/seen')).toEqual([`${id}.json`]);
  });

  test('those that Settings named last count while Settings cannot be read, also after a restart', async () => {
    const { office, turn } = place('ops');
    await turn();
    office.restart();
    await office.store.raise(alert('f1', { kind: 'desired-invalid' }));

    office.outbox.tell({ policy: undefined, standing: standingWith('f1') });
    await office.outbox.settle(minuteMs, going);

    expect(office.taken).toHaveLength(1);
  });

  test('one that keeps failing is said once, and once more when it takes alerts again', async () => {
    const { office, turn } = place('ops');
    office.sinks.set('ops', async () => down);
    await office.store.raise(alert('f1'));

    for (let tick = 0; tick < 10; tick += 1) {
      await turn('f1');
      office.clock.advance(20 * minuteMs);
    }
    office.sinks.set('ops', undefined);
    await turn('f1');

    const said = office.log.lines.filter(({ fields }) =>
      Object.hasOwn(must(fields) as object, 'sink'),
    );
    expect(said.map(({ level, fields }) => [level, fields])).toEqual([
      ['warn', { sink: 'ops', why: down.why }],
      ['info', { sink: 'ops' }],
    ]);
  });

  test('one that throws has failed, and nothing else does', async () => {
    const { office, stateDir, turn } = place('ops');
    office.sinks.set('ops', () => Promise.reject(new Error('a mistake')));
    await office.store.raise(alert('f1'));

    await turn('f1');

    const saved = JSON.parse(
      readFileSync(join(stateDir, 'alerts/.outbox.json'), 'utf8'),
    ) as unknown;
    expect(saved).toMatchObject({
      deliveries: [
        { id, isOut: false, sinks: [{ sink: 'ops', attempts: 1, lastFailure: 'a mistake' }] },
      ],
    });
  });
});
