import { describe, expect, test } from 'vitest';
import type { AppDiff } from '../../controller/model/app-diff.ts';
import type { WarmAppSpec } from '../../controller/model/desired.ts';
import { known, unknown, type Known } from '../../controller/model/known.ts';
import type { World } from '../../controller/model/world.ts';
import { diffApp } from '../../controller/plan/app-diff.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { desiredOf, domain, warmApp } from '../build/desired.ts';
import { commitOf, release } from '../build/recipe.ts';
import { provedWith, worldOf } from '../build/running.ts';
import { structuresFor } from '../build/structure.ts';
import { swarmView } from '../build/swarm.ts';

const v1 = '1.0.0+1.0.0';
const v11 = '1.1.0+1.1.0';
const v2 = '2.0.0+2.0.0';

function diff(app: WarmAppSpec, seen: World): Known<AppDiff> {
  const desired = desiredOf([app]);
  const world = { ...seen, structures: structuresFor(desired, seen) };
  const [entry] = planPass(desired, world).entries;
  if (entry === undefined) throw new Error('an empty plan');
  return diffApp(desired, app, { world, entry });
}

function installed(app: WarmAppSpec, tags: readonly string[], over: Partial<World> = {}): World {
  const lastGood = provedWith(desiredOf([app]), app, v1);
  return worldOf(
    app,
    tags.map((tag) => release(tag)),
    { lastGood },
    over,
  );
}

function differences(found: Known<AppDiff>): unknown[] {
  if (!found.known) throw new Error(found.why);
  return found.value.differences.map(({ what, name, from, to }) => [what, name, from, to]);
}

describe('diffApp', () => {
  const app = warmApp('book');

  test('an app that is as wanted differs in nothing', () => {
    expect(diff(app, installed(app, [v1]))).toEqual(
      known({
        ...{ app: 'book', recipe: 'book', target: null, differences: [] },
        current: { version: v1, commit: commitOf(v1) },
      }),
    );
  });

  test('a newer version that is taken', () => {
    const found = diff(app, installed(app, [v1, v11]));

    expect(differences(found)).toEqual([['version', '', v1, v11]]);
    expect(found).toMatchObject({ value: { target: { version: v11, commit: commitOf(v11) } } });
  });

  test('a newer version that is held, with why', () => {
    const found = diff(app, installed(app, [v1, v2]));

    expect(found).toMatchObject({
      value: {
        target: { version: v2 },
        differences: [{ message: expect.stringMatching(/^held: 2\.0\.0.* is a major/) as unknown }],
      },
    });
  });

  test('a newer version that is too young yet', () => {
    const waiting = { ...app, gate: { ...app.gate, minAgeMs: 1000 } };

    expect(diff(waiting, installed(waiting, [v1, v11]))).toMatchObject({
      value: {
        target: { version: v11 },
        differences: [{ message: expect.stringContaining('waits') as unknown }],
      },
    });
  });

  test('a tag that was moved is another release', () => {
    const moved = { ...release(v1), commit: commitOf('moved') };
    const seen = installed(app, []);
    const recipes = new Map([[app.recipe, known({ releases: [moved] })]]);

    expect(diff(app, { ...seen, recipes })).toMatchObject({
      value: { target: { version: v1, commit: commitOf('moved') } },
    });
  });

  test('variables that came, went and changed', () => {
    const before = { ...app, env: { GONE: '1', SAME: '2', OTHER: '3' } };
    const now = { ...app, env: { CAME: '0', SAME: '2', OTHER: '4' } };

    expect(differences(diff(now, installed(before, [v1])))).toEqual([
      ['env', 'CAME', null, '0'],
      ['env', 'GONE', '1', null],
      ['env', 'OTHER', '3', '4'],
    ]);
  });

  test('another domain', () => {
    const now = { ...app, domain: domain('book.example.org') };

    expect(differences(diff(now, installed(app, [v1])))).toEqual([
      ['domain', '', 'warm-book.ci.example.org', 'book.example.org'],
    ]);
  });

  test('something else that shapes the stack', () => {
    const seen = installed(app, [v1]);
    const records = new Map(
      [...seen.records].map(([name, record]) => {
        const lastGood = record.known ? record.value.lastGood : null;
        if (!record.known || lastGood === null) throw new Error('no record');
        const other = { ...lastGood, specHash: 'sha256:other' };
        return [name, known({ ...record.value, lastGood: other })];
      }),
    );

    expect(differences(diff(app, { ...seen, records }))).toContainEqual([
      'settings',
      '',
      null,
      null,
    ]);
  });

  test('drift', () => {
    const seen = installed(app, [v1], { swarm: known(swarmView()) });

    expect(differences(diff(app, seen))).toEqual([['drift', '', null, null]]);
  });

  test('an app that was never installed', () => {
    const found = diff(app, worldOf(app, [release(v1)]));

    expect(differences(found)).toEqual([['version', '', null, v1]]);
    expect(found).toMatchObject({ value: { current: null } });
  });

  test.each([
    { name: 'the Swarm', over: { swarm: unknown('Docker is away') } },
    {
      name: 'the repository',
      over: { recipes: new Map([[app.recipe, unknown('Docker is away')]]) },
    },
    { name: 'the record', over: { records: new Map([[app.name, unknown('Docker is away')]]) } },
  ])('L1: nothing is compared while $name does not answer', ({ over }) => {
    expect(diff(app, installed(app, [v1], over))).toEqual(unknown('Docker is away'));
  });
});
