/** What an app stands on changes under it: its recipe, its tag, its record. Nothing is assumed of what nobody judged. */
import { describe, expect, test } from 'vitest';
import type { WarmAppSpec } from '../../controller/model/desired.ts';
import { known } from '../../controller/model/known.ts';
import { parseRecipeName } from '../../controller/model/names.ts';
import type { PlanEntry } from '../../controller/model/plan.ts';
import type { World } from '../../controller/model/world.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { desiredOf, recipeSpec, warmApp } from '../build/desired.ts';
import { commitOf, release } from '../build/recipe.ts';
import { provedWith, runningAs, worldOf } from '../build/running.ts';
import { swarmView } from '../build/swarm.ts';

const v1 = '1.0.0+1.0.0';
const v11 = '1.1.0+1.1.0';
const v2 = '2.0.0+2.0.0';

function plan(app: WarmAppSpec, seen: World): PlanEntry {
  const [entry] = planPass(desiredOf([app]), seen).entries;
  if (entry === undefined) throw new Error('an empty plan');
  return entry;
}

function installed(app: WarmAppSpec, tag: string) {
  return provedWith(desiredOf([app]), app, tag);
}

describe('a tag that was moved to another commit', () => {
  const moved = { ...release(v11), commit: commitOf('another commit') };

  test('G2: holds, because the gate never judged what it holds now', () => {
    const app = warmApp('book');
    const lastGood = installed(app, v11);

    const entry = plan(app, worldOf(app, [release(v1), moved], { lastGood }));

    expect(entry.decision.kind).toBe('held');
    expect(entry.hold).toMatchObject({
      version: v11,
      commit: moved.commit,
      reasons: [{ kind: 'held-unparsable', reason: 'TagMoved', from: lastGood.commit }],
    });
  });

  test('is said beside what holds a newer version', () => {
    const app = warmApp('book');
    const lastGood = installed(app, v11);

    const entry = plan(app, worldOf(app, [moved, release(v2)], { lastGood }));

    expect(entry.decision.kind).toBe('held');
    expect(entry.hold).toMatchObject({
      version: v2,
      reasons: [{ reason: 'RecipeMajor' }, { reason: 'AppMajor' }, { reason: 'TagMoved' }],
    });
  });

  test('goes where a person approves it, and does not keep the app from a newer release', () => {
    const app = warmApp('book');
    const lastGood = installed(app, v11);
    const newer = release('1.2.0+1.2.0');

    expect(
      plan({ ...app, approved: v11 }, worldOf(app, [moved], { lastGood })).decision,
    ).toMatchObject({ kind: 'start', transition: 'upgrade' });
    expect(plan(app, worldOf(app, [moved, newer], { lastGood })).decision).toMatchObject({
      kind: 'start',
      input: { to: { version: newer.tag } },
    });
  });
});

test('L3: two tags without an order do not take turns: the other one holds', () => {
  const app = warmApp('book');
  const [plain, alpine] = ['1.0.0+2.3.4', '1.0.0+2.3.4-alpine'];
  const releases = [release(plain), release(alpine)];

  for (const current of [plain, alpine]) {
    const entry = plan(app, worldOf(app, releases, { lastGood: installed(app, current) }));
    expect(entry.decision.kind).toBe('held');
    expect(entry.hold?.reasons).toMatchObject([{ kind: 'held-unparsable' }]);
  }
});

test('a running app without a record is neither installed over nor undeployed: it holds', () => {
  const app = warmApp('book');
  const swarm = known(runningAs(app, installed(app, v1)));

  const entry = plan(app, worldOf(app, [release(v1), release(v11)], {}, { swarm }));

  expect(entry.decision.kind).toBe('held');
  expect(new Set(entry.hold?.reasons.map(({ kind }) => kind))).toEqual(new Set(['held-adoption']));
});

test.each([
  { data: 'Stateful', decision: { kind: 'stalled', reason: 'SecretGone' } },
  { data: 'Stateless', decision: { kind: 'start', transition: 'repair' } },
] as const)(
  'P2: a $data app that was removed, and a secret of it too, is $decision.kind',
  ({ data, decision }) => {
    const app = warmApp('book', { data });
    const proved = provedWith(desiredOf([app]), app, v11);
    const lastGood = { ...proved, secrets: ['book_password_v1'] };

    const entry = plan(
      app,
      worldOf(app, [release(v11)], { lastGood }, { swarm: known(swarmView()) }),
    );

    expect(entry.decision).toMatchObject(decision);
  },
);

test('S3: another recipe is not started on the data of the former one', () => {
  const before = warmApp('book');
  const lastGood = installed(before, v1);
  const recipe = parseRecipeName('other');
  if (recipe === undefined) throw new Error('no name of a recipe');
  const after = { ...before, recipe };
  const desired = {
    ...desiredOf([after]),
    recipes: new Map([[recipe, recipeSpec(recipe)]]),
  };
  const seen = worldOf(after, [release(v1), release(v11)], { lastGood });

  const [entry] = planPass(desired, seen).entries;

  expect(entry?.decision.kind).toBe('held');
  expect(entry?.hold?.reasons).toMatchObject([
    { kind: 'held-domain', reason: 'RecipeChanged', from: before.recipe, to: 'other' },
  ]);
});
