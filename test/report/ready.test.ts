import { describe, expect, test } from 'vitest';

import { entryOf, hold } from '../build/plan.ts';
import { transitionInput } from '../build/record.ts';
import {
  app,
  nowMs,
  healthy,
  ill,
  inSync,
  held,
  quarantined,
  backingOff,
  inputs,
  statusOf,
  condition,
} from '../build/status.ts';

describe('Ready of a warm app', () => {
  const notInstalled = { current: null, target: '1.1.0+1.1.0' };

  test.each([
    { name: 'in sync and healthy', decision: inSync, ready: 'True InSync' },
    { name: 'in sync and ill', decision: inSync, health: ill, ready: 'False TasksNotRunning' },
    {
      name: 'in sync and not deployed',
      decision: inSync,
      health: { kind: 'not-running' } as const,
      ready: 'False NotRunning',
    },
    {
      name: 'in sync, and its health unknown (L1)',
      decision: inSync,
      health: { kind: 'unknown', why: 'no answer' } as const,
      ready: 'Unknown HealthUnknown',
    },
    { name: 'held', decision: held, hold: hold('2.0.0+2.0.0'), ready: 'True UpgradeHeld' },
    {
      name: 'at its target while a newer one is held',
      decision: inSync,
      hold: hold('2.0.0+2.0.0'),
      ready: 'True UpgradeHeld',
    },
    { name: 'held and ill', decision: held, health: ill, ready: 'False TasksNotRunning' },
    {
      name: 'held at its first install',
      decision: held,
      entry: notInstalled,
      ready: 'False InstallHeld',
    },
    { name: 'quarantined after a rollback', decision: quarantined, ready: 'True Quarantined' },
    {
      name: 'a first install that failed',
      decision: quarantined,
      entry: notInstalled,
      ready: 'False InstallFailed',
    },
    { name: 'backing off and healthy', decision: backingOff, ready: 'True BackingOff' },
    {
      name: 'backing off before it was ever installed',
      decision: backingOff,
      entry: notInstalled,
      ready: 'False BackingOff',
    },
    {
      name: 'suspended, whatever its health',
      decision: { kind: 'suspended' } as const,
      health: ill,
      ready: 'True Suspended',
    },
    {
      name: 'being installed',
      decision: {
        kind: 'start',
        transition: 'install',
        input: transitionInput(app, null, '1.1.0+1.1.0'),
        why: 'first install',
      } as const,
      entry: notInstalled,
      ready: 'Unknown Installing',
    },
    {
      name: 'being upgraded',
      decision: { kind: 'in-transition', id: 'x', transition: 'upgrade', phase: 'judge' } as const,
      ready: 'Unknown Upgrading',
    },
    {
      name: 'being repaired',
      decision: { kind: 'in-transition', id: 'x', transition: 'repair', phase: 'judge' } as const,
      ready: 'Unknown Repairing',
    },
    {
      name: 'stalled for a reason of the list',
      decision: { kind: 'stalled', reason: 'VersionNotFound', message: 'no such tag' } as const,
      ready: 'False VersionNotFound',
    },
    {
      name: 'stalled for another reason',
      decision: { kind: 'stalled', reason: 'Novel', message: 'something new' } as const,
      ready: 'False Stalled',
    },
    {
      name: 'waiting for others, whoever waits for it goes on waiting',
      decision: { kind: 'waiting', message: 'Eight others are under way' } as const,
      ready: 'Unknown Waiting',
    },
    {
      name: 'not observed (L1)',
      decision: { kind: 'unknown', why: 'Docker did not answer' } as const,
      ready: 'Unknown NoAnswer',
    },
  ])('$name: $ready', ({ decision, health, entry, ready, ...rest }) => {
    const given = entryOf('guestbook', decision, { ...entry, hold: rest.hold ?? null });

    const status = statusOf(inputs(given, { health: new Map([[app.name, health ?? healthy]]) }));

    expect(condition(status, 'Ready')).toBe(ready);
    expect(status.conditions[0]?.type).toBe('Ready');
  });

  test('an app that the plan says nothing of is Unknown, not forgotten', () => {
    const given = inputs(entryOf('guestbook', inSync));

    const status = statusOf({ ...given, plan: { ...given.plan, entries: [] } });

    expect(condition(status, 'Ready')).toBe('Unknown NotSeenYet');
  });
});

describe('Reconciling and Stalled', () => {
  test.each([
    { name: 'in sync', decision: inSync, reconciling: 'absent', stalled: 'absent' },
    {
      name: 'in a transition',
      decision: { kind: 'in-transition', id: 'x', transition: 'upgrade', phase: 'judge' } as const,
      reconciling: 'True Upgrading',
      stalled: 'absent',
    },
    {
      name: 'waiting to try again',
      decision: backingOff,
      reconciling: 'True RegistryUnavailable',
      stalled: 'absent',
    },
    {
      name: 'stuck',
      decision: { kind: 'stalled', reason: 'NoRelease', message: 'none' } as const,
      reconciling: 'absent',
      stalled: 'True NoRelease',
    },
  ])('are there only when they are true: $name', ({ decision, reconciling, stalled }) => {
    const status = statusOf(inputs(entryOf('guestbook', decision)));

    expect(condition(status, 'Reconciling')).toBe(reconciling);
    expect(condition(status, 'Stalled')).toBe(stalled);
  });

  test('an app that waits says until when, and a minute later still says the same', () => {
    const first = statusOf(inputs(entryOf('guestbook', backingOff)));
    const later = statusOf(
      inputs(entryOf('guestbook', backingOff), { nowMs: nowMs + 30_000, previous: [first] }),
    );

    expect(first.conditions[0]?.message).toBe(
      'the registry did not answer. Tried again after 2026-11-21T09:31:00Z.',
    );
    expect(later).toEqual(first);
  });
});
