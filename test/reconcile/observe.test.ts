import { describe, expect, test } from 'vitest';
import { CiWarmError } from '../../controller/model/failure.ts';
import { known, unknown } from '../../controller/model/known.ts';
import { observeWorld, type ObserveDeps } from '../../controller/reconcile/observe.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { appRecord } from '../build/record.ts';
import { swarmView } from '../build/swarm.ts';

const app = warmApp('book');
const { signal } = new AbortController();

function depsOf(apps: () => Promise<readonly string[]>): ObserveDeps {
  return {
    engine: { observe: async () => swarmView() },
    recipes: { view: async () => ({ releases: [] }) },
    store: {
      apps,
      records: async (names) => new Map(names.map((name) => [name, known(appRecord())])),
    },
    clock: { now: () => 0 },
    structures: { read: async () => new Map() },
  };
}

describe('what a pass sees of the state directory', () => {
  test('is the state of every app that is wanted, and of those that nobody wants any more', async () => {
    const { records } = await observeWorld(
      desiredOf([app]),
      depsOf(async () => ['gone']),
      signal,
    );

    expect([...records.keys()]).toEqual(['book', 'gone']);
    expect([...records.values()]).toEqual([known(appRecord()), known(appRecord())]);
  });

  test('L1: is nothing of any app while it cannot be listed: what the others have is not known', async () => {
    const away = (): Promise<never> => Promise.reject(new CiWarmError('no-answer', 'is away'));

    const { records } = await observeWorld(desiredOf([app]), depsOf(away), signal);

    expect([...records]).toEqual([['book', unknown('is away')]]);
  });
});
