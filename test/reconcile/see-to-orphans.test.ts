import { describe, expect, test } from 'vitest';
import { CiWarmError } from '../../controller/model/failure.ts';
import { known } from '../../controller/model/known.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import { label, type SwarmView } from '../../controller/model/swarm.ts';
import {
  markOrphans,
  orphanScopes,
  prune,
  type OrphanDeps,
} from '../../controller/reconcile/see-to-orphans.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { entryOf, world } from '../build/plan.ts';
import { appRecord, lastGood, transition } from '../build/record.ts';
import { service, swarmView } from '../build/swarm.ts';

const app = warmApp('book');
const live = new AbortController().signal;
const entry = entryOf('book', { kind: 'in-sync', version: '1.0.0+1.0.0' });

/** `done`: what was written or removed, in order. `fails`: the step that cannot be done. */
function scene(fails?: string, record: Partial<AppRecord> = {}, ofDrill: Partial<SwarmView> = {}) {
  const done: string[] = [];
  const step = async (name: string): Promise<void> => {
    if (name.startsWith(fails ?? 'nothing')) throw new CiWarmError('conflict', 'it is in use');
    done.push(name);
  };
  const deps = {
    store: {
      apps: async () => ['book'],
      records: async () => new Map([['book', known(appRecord(record))]]),
      writeOrphan: (name: string, orphan: { since: string } | null) =>
        step(`orphan ${name} ${orphan?.since ?? 'none'}`),
      forget: (name: string) => step(`forget ${name}`),
    },
    remains: {
      remove: (stack: string, name: string) => step(`remains ${stack} ${name}`),
      removeConfigs: (stack: string) => step(`configs ${stack}`),
    },
    drills: {
      clear: ({ name, stack }: { name: string; stack: string }) =>
        step(`drill of ${name} in ${stack}`),
    },
    engine: { observeStack: async () => swarmView(ofDrill) },
    log: { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 },
  } as unknown as OrphanDeps;
  return { deps, done };
}

describe('prune', () => {
  const asked = { id: 'x', stack: 'the_stack' };

  test('empties the Swarm first: the request lies in the folder, which goes last (L2)', async () => {
    const { deps, done } = scene();

    expect(await prune('book', asked, deps, live)).toEqual(known(null));
    expect(done).toEqual([
      'configs the_stack',
      'remains the_stack book',
      'drill of book in the_stack',
      'forget book',
    ]);
  });

  const stack = 'drill-the_stack';
  const ofBook = service(stack, 'app', { labels: { [label.app]: 'book' } });
  const network = { id: 'n', name: `${stack}_default`, stack, labels: {} };

  test.each([
    { name: 'a service', ofDrill: { services: [ofBook] }, left: ofBook.name },
    { name: 'a network', ofDrill: { networks: [network] }, left: network.name },
  ])('R2: keeps the journal that knows of a drill while $name of it is there', async (row) => {
    const { deps, done } = scene('nothing', {}, row.ofDrill);

    expect(await prune('book', asked, deps, live)).toMatchObject({
      known: false,
      why: expect.stringContaining(`${row.left} of a drill is there still`) as string,
    });
    expect(done).not.toContain('forget book');
  });

  test('R2: leaves alone what somebody else runs under the name that a drill would have', async () => {
    const services = [{ ...ofBook, labels: {} }];

    const { deps } = scene('nothing', {}, { services, networks: [network] });

    expect(await prune('book', asked, deps, live)).toEqual(known(null));
  });

  test('keeps the folder when something in the Swarm could not be removed, and says why', async () => {
    const { deps, done } = scene('remains');

    expect(await prune('book', asked, deps, live)).toMatchObject({
      known: false,
      why: expect.stringContaining('it is in use') as string,
    });
    expect(done).not.toContain('forget book');
  });

  test('asks the Swarm for nothing when no stack of the app is recorded (R2)', async () => {
    const { deps, done } = scene();

    await prune('book', { ...asked, stack: '' }, deps, live);

    expect(done).toEqual(['forget book']);
  });
});

describe('since when an app is an orphan', () => {
  const since = '2026-11-20T10:00:00.000Z';
  const at = (record: Partial<AppRecord>) =>
    world({ records: new Map([[app.name, known(appRecord(record))]]) });
  const none: ReadonlySet<string> = new Set();
  const wanted: ReadonlySet<string> = new Set(['book']);

  test.each([
    {
      name: 'is written by the first pass that sees it',
      record: {},
      of: none,
      done: ['orphan book 2026-11-21T09:30:00.000Z'],
    },
    { name: 'stays as it was written', record: { orphan: { since } }, of: none, done: [] },
    {
      name: 'goes when the app is wanted again',
      record: { orphan: { since } },
      of: wanted,
      done: ['orphan book none'],
    },
    { name: 'is not said of one that is wanted', record: {}, of: wanted, done: [] },
  ])('$name', async ({ record, of, done }) => {
    const one = scene();

    await markOrphans([entry], of, at(record), one.deps);

    expect(one.done).toEqual(done);
  });

  test('is not written for what the pass did not plan for: nobody knows whether it is wanted (L1)', async () => {
    const { deps, done } = scene();

    await markOrphans([], none, at({}), deps);

    expect(done).toEqual([]);
  });

  test('that cannot be written fails no pass', async () => {
    const { deps } = scene('orphan');

    await expect(markOrphans([entry], none, at({}), deps)).resolves.toBeUndefined();
  });
});

describe('the lease of an orphan', () => {
  const whole = {
    desired: desiredOf([]),
    invalid: [],
    problems: [],
    incomplete: false,
    incompleteFiles: [],
  };
  const loaded = known(whole);
  const good = lastGood(app, '1.0.0+1.0.0');
  const retired = transition({ kind: 'retire' });
  const request = { id: 'x', kind: 'prune', snapshotId: null, at: '' } as const;

  test.each([
    {
      name: 'is needed while it may be retired',
      record: { lastGood: good },
      scopes: ['ci.example.org'],
    },
    {
      name: 'is given up when that is done',
      record: { lastGood: good, history: [retired] },
      scopes: [],
    },
    {
      name: 'is needed again for a prune',
      record: { lastGood: good, history: [retired], request },
      scopes: ['ci.example.org'],
    },
  ])('$name', async ({ record, scopes }) => {
    expect([...(await orphanScopes(loaded, scene(undefined, record).deps))]).toEqual(scopes);
  });

  test('is not asked for while the tree is incomplete (L1)', async () => {
    const half = known({ ...whole, incomplete: true });

    expect([...(await orphanScopes(half, scene(undefined, { lastGood: good }).deps))]).toEqual([]);
  });
});
