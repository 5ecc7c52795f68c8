import { describe, expect, test } from 'vitest';
import type { ControlRequest } from '../../controller/model/control.ts';
import type { TransitionSummary } from '../../controller/model/journal.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { Decision, PlanEntry } from '../../controller/model/plan.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import { RESTORED_BY_HAND } from '../../controller/model/release.ts';
import type { AppRequest } from '../../controller/model/request.ts';
import { createControl, type ControlDeps } from '../../controller/reconcile/control.ts';
import type { Pass } from '../../controller/reconcile/pass.ts';
import type { EndedTransition } from '../../controller/reconcile/runners.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { entryOf, world } from '../build/plan.ts';
import {
  appRecord,
  failure,
  lastGood,
  manifest,
  quarantine,
  transition,
  transitionInput,
} from '../build/record.ts';

const app = warmApp('book');
const live = new AbortController().signal;
const inSync: Decision = { kind: 'in-sync', version: '1.1.0+1.1.0' };
const good = lastGood(app, '1.1.0+1.1.0');
const snapshot = known(manifest(app, '1.0.0+1.0.0'));

function passOf(
  decision: Decision,
  record: Partial<AppRecord> = {},
  over: Partial<PlanEntry> = {},
): Pass {
  return {
    loaded: known({ desired: desiredOf([app]), invalid: [], problems: [], incomplete: false }),
    world: world({ records: new Map([[app.name, known(appRecord(record))]]) }),
    plan: { revision: 'r', entries: [entryOf('book', decision, over)] },
  } as unknown as Pass;
}

interface Scene {
  /** What the passes after the question see, one after the other. */
  readonly passes?: readonly Pass[];
  readonly record?: Partial<AppRecord>;
  /** Transitions that end while somebody waits. */
  readonly ends?: readonly EndedTransition[];
}

/** `done`: what was written and woken, in order. */
function scene({ passes = [], record = {}, ends = [] }: Scene) {
  const done: string[] = [];
  const left = [...passes];
  let ended: readonly EndedTransition[] = [{ app: 'book', id: 'before', how: 'stranded' }];
  let request: AppRequest | null = record.request ?? null;
  const deps: ControlDeps = {
    store: {
      records: async () =>
        new Map([['book', known(appRecord({ lastGood: good, snapshot, ...record, request }))]]),
      writeRequest: async (_, asked) => {
        request = asked;
        done.push(`write ${asked?.kind ?? 'nothing'}`);
      },
    },
    clock: { now: () => Date.parse('2026-11-21T09:20:00Z'), newId: () => 'asked-1' },
    log: { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 },
    wake: { activate: () => done.push('wake') },
    board: {
      next: async () => {
        ended = [...ended, ...ends];
        const pass = left.shift();
        if (pass === undefined) throw new Error('waits for one more pass');
        return pass;
      },
    },
    runners: {
      get ended() {
        return ended;
      },
    },
    reporter: { statuses: [] },
  };
  return { control: createControl(deps), done, asked: () => request };
}

function reconcile(of: Scene, retry = false) {
  const { control, done } = scene(of);
  const answer = control.handle({ verb: 'reconcile', name: 'book', retry }, live);
  return { answer, done };
}

