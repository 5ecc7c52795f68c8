import { describe, expect, test } from 'vitest';

import type { Condition, ObjectStatus } from '../../controller/model/condition.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { InvalidObject } from '../../controller/model/spec-problem.ts';
import { statusesOf } from '../../controller/report/status.ts';
import { appName, desiredOf, recipeName, warmApp } from '../build/desired.ts';
import { entryOf, hold, holdReason, world } from '../build/plan.ts';
import {
  failure,
  lastGood,
  manifest,
  quarantine,
  transition,
  transitionInput,
} from '../build/record.ts';
import {
  app,
  nowMs,
  inSync,
  held,
  quarantined,
  inputs,
  recorded,
  statusOf,
  condition,
} from '../build/status.ts';

describe('holds', () => {
  const reasons = [
    holdReason({ kind: 'held-manual-migration', reason: 'ManualMigration', file: 'release/1.5.0' }),
    holdReason({ kind: 'held-major', message: 'the recipe moves to major 2' }),
  ];

  test('a hold is named by the first kind of the contract, and keeps all its evidence', () => {
    const status = statusOf(
      inputs(entryOf('guestbook', held, { hold: hold('2.0.0+2.0.0', reasons) })),
    );

    expect(condition(status, 'UpgradeHeld')).toBe('True HeldMajor');
    expect(status.conditions.find(({ type }) => type === 'UpgradeHeld')?.message).toBe(
      '2.0.0+2.0.0 is held (and 1 more): the recipe moves to major 2. To go on: approved: "2.0.0+2.0.0" under spec of warm-apps/guestbook.yaml.',
    );
    expect(status.hold).toMatchObject({ version: '2.0.0+2.0.0', reasons });
  });

  test('a hold that no version can lift does not offer to approve one', () => {
    const reason = holdReason({
      kind: 'held-domain',
      from: 'old.example.org',
      to: 'new.example.org',
    });

    const status = statusOf(
      inputs(entryOf('guestbook', held, { hold: hold('1.1.0+1.1.0', [reason]) })),
    );

    const message = status.conditions.find(({ type }) => type === 'UpgradeHeld')?.message;
    expect(message).not.toContain('approved');
    expect(message).toContain('domain: old.example.org under spec of warm-apps/guestbook.yaml');
  });

  test('a version that is only too young is held without asking for a person', () => {
    const status = statusOf(inputs(entryOf('guestbook', held)));

    expect(condition(status, 'UpgradeHeld')).toBe('True HeldForAge');
    expect(status.hold).toBeNull();
  });

  test.each([
    { name: 'the Swarm is unknown', decision: { kind: 'unknown', why: 'no answer' } as const },
    { name: 'the app is suspended', decision: { kind: 'suspended' } as const },
    {
      name: 'another transition is under way',
      decision: { kind: 'in-transition', id: 'x', transition: 'repair', phase: 'judge' } as const,
    },
  ])('what was held stays held where the pass did not judge it: $name', ({ decision }) => {
    const before = statusOf(
      inputs(entryOf('guestbook', held, { hold: hold('2.0.0+2.0.0'), latest: '2.0.0+2.0.0' })),
    );

    const status = statusOf(
      inputs(entryOf('guestbook', decision, { target: null, latest: null }), {
        previous: [before],
      }),
    );

    expect(status.hold).toEqual(before.hold);
    expect(status.versions).toEqual(before.versions);
    expect(condition(status, 'UpgradeHeld')).toBe('True HeldMajor');
  });

  test('a version that was approved is no longer held while it is being taken', () => {
    const before = statusOf(inputs(entryOf('guestbook', held, { hold: hold('2.0.0+2.0.0') })));
    const taking = entryOf(
      'guestbook',
      { kind: 'in-transition', id: 'x', transition: 'upgrade', phase: 'judge' },
      { target: null },
    );

    const status = statusOf(
      inputs(taking, {
        previous: [before],
        ...recorded({
          lastGood: lastGood(app, '1.1.0+1.1.0'),
          open: [
            {
              at: '2026-11-21T09:29:00Z',
              id: 'x',
              app: app.name,
              transition: 'upgrade',
              phase: 'begin',
              event: 'intent',
              input: transitionInput(app, '1.1.0+1.1.0', '2.0.0+2.0.0'),
            },
          ],
        }),
      }),
    );

    expect(status.hold).toBeNull();
    expect(status.versions.target).toBe('2.0.0+2.0.0');
  });
});

