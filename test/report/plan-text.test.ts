import { describe, expect, test } from 'vitest';

import { planJson, planText } from '../../controller/report/plan-text.ts';
import type { Plan } from '../../controller/model/plan.ts';
import type { SpecProblem } from '../../controller/model/spec-problem.ts';
import { warmApp } from '../build/desired.ts';
import { entryOf, hold, holdReason } from '../build/plan.ts';
import { transitionInput } from '../build/record.ts';
import { backingOff, held, inSync, quarantined } from '../build/status.ts';

const app = warmApp('guestbook', { env: { ADMIN_TOKEN: 'CANARY' } });
const input = transitionInput(app, '1.1.0+1.1.0', '1.2.0+1.2.0');
const secret = { ...input, to: { ...input.to, env: app.env } };
const notes = holdReason({
  kind: 'held-manual-migration',
  reason: 'ManualMigration',
  message: 'the release notes ask for work by hand',
  file: 'release/1.5.0+1.5.0',
  line: 3,
});

const plan: Plan = {
  revision: 'sha256:0001',
  entries: [
    entryOf('calm', inSync),
    entryOf('held', held, { hold: hold('2.0.0+2.0.0', [holdReason(), notes]) }),
    entryOf('first', {
      kind: 'start',
      transition: 'install',
      input: transitionInput(app, null, '1.0.0+1.0.0'),
      why: 'first install of 1.0.0+1.0.0',
    }),
    entryOf('guestbook', {
      kind: 'start',
      transition: 'upgrade',
      input: secret,
      why: '1.1.0+1.1.0 → 1.2.0+1.2.0',
    }),
    entryOf('broken', { kind: 'start', transition: 'repair', input, why: 'service app is gone' }),
    entryOf('busy', {
      kind: 'in-transition',
      id: '20261121t090000-0000aa',
      transition: 'upgrade',
      phase: 'judge',
    }),
    entryOf('bad', quarantined),
    entryOf('waiting', backingOff),
    entryOf('idle', { kind: 'suspended' }),
    entryOf('stuck', { kind: 'stalled', reason: 'NoRelease', message: 'no release' }),
    entryOf('dark', { kind: 'unknown', why: 'Docker did not answer' }),
  ],
};
const problems: readonly SpecProblem[] = [
  {
    file: 'desired/a.yaml',
    line: 2,
    column: 5,
    code: 'x',
    message: 'unknown field',
    hint: 'h',
    excerpt: undefined,
  },
];

describe('planText', () => {
  test('says of each object what would be done and why, work first', async () => {
    await expect(planText(plan, problems)).toMatchFileSnapshot('golden/plan.txt');
  });

  test.each([
    { name: 'a digest', revision: `sha256:${'a'.repeat(64)}`, says: `sha256:${'a'.repeat(12)}` },
    { name: 'a commit', revision: 'b'.repeat(40), says: 'b'.repeat(12) },
    { name: 'anything else', revision: 'main@1', says: 'main@1' },
  ])('names its revision as people quote it: $name', ({ revision, says }) => {
    expect(planText({ revision, entries: [] }, [])).toBe(`Plan for ${says}\nNothing to do.\n`);
  });

  test('warns of what nobody asks about, beside the totals', () => {
    const warnings = [
      { object: { kind: 'WarmApp', name: 'calm' }, code: 'unprobed', message: 'no probe\nat all' },
    ] as const;
    expect(planText({ revision: 'r', entries: [entryOf('calm', inSync)] }, [], { warnings })).toBe(
      'Plan for r\n= WarmApp calm: in sync at 1.1.0+1.1.0\n! WarmApp calm: warning: no probe at all\n1 in sync.\n',
    );
    expect(planJson(plan, [], warnings)['warnings']).toEqual([
      { kind: 'WarmApp', name: 'calm', code: 'unprobed', message: 'no probe\nat all' },
    ]);
  });

  test('a plan that could not be made from any desired state says so', () => {
    expect(planText({ revision: '', entries: [] }, [])).toBe(
      'Plan for no revision: desired state could not be used\nNothing to do.\n',
    );
  });
});

describe('planJson', () => {
  test('holds the same, and of a transition only from where and to where', async () => {
    const text = `${JSON.stringify(planJson(plan, problems), null, 2)}\n`;

    expect(text).not.toContain('CANARY');
    await expect(text).toMatchFileSnapshot('golden/plan.json');
  });
});