describe('reconcile NAME', () => {
  const upgrade = { kind: 'start', transition: 'upgrade' } as unknown as Decision;
  const rolledBack: EndedTransition = { app: 'book', id: 't1', how: 'rolled-back' };

  test.each<{
    name: string;
    decision: Decision;
    outcome: string;
    ends?: readonly EndedTransition[];
  }>([
    { name: 'in sync', decision: inSync, outcome: 'done' },
    { name: 'suspended', decision: { kind: 'suspended' }, outcome: 'done' },
    { name: 'held', decision: { kind: 'held', message: 'a major' }, outcome: 'held' },
    {
      name: 'quarantined',
      decision: { kind: 'quarantined', version: '1.2.0+1.2.0', message: 'it crashed' },
      outcome: 'unsuccessful',
    },
    {
      name: 'held after an upgrade that failed meanwhile',
      decision: { kind: 'held', message: 'a major' },
      outcome: 'unsuccessful',
      ends: [rolledBack],
    },
    {
      name: 'backing off',
      decision: { kind: 'backing-off', untilMs: 0, reason: 'NoAnswer', message: 'no answer' },
      outcome: 'not-done',
    },
    { name: 'unknown', decision: { kind: 'unknown', why: 'no answer' }, outcome: 'not-done' },
    {
      name: 'stalled',
      decision: { kind: 'stalled', reason: 'VersionGone', message: 'x' },
      outcome: 'not-done',
    },
  ])('an app that is $name: $outcome', async ({ decision, outcome, ends = [] }) => {
    const { answer } = reconcile({ passes: [passOf(decision)], ends });

    expect(await answer).toMatchObject({ outcome });
  });

  test('waits for what it started, and for what failed before it asks nothing', async () => {
    const { answer, done } = reconcile({ passes: [passOf(upgrade), passOf(inSync)] });

    expect(await answer).toMatchObject({ outcome: 'done' });
    expect(done).toEqual(['wake']);
  });

  test('an app that a person took back from what is quarantined is as they want it', async () => {
    const decision: Decision = { kind: 'quarantined', version: '1.2.0+1.2.0', message: 'x' };
    const record = { quarantine: quarantine('1.2.0+1.2.0', { reason: RESTORED_BY_HAND }) };

    expect(await reconcile({ passes: [passOf(decision, record)] }).answer).toMatchObject({
      outcome: 'done',
    });
  });

  test('of an app that nobody wants says so', async () => {
    const pass = { ...passOf(inSync), plan: { revision: 'r', entries: [] } };

    expect(await reconcile({ passes: [pass] }).answer).toMatchObject({
      outcome: 'not-done',
      message: expect.stringContaining('nothing under desired/') as string,
    });
  });

  test('says why a tree cannot be read', async () => {
    const pass = { ...passOf(inSync), loaded: unknown('the tree is away') } as Pass;

    expect(await reconcile({ passes: [pass] }).answer).toMatchObject({
      outcome: 'not-done',
      message: expect.stringContaining('the tree is away') as string,
    });
  });

  test('with --retry writes that down before anybody is woken (L2)', async () => {
    const { answer, done } = reconcile({ passes: [passOf(inSync)] }, true);
    await answer;

    expect(done).toEqual(['write retry', 'wake']);
  });

  test('with --retry says what is quarantined now, so that nothing later is lifted (U3)', async () => {
    const quarantined = quarantine('1.2.0+1.2.0');
    const asked = async (record: Partial<AppRecord>) => {
      const { control, asked: request } = scene({ passes: [passOf(inSync)], record });
      await control.handle({ verb: 'reconcile', name: 'book', retry: true }, live);
      return request()?.lifts;
    };
    const earlier: AppRequest = { id: 'r', kind: 'retry', snapshotId: null, lifts: null, at: '' };

    expect(await asked({})).toBeNull();
    expect(await asked({ quarantine: quarantined })).toBe(quarantined.since);
    expect(await asked({ quarantine: quarantined, request: earlier })).toBe(quarantined.since);
  });

  test('with --retry is told to come back while a transition is under way (R1, U3)', async () => {
    const open = [
      {
        at: '',
        id: 'x',
        app: 'book',
        transition: 'upgrade',
        phase: 'begin',
        event: 'intent',
        input: transitionInput(app, '1.0.0+1.0.0', '1.1.0+1.1.0'),
      },
    ] as const;
    const { answer, done } = reconcile({ record: { open } }, true);

    expect(await answer).toMatchObject({
      outcome: 'busy',
      message: expect.stringMatching(
        /in the middle of its upgrade.*ci-warm reconcile book/,
      ) as string,
    });
    expect(done).toEqual([]);
  });
});