describe('what the record says', () => {
  const rolledBack = transition({
    end: 'rolled-back',
    toVersion: '1.2.0+1.2.0',
    fromVersion: '1.1.0+1.1.0',
    failure: failure({ lastLogs: ['a line'] }),
  });

  test('a rollback shows as RolledBack and Quarantined, while the app is ready', () => {
    const status = statusOf(
      inputs(entryOf('guestbook', quarantined), {
        ...recorded({
          lastGood: lastGood(app, '1.1.0+1.1.0'),
          quarantine: quarantine('1.2.0+1.2.0'),
          history: [rolledBack],
        }),
      }),
    );

    expect(condition(status, 'Ready')).toBe('True Quarantined');
    expect(condition(status, 'RolledBack')).toBe('True TransitionRolledBack');
    expect(condition(status, 'Quarantined')).toBe('True HealthGateFailed');
    expect(status.quarantine?.version).toBe('1.2.0+1.2.0');
  });

  test('a later success ends RolledBack', () => {
    const status = statusOf(
      inputs(entryOf('guestbook', inSync), recorded({ history: [rolledBack, transition()] })),
    );

    expect(condition(status, 'RolledBack')).toBe('False NotRolledBack');
  });

  test('a way back that failed is not called a rollback', () => {
    const status = statusOf(
      inputs(
        entryOf('guestbook', { kind: 'stalled', reason: 'Stranded', message: 'left undeployed' }),
        recorded({ history: [{ ...rolledBack, end: 'stranded' }] }),
      ),
    );

    expect(condition(status, 'RolledBack')).toBe('False RollbackFailed');
    expect(condition(status, 'Ready')).toBe('False Stranded');
  });

  test('the last five transitions are told, newest first, without their logs', () => {
    const history = Array.from({ length: 7 }, (_, index) =>
      transition({ id: `t${String(index)}`, failure: failure({ lastLogs: ['CANARY'] }) }),
    );

    const status = statusOf(inputs(entryOf('guestbook', inSync), recorded({ history })));

    expect(status.lastTransitions.map(({ id }) => id)).toEqual(['t6', 't5', 't4', 't3', 't2']);
    expect(JSON.stringify(status)).not.toContain('CANARY');
  });

  test('a record that could not be read leaves what it would say unknown (L1)', () => {
    const status = statusOf(
      inputs(entryOf('guestbook', { kind: 'unknown', why: 'the journal is damaged' }), {
        world: world({ records: new Map([[app.name, unknown('the journal is damaged')]]) }),
      }),
    );

    expect(condition(status, 'Quarantined')).toBe('Unknown StateUnreadable');
    expect(condition(status, 'RolledBack')).toBe('Unknown StateUnreadable');
    expect(condition(status, 'SnapshotValid')).toBe('Unknown StateUnreadable');
  });

  test('a snapshot that could not be taken by reflinks says why', () => {
    const snapshot = known({
      ...manifest(app, '1.0.0+1.0.0'),
      noReflinks: 'cp: failed to clone\n' + 'x'.repeat(1000),
    });

    const status = statusOf(inputs(entryOf('guestbook', inSync), recorded({ snapshot })));
    const valid = status.conditions.find(({ type }) => type === 'SnapshotValid');

    expect(valid).toMatchObject({ status: 'True', reason: 'SnapshotPresent' });
    expect(valid?.message).toContain('though snapshots.driver was Reflink (cp: failed to clone');
    expect(valid?.message.length).toBeLessThan(500);
  });

  test.each([
    { name: 'none was taken', snapshot: known(null), says: 'absent' },
    {
      name: 'it is there',
      snapshot: known(manifest(app, '1.0.0+1.0.0')),
      says: 'True SnapshotPresent',
    },
    { name: 'it is damaged', snapshot: unknown('bad digest'), says: 'Unknown SnapshotUnreadable' },
  ])('SnapshotValid speaks of a snapshot that should be there: $name', ({ snapshot, says }) => {
    const status = statusOf(inputs(entryOf('guestbook', inSync), recorded({ snapshot })));

    expect(condition(status, 'SnapshotValid')).toBe(says);
  });

  test('a stateless app has no snapshot to speak of', () => {
    const stateless = { ...app, data: 'Stateless' as const };

    const status = statusOf(
      inputs(entryOf('guestbook', inSync), {
        desired: desiredOf([stateless]),
        ...recorded({ snapshot: unknown('a leftover of the time when it was stateful') }),
      }),
    );

    expect(condition(status, 'SnapshotValid')).toBe('absent');
  });
});

