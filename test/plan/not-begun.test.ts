import { describe, expect, test } from 'vitest';
import { known } from '../../controller/model/known.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { plan } from '../build/planned.ts';
import { release } from '../build/recipe.ts';
import { appRecord, transition } from '../build/record.ts';
import { provedWith, runningAs, worldOf } from '../build/running.ts';

const v1 = '1.0.0+1.0.0';
const v11 = '1.1.0+1.1.0';
const releases = [release(v1), release(v11)];

describe('what a pass begins', () => {
  test('an app that is ill and where it should be is in sync: nothing is held that nobody wants', () => {
    const app = warmApp('book', { version: { kind: 'pinned', tag: v11 } });
    const lastGood = provedWith(desiredOf([app]), app, v11);
    const ill = { ...runningAs(app, lastGood), tasks: [] };

    const entry = plan(app, worldOf(app, releases, { lastGood }, { swarm: known(ill) }));

    expect(entry.decision.kind).toBe('in-sync');
    expect(entry.hold).toBeNull();
  });

  test('a stateless app that is ill is upgraded: it has no data that could replace the known-good', () => {
    const app = warmApp('book', { data: 'Stateless' });
    const lastGood = provedWith(desiredOf([app]), app, v1);
    const ill = { ...runningAs(app, lastGood), tasks: [] };

    const { decision } = plan(app, worldOf(app, releases, { lastGood }, { swarm: known(ill) }));

    expect(decision).toMatchObject({ kind: 'start', transition: 'upgrade' });
  });

  test('L1: an app whose record nobody has read is not installed over what it may have', () => {
    const app = warmApp('book');

    expect(plan(app, worldOf(app, releases, {}, { records: new Map() })).decision).toEqual({
      kind: 'unknown',
      why: 'its state was not read',
    });
  });

  test('an app of a recipe that is not there is told so, and nothing else of the plan is in the way', () => {
    const [app, other] = [warmApp('book'), warmApp('diary')];
    const desired = desiredOf([app, other]);
    const recipes = new Map([...desired.recipes].filter(([name]) => name !== app.recipe));
    const world = worldOf(other, releases);
    const records = new Map([...world.records, [app.name, known(appRecord())]]);

    const { entries } = planPass({ ...desired, recipes }, { ...world, records });

    expect(entries.map(({ decision }) => decision)).toMatchObject([
      { kind: 'stalled', reason: 'UnknownRecipe' },
      { kind: 'start', transition: 'install' },
    ]);
  });

  test('the notes of every release in the way go along, and those of no other', () => {
    const app = warmApp('book');
    const v12 = '1.2.0+1.2.0';
    const all = [
      release(v1, { notes: 'The first.' }),
      release(v11, { notes: 'Faster.' }),
      release(v12, { notes: 'Prettier.' }),
    ];
    const lastGood = provedWith(desiredOf([app]), app, v1);

    const { decision } = plan(app, worldOf(app, all, { lastGood }));

    expect(decision).toMatchObject({
      input: {
        notes: [
          { version: v11, text: 'Faster.' },
          { version: v12, text: 'Prettier.' },
        ],
      },
    });
  });

  test('a stateless app is installed at an older release than one that failed: it has no data', () => {
    const failed = transition({ kind: 'install', end: 'undeployed', toVersion: '1.2.0+1.2.0' });
    const record = { history: [failed] };
    const [kept, none] = [warmApp('book'), warmApp('book', { data: 'Stateless' })];

    expect(plan(kept, worldOf(kept, releases, record)).hold?.reasons).toMatchObject([
      { kind: 'held-downgrade' },
    ]);
    expect(plan(none, worldOf(none, releases, record)).decision).toMatchObject({
      kind: 'start',
      transition: 'install',
    });
  });
});
