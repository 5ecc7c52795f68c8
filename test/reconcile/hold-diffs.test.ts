import { describe, expect, test } from 'vitest';
import type { Alert } from '../../controller/model/alert.ts';
import { CiWarmError } from '../../controller/model/failure.ts';
import { known } from '../../controller/model/known.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { withDiff } from '../../controller/reconcile/hold-diffs.ts';
import type { Pass } from '../../controller/reconcile/pass.ts';
import { holdAlerts } from '../../controller/report/hold-alert.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { commitOf, release } from '../build/recipe.ts';
import { provedWith, worldOf } from '../build/running.ts';

const v1 = '1.0.0+1.0.0';
const v2 = '2.0.0+2.0.0';
const app = warmApp('book');
const desired = desiredOf([app]);
const world = worldOf(app, [release(v1), release(v2)], { lastGood: provedWith(desired, app, v1) });
const plan = planPass(desired, world);
const loaded = known({ desired, invalid: [], problems: [], incomplete: false });
const pass = { loaded, world, plan } as unknown as Pass;

function alert(): Alert {
  const [entry] = plan.entries;
  const made = entry === undefined ? undefined : holdAlerts(entry, app, 0)[0];
  if (made === undefined) throw new Error('nothing is held');
  return made;
}

function deps(diff: () => Promise<string>) {
  const asked: unknown[] = [];
  const warned: string[] = [];
  const nothing = (): void => undefined;
  return {
    asked,
    warned,
    recipes: {
      diff: async (...args: readonly unknown[]) => {
        asked.push(args.slice(0, 3));
        return await diff();
      },
    },
    log: {
      ...{ debug: nothing, info: nothing, error: nothing },
      warn: (message: string) => void warned.push(message),
    },
  };
}

describe('the alert of a hold', () => {
  test('has what the held version changes in the recipe', async () => {
    const given = deps(async () => '+two\n');

    const told = await withDiff(alert(), pass, given);

    expect(told).toEqual({ ...alert(), diff: '+two' });
    expect(given.asked).toEqual([
      ['book', '/srv/recipes/book.git', { from: commitOf(v1), to: commitOf(v2) }],
    ]);
  });

  test('A1: goes without it where git does not answer', async () => {
    const given = deps(() => Promise.reject(new CiWarmError('no-answer', 'git is away')));

    expect(await withDiff(alert(), pass, given)).toEqual(alert());
    expect(given.warned).toHaveLength(1);
  });

  test('of anything else has none, and git is not asked', async () => {
    const given = deps(async () => '+two\n');
    const other = { ...alert(), kind: 'unhealthy' } as const;

    expect(await withDiff(other, pass, given)).toEqual(other);
    expect(given.asked).toEqual([]);
  });
});