describe.each(['restore', 'drill'] as const)('a %s', (verb) => {
  const ask: ControlRequest = { verb, name: 'book' };
  const end = (over: Partial<TransitionSummary>) =>
    passOf(inSync, { history: [transition({ id: 'asked-1', kind: verb, ...over })] });

  test('is written down with the snapshot that is meant, before anybody is woken (L2)', async () => {
    const { control, done, asked } = scene({ passes: [end({ end: 'succeeded' })] });

    expect(await control.handle(ask, live)).toMatchObject({ outcome: 'done' });
    expect(done).toEqual([`write ${verb}`, 'wake']);
    expect(asked()).toMatchObject({
      id: 'asked-1',
      kind: verb,
      snapshotId: '20261121t090000-0000aa',
    });
  });

  test('is waited for while other things happen', async () => {
    const request: AppRequest = { id: 'asked-1', kind: 'restore', snapshotId: null, at: '' };
    const other = passOf(inSync, { request });

    const passes = [other, other, end({ end: 'succeeded' })];

    expect(await scene({ passes }).control.handle(ask, live)).toMatchObject({ outcome: 'done' });
  });

  test('that a pass has refused before anybody waited for it is answered, and not waited for', async () => {
    const answer = await scene({ passes: [passOf(inSync)] }).control.handle(ask, live);

    expect(answer).toMatchObject({
      outcome: 'not-done',
      message: expect.stringContaining('refused') as string,
    });
  });

  test('that nothing came of says why', async () => {
    const passes = [
      end({ end: 'abandoned', failure: failure({ message: 'the archive is damaged' }) }),
    ];

    expect(await scene({ passes }).control.handle(ask, live)).toMatchObject({
      outcome: 'not-done',
      message: expect.stringContaining('the archive is damaged') as string,
    });
  });

  test('that is refused says why', async () => {
    const passes = [passOf(inSync, {}, { refused: { id: 'asked-1', why: 'it is suspended' } })];

    expect(await scene({ passes }).control.handle(ask, live)).toMatchObject({
      outcome: 'not-done',
      message: 'book: it is suspended',
    });
  });

  test('of an app without a snapshot is not even asked for', async () => {
    const { control, done } = scene({ record: { snapshot: known(null) } });

    expect(await control.handle(ask, live)).toMatchObject({ outcome: 'not-done' });
    expect(done).toEqual([]);
  });

  test('of an app that nothing was ever done to is not asked for, and makes no folder', async () => {
    const { control, done } = scene({ record: { lastGood: null } });

    expect(await control.handle(ask, live)).toMatchObject({ outcome: 'not-done' });
    expect(done).toEqual([]);
  });

  test('waits its turn: something else that was asked for is not forgotten', async () => {
    const request: AppRequest = { id: 'x', kind: 'retry', snapshotId: null, at: '' };
    const { control, done } = scene({ record: { request } });

    expect(await control.handle(ask, live)).toMatchObject({ outcome: 'busy' });
    expect(done).toEqual([]);
  });
});

describe('a restore', () => {
  test('that ends with the app undeployed is unsuccessful', async () => {
    const history = [
      transition({ id: 'asked-1', kind: 'restore', end: 'stranded', failure: failure() }),
    ];
    const { control } = scene({ passes: [passOf(inSync, { history })] });

    const answer = await control.handle({ verb: 'restore', name: 'book' }, live);

    expect(answer.outcome).toBe('unsuccessful');
    expect(answer.message).toContain('is undeployed: ');
    expect(answer.message).toMatch(/once more by: ci-warm reconcile book --retry$/);
  });
});

describe('a prune', () => {
  const ask: ControlRequest = { verb: 'prune', name: 'book' };
  const orphaned: Decision = { kind: 'orphaned', message: 'kept until then', isPrunable: false };
  const id = 'asked-1';

  function gone(): Pass {
    const { world: seen, ...pass } = passOf(orphaned);
    return { ...pass, world: { ...seen, records: new Map() } };
  }

  test('is written down before anybody is woken (L2), and done when nothing of the app is left', async () => {
    const { control, done } = scene({ passes: [gone()] });

    expect(await control.handle(ask, live)).toMatchObject({ outcome: 'done' });
    expect(done).toEqual(['write prune', 'wake']);
  });

  test.each([
    {
      name: 'refused',
      pass: passOf(orphaned, {}, { refused: { id, why: 'it is wanted' } }),
      says: 'it is wanted',
    },
    {
      name: 'refused by a pass that nobody waited for',
      pass: passOf(orphaned),
      says: 'kept until then',
    },
    {
      name: 'begun, and something could not be removed',
      pass: passOf(orphaned, {}, { prune: { id, stack: 's', trouble: 'the volume is in use' } }),
      says: 'the volume is in use',
    },
  ])('that is $name says why', async ({ pass, says }) => {
    expect(await scene({ passes: [pass] }).control.handle(ask, live)).toMatchObject({
      outcome: 'not-done',
      message: expect.stringContaining(says) as string,
    });
  });

  test('is not even asked for while a transition is under way', async () => {
    const at = '2026-11-21T09:00:00Z';
    const input = transitionInput(app, '1.0.0+1.0.0', '1.1.0+1.1.0');
    const base = { at, id: 'x', app: 'book', transition: 'retire', phase: 'begin' } as const;
    const { control, done } = scene({ record: { open: [{ ...base, event: 'intent', input }] } });

    expect(await control.handle(ask, live)).toMatchObject({ outcome: 'busy' });
    expect(done).toEqual([]);
  });
});
