import { describe, expect, test } from 'vitest';
import type { Desired } from '../../controller/model/desired.ts';
import type { LoadedDesired } from '../../controller/model/spec-problem.ts';
import { mayBeRetired, removedFrom } from '../../controller/plan/orphans.ts';
import { desiredOf, warmApp } from '../build/desired.ts';
import { appRecord, transition } from '../build/record.ts';
import { provedWith } from '../build/running.ts';

const app = warmApp('book');
const wanted = desiredOf([app]);
const nobody: Desired = { ...wanted, warmApps: new Map() };
const lastGood = provedWith(wanted, app, '1.0.0+1.0.0');
const retired = transition({ kind: 'retire', toVersion: '1.0.0+1.0.0' });

describe('what counts as removed', () => {
  const whole: LoadedDesired = {
    desired: nobody,
    invalid: [],
    problems: [],
    incomplete: false,
    incompleteFiles: [],
  };
  const { name, recipe, domain, stack, env, suspend, source } = app;
  const canonical = { name, recipe, domain, stack, env, suspend, source };
  const invalid = { kind: 'WarmApp', name: 'book', file: 'f', line: 1, problems: [] } as const;

  test.each([
    { name: 'an app that nothing asks for', loaded: whole, names: ['book'] },
    { name: 'not one that is wanted', loaded: { ...whole, desired: wanted }, names: [] },
    {
      name: 'not one that is written wrongly',
      loaded: { ...whole, invalid: [invalid] },
      names: [],
    },
    {
      name: 'not one whose name a canonical has, written wrongly',
      loaded: { ...whole, invalid: [{ ...invalid, kind: 'Canonical' as const }] },
      names: [],
    },
    {
      name: 'not one whose name a canonical has',
      loaded: { ...whole, desired: { ...nobody, canonicals: new Map([[app.name, canonical]]) } },
      names: [],
    },
    {
      name: 'an app whose name a run has, written wrongly',
      loaded: { ...whole, invalid: [{ ...invalid, kind: 'Run' as const }] },
      names: ['book'],
    },
    { name: 'none while a file cannot be read', loaded: { ...whole, incomplete: true }, names: [] },
    { name: 'none without Settings', loaded: { ...whole, desired: undefined }, names: [] },
  ])('$name', ({ loaded, names }) => {
    expect(removedFrom(loaded, [app.name], false)).toEqual({ names, doubt: undefined });
  });

  test('while newer state is refused, nothing is acted on', () => {
    expect(removedFrom(whole, [app.name], true).doubt).toContain('refused');
  });
});

test.each([
  { name: 'was proved good', record: { lastGood }, isTaken: true },
  { name: 'was never proved good', record: {}, isTaken: false },
  { name: 'was retired', record: { lastGood, history: [retired] }, isTaken: false },
])('R1: an orphan that $name is looked after under its lease: $isTaken', ({ record, isTaken }) => {
  expect(mayBeRetired(appRecord(record))).toBe(isTaken);
});