describe('objects that are not judged', () => {
  const invalid: InvalidObject = {
    kind: 'WarmApp',
    name: 'guestbook',
    file: 'warm-apps/guestbook.yaml',
    line: 1,
    problems: [
      {
        file: 'warm-apps/guestbook.yaml',
        line: 6,
        column: 3,
        code: 'unknown-field',
        message: 'unknown field recip',
        hint: 'did you mean recipe?',
        excerpt: undefined,
      },
    ],
  };

  test('an invalid object is stalled with the place of its first problem, and keeps what is known of it', () => {
    const given = inputs(entryOf('guestbook', inSync), {
      desired: desiredOf([]),
      invalid: [invalid],
    });

    const status = statusOf(given);

    expect(condition(status, 'Ready')).toBe('False InvalidSpec');
    expect(condition(status, 'Stalled')).toBe('True InvalidSpec');
    expect(status.conditions[0]?.message).toMatch(
      /^warm-apps\/guestbook\.yaml:6:3: unknown field recip\. .* ci-warm validate/,
    );
    expect(status.versions.current).toBe('1.1.0+1.1.0');
  });

  test('objects of kinds that are not served yet are stalled and not invalid', () => {
    const source = { file: 'canonicals/x.yaml', line: 1 };
    const canonical = {
      name: appName('notes'),
      recipe: recipeName('guestbook'),
      domain: app.domain,
      stack: app.stack,
      env: {},
      suspend: false,
      source,
    };
    const desired = desiredOf([app], { canonicals: new Map([[canonical.name, canonical]]) });

    const status = statusOf(
      inputs(entryOf('guestbook', inSync), { desired }),
      'notes',
      'Canonical',
    );

    expect(condition(status, 'Ready')).toBe('False NotYetServed');
    expect(condition(status, 'Stalled')).toBe('True NotYetServed');
    expect(status.conditions[0]?.message).toMatch(/\. Remove its file, or keep it for a version/);
  });

  test('a recipe whose repository gives no answer is Unknown', () => {
    const status = statusOf(
      inputs(entryOf('guestbook', inSync), {
        world: world({ recipes: new Map([[app.recipe, unknown('the fetch failed')]]) }),
      }),
      'guestbook',
      'Recipe',
    );

    expect(condition(status, 'Ready')).toBe('Unknown NoAnswer');
  });

  test('an app that nothing asks for any more is an orphan, and is kept', () => {
    const kept = { kind: 'orphaned', message: 'Kept until then.', isPrunable: false } as const;
    const status = statusOf(inputs(entryOf('guestbook', kept), { desired: desiredOf([]) }));

    expect(condition(status, 'Ready')).toBe('True Orphaned');
    expect(condition(status, 'Orphaned')).toBe('True Orphaned');
    const over = entryOf('guestbook', { ...kept, isPrunable: true });
    const retired = statusOf(inputs(over, { desired: desiredOf([]) }));
    expect(condition(retired, 'Orphaned')).toBe('True Retired');
  });

  test.each([
    { name: 'a file cannot be read', over: { desired: desiredOf([]), incomplete: true } },
    { name: 'there is no valid Settings', over: { desired: undefined } },
  ])('absence means nothing while $name: the status stays as it was', ({ over }) => {
    const before = statusOf(inputs(entryOf('guestbook', inSync)));

    const status = statusOf(
      inputs(entryOf('guestbook', inSync), { ...over, previous: [before], nowMs: nowMs + 1000 }),
    );

    expect(status).toEqual(before);
  });

  test.each([
    { name: 'a file cannot be read', over: { desired: desiredOf([]), incomplete: true } },
    { name: 'there is no valid Settings', over: { desired: undefined } },
  ])('a mistake that is gone is not told on while $name', ({ over }) => {
    const wrong = inputs(entryOf('guestbook', inSync), {
      desired: desiredOf([]),
      invalid: [invalid],
    });
    const before = statusOf(wrong);
    const later = { ...over, nowMs: nowMs + 1000 };

    const status = statusOf(inputs(entryOf('guestbook', inSync), { ...later, previous: [before] }));
    const again = statusOf(inputs(entryOf('guestbook', inSync), { ...later, previous: [status] }));

    expect(condition(status, 'Ready')).toBe('Unknown NotSeenYet');
    expect(condition(status, 'Stalled')).toBe('absent');
    expect(status.conditions[0]?.message).toContain('Mend what ci-warm validate shows.');
    expect(status.versions).toEqual(before.versions);
    expect(again).toEqual(status);
  });
});

describe('time', () => {
  test('lastTransitionTime moves when the status does, and not when only the reason does', () => {
    const first = statusOf(inputs(entryOf('guestbook', inSync)));
    const second = statusOf(
      inputs(entryOf('guestbook', held, { hold: hold('2.0.0+2.0.0') }), {
        previous: [first],
        nowMs: nowMs + 60_000,
      }),
    );
    const at = (status: ObjectStatus, type: Condition['type']): string | undefined =>
      status.conditions.find((one) => one.type === type)?.lastTransitionTime;

    expect(at(second, 'Ready')).toBe('2026-11-21T09:30:00Z');
    expect(at(second, 'UpgradeHeld')).toBe('2026-11-21T09:31:00Z');
  });

  test('a pass that observes the same writes the same bytes', () => {
    const first = statusesOf(inputs(entryOf('guestbook', held, { hold: hold('2.0.0+2.0.0') })));

    const second = statusesOf(
      inputs(entryOf('guestbook', held, { hold: hold('2.0.0+2.0.0') }), {
        previous: first,
        nowMs: nowMs + 3_600_000,
      }),
    );

    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });

  test('objects stand in order of kind and name', () => {
    const desired = desiredOf([warmApp('zoo'), warmApp('ant')]);

    const order = statusesOf(
      inputs(entryOf('zoo', inSync), { desired, ...recorded({}), world: world() }),
    );

    expect(order.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      'Settings/host',
      'Recipe/ant',
      'Recipe/zoo',
      'WarmApp/ant',
      'WarmApp/zoo',
    ]);
  });
});
