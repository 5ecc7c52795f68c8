import { describe, expect, test } from 'vitest';
import type { Desired } from '../../controller/model/desired.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { Decision } from '../../controller/model/plan.ts';
import type { JournalRecord, TransitionKind } from '../../controller/model/journal.ts';
import type { World } from '../../controller/model/world.ts';
import { checkPlan } from '../../controller/plan/check-plan.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { entryOf, world } from '../build/plan.ts';
import { appRecord, transitionInput } from '../build/record.ts';

const app = warmApp('book');
const wanted = desiredOf([app]);
const nobody: Desired = { ...wanted, warmApps: new Map() };
const input = transitionInput(app, '1.0.0+1.0.0', '1.1.0+1.1.0');
const begun: JournalRecord = {
  ...{ at: '', id: 'x', app: app.name, transition: 'upgrade' },
  ...{ phase: 'begin', event: 'intent', input },
};
const seen = world({ records: new Map([[app.name, known(appRecord())]]) });

function start(transition: TransitionKind, from = input.from): Decision {
  return { kind: 'start', transition, input: { ...input, from }, why: 'a test' };
}

function problemsOf(decision: Decision, over: Partial<World> = {}, desired = wanted) {
  const plan = { revision: '', entries: [entryOf(app.name, decision)] };
  return checkPlan(plan, desired, { ...seen, ...over });
}

describe('checkPlan', () => {
  test.each([
    { name: 'an upgrade with a way back', decision: start('upgrade') },
    { name: 'a first install', decision: start('install', null) },
    { name: 'an adoption', decision: start('adopt', null) },
  ])('lets through $name', ({ decision }) => {
    expect(problemsOf(decision)).toEqual([]);
  });

  test('lets through the retirement of an app that nobody wants', () => {
    expect(problemsOf(start('retire'), {}, nobody)).toEqual([]);
  });

  test.each([
    { rule: 'L1', name: 'what is done in an unknown Swarm', over: { swarm: unknown('no answer') } },
    {
      rule: 'L1',
      name: 'what is done to an app whose record is unknown',
      over: { records: new Map([[app.name, unknown('damaged')]]) },
    },
    {
      rule: 'L1',
      name: 'what is done to an app whose record was not read',
      over: { records: new Map() },
    },
    {
      rule: 'R1',
      name: 'a second transition of an app',
      over: { records: new Map([[app.name, known(appRecord({ open: [begun] }))]]) },
    },
    { rule: 'U1', name: 'an upgrade without a way back', decision: start('upgrade', null) },
    { rule: 'S2', name: 'the retirement of an app that is wanted', decision: start('retire') },
  ])('$rule: refuses $name', ({ rule, over = {}, decision = start('upgrade') }) => {
    const problems = problemsOf(decision, over);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${rule}: WarmApp/book `);
  });

  test('refuses nothing of what is not begun, whatever is unknown', () => {
    const decision: Decision = { kind: 'unknown', why: 'no answer' };

    expect(problemsOf(decision, { swarm: unknown('no answer'), records: new Map() })).toEqual([]);
  });

  const [canonical, run, sweep] = [new Map(), new Map(), new Map()];
  canonical.set('blog', {});
  run.set('blog-1', {});
  sweep.set('nightly', {});

  test.each([
    { object: 'Canonical/blog', over: { canonicals: canonical } },
    { object: 'Run/blog-1', over: { runs: run } },
    { object: 'Sweep/nightly', over: { sweeps: sweep } },
  ])('refuses a plan that leaves out $object', ({ object, over }) => {
    expect(problemsOf(start('upgrade'), {}, { ...wanted, ...over })).toEqual([
      `${object} is in the plan 0 times, not once`,
    ]);
  });

  test('refuses a plan that names an app twice', () => {
    const twice = entryOf(app.name, { kind: 'suspended' });

    expect(checkPlan({ revision: '', entries: [twice, twice] }, wanted, seen)).toEqual([
      'WarmApp/book is in the plan 2 times, not once',
    ]);
  });
});
