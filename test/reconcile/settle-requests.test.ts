import { describe, expect, test } from 'vitest';
import type { Decision } from '../../controller/model/plan.ts';
import type { AppRecord } from '../../controller/model/record.ts';
import type { AppRequest } from '../../controller/model/request.ts';
import { settleRequest } from '../../controller/reconcile/settle-requests.ts';
import { entryOf } from '../build/plan.ts';
import { appRecord, quarantine, transition } from '../build/record.ts';

const retry: AppRequest = { id: 'asked-1', kind: 'retry', snapshotId: null, at: '' };
const restore: AppRequest = { id: 'asked-1', kind: 'restore', snapshotId: 's', at: '' };
const inSync: Decision = { kind: 'in-sync', version: '1.1.0+1.1.0' };

async function settle(
  record: Partial<AppRecord>,
  decision: Decision = inSync,
  over: { readonly refused?: { readonly id: string; readonly why: string } } = {},
  failing = '',
): Promise<readonly string[]> {
  const done: string[] = [];
  const note = (what: string) => async (_: string, value: unknown) => {
    if (what === failing) throw new Error('the disk is full');
    done.push(`${what} ${value === null ? 'gone' : 'kept'}`);
  };
  await settleRequest('book', entryOf('book', decision, over), appRecord(record), {
    store: { writeQuarantine: note('quarantine'), writeRequest: note('request') },
    log: { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 },
  });
  return done;
}

describe('a retry', () => {
  test('lifts the quarantine and is taken back, in this order: a crash in between lifts it once more', async () => {
    expect(await settle({ request: retry })).toEqual(['quarantine gone', 'request gone']);
  });

  test.each<{ name: string; decision: Decision }>([
    { name: 'nothing is known', decision: { kind: 'unknown', why: 'no answer' } },
    { name: 'another controller goes first', decision: { kind: 'waiting', message: 'x' } },
    {
      name: 'a transition is under way (R1)',
      decision: { kind: 'in-transition', id: 'x', transition: 'upgrade', phase: 'judge' },
    },
  ])('stays while $name', async ({ decision }) => {
    expect(await settle({ request: retry }, decision)).toEqual([]);
  });

  test('U3: lifts only what was quarantined when it was asked for, and is taken back', async () => {
    const later = quarantine('1.2.0+1.2.0', { since: '2026-11-21T09:25:00Z' });
    const record = (lifts: string | null) => ({ request: { ...retry, lifts }, quarantine: later });

    expect(await settle(record(later.since))).toEqual(['quarantine gone', 'request gone']);
    expect(await settle(record('2026-11-21T09:00:00Z'))).toEqual(['request gone']);
    expect(await settle(record(null))).toEqual(['request gone']);
  });

  test('stays when the quarantine could not be lifted', async () => {
    expect(await settle({ request: retry }, inSync, {}, 'quarantine')).toEqual([]);
  });
});

describe('a restore', () => {
  test('stays until it is begun', async () => {
    expect(await settle({ request: restore })).toEqual([]);
  });

  test('is taken back once the journal knows it (L2), also after its end', async () => {
    const history = [transition({ id: 'asked-1', kind: 'restore' })];

    expect(await settle({ request: restore, history })).toEqual(['request gone']);
  });

  test('is taken back when it is refused', async () => {
    expect(
      await settle({ request: restore }, inSync, { refused: { id: 'asked-1', why: 'x' } }),
    ).toEqual(['request gone']);
  });

  test('that cannot be removed is no reason to fail: the next pass does it', async () => {
    const history = [transition({ id: 'asked-1', kind: 'restore' })];

    expect(await settle({ request: restore, history }, inSync, {}, 'request')).toEqual([]);
  });
});
