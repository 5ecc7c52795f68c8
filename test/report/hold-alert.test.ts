import { describe, expect, test } from 'vitest';
import type { Alert } from '../../controller/model/alert.ts';
import { holdAlerts } from '../../controller/report/hold-alert.ts';
import { warmApp } from '../build/desired.ts';
import { entryOf, hold, holdReason } from '../build/plan.ts';

const app = warmApp('guestbook');
const nowMs = Date.parse('2026-11-21T09:30:00Z');

function heldFor(...reasons: readonly ReturnType<typeof holdReason>[]): Alert {
  const entry = entryOf(
    'guestbook',
    { kind: 'held', message: 'held' },
    { hold: hold('2.0.0+2.0.0', reasons, [{ version: '1.5.0+1.5.0', text: 'Run the script.\n' }]) },
  );
  const [alert] = holdAlerts(entry, app, nowMs);
  if (alert === undefined) throw new Error('no alert of a hold');
  return alert;
}

describe('what people are told of a hold', () => {
  const notes = holdReason({
    kind: 'held-manual-migration',
    reason: 'ManualMigration',
    message: 'the release notes of 1.5.0+1.5.0 ask for work by hand: "run the script"',
    file: 'release/1.5.0+1.5.0',
    line: 3,
    from: null,
    to: '1.5.0+1.5.0',
  });

  test.each([
    { name: 'held-one-reason', alert: heldFor(holdReason()) },
    { name: 'held-two-reasons', alert: heldFor(notes, holdReason()) },
    {
      name: 'held-domain',
      alert: heldFor(
        holdReason({
          kind: 'held-domain',
          reason: 'DomainChanged',
          message: 'the data belongs to old.example.org',
          from: 'old.example.org',
          to: 'new.example.org',
        }),
      ),
    },
    {
      name: 'held-adoption',
      alert: heldFor(
        holdReason({
          kind: 'held-adoption',
          reason: 'ForeignStack',
          message: 'stack x is there already',
          from: null,
          to: 'x',
        }),
      ),
    },
    {
      name: 'held-unhealthy',
      alert: heldFor(
        holdReason({
          kind: 'held-unhealthy',
          reason: 'Unhealthy',
          message: 'service app does not run',
          from: null,
          to: null,
        }),
      ),
    },
  ])('$name', async ({ name, alert }) => {
    await expect(`${JSON.stringify(alert, null, 2)}\n`).toMatchFileSnapshot(
      `golden/alert-${name}.json`,
    );
  });

  test('an app that holds nothing has nothing to tell', () => {
    const entry = entryOf('guestbook', { kind: 'in-sync', version: '1.1.0+1.1.0' });

    expect(holdAlerts(entry, app, nowMs)).toEqual([]);
  });

  test('a version that is only too young is held without an alert', () => {
    const entry = entryOf(
      'guestbook',
      { kind: 'held', message: 'young' },
      { hold: hold('1.2.0', []) },
    );

    expect(holdAlerts(entry, app, nowMs)).toEqual([]);
  });
});

describe('one alert a hold (A1)', () => {
  const major = holdReason();
  const image = holdReason({ kind: 'held-image-major', reason: 'ImageMajor', from: '1', to: '2' });

  test('the same hold is the same event, in whatever order its reasons come and whenever it is seen', () => {
    const [later] = holdAlerts(
      entryOf(
        'guestbook',
        { kind: 'held', message: 'x' },
        { hold: hold('2.0.0+2.0.0', [image, major]) },
      ),
      app,
      nowMs + 3_600_000,
    );

    expect(heldFor(major, image).fingerprint).toBe(later?.fingerprint);
  });

  test.each([
    { name: 'another reason', other: heldFor(major, image) },
    { name: 'other values', other: heldFor(holdReason({ to: '3.0.0+3.0.0' })) },
    { name: 'another line', other: heldFor(holdReason({ file: 'release/2.0.0', line: 4 })) },
  ])('a hold with $name is another event', ({ other }) => {
    expect(other.fingerprint).not.toBe(heldFor(major).fingerprint);
  });

  test('the words of a reason may change without a second alert', () => {
    expect(heldFor(holdReason({ message: 'in other words' })).fingerprint).toBe(
      heldFor(major).fingerprint,
    );
  });

  test('an illness beside a hold is an event of its own, of the version that it is in the way of', () => {
    const sick = holdReason({ kind: 'held-unhealthy', reason: 'UnhealthyBefore', to: null });
    const entry = entryOf(
      'guestbook',
      { kind: 'held', message: 'x' },
      { target: '1.2.0+1.2.0', hold: hold('2.0.0+2.0.0', [major, sick]) },
    );

    const [held, ill] = holdAlerts(entry, app, nowMs);

    expect(held?.fingerprint).toBe(heldFor(major).fingerprint);
    expect(ill).toMatchObject({ kind: 'held-unhealthy', to: '1.2.0+1.2.0' });
  });
});
