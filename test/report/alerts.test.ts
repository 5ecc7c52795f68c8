import { describe, expect, test } from 'vitest';

import type { Alert } from '../../controller/model/alert.ts';
import { known, unknown } from '../../controller/model/known.ts';
import type { InvalidObject, SpecProblem } from '../../controller/model/spec-problem.ts';
import {
  holdAlerts,
  invalidAlert,
  invalidFileAlerts,
  rollbackAlert,
  strandedAlert,
  unhealthyAlert,
  type FailedTransition,
} from '../../controller/report/alerts.ts';
import { warmApp } from '../build/desired.ts';
import { entryOf, hold, holdReason } from '../build/plan.ts';
import { failure, transitionInput } from '../build/record.ts';

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

function failed(over: Partial<FailedTransition> = {}): FailedTransition {
  return {
    id: '20261121t093000-0000aa',
    transition: 'upgrade',
    input: transitionInput(app, '1.1.0+1.1.0', '1.2.0+1.2.0', {
      notes: [{ version: '1.2.0+1.2.0', text: 'A new look.' }],
    }),
    failure: failure({ lastLogs: ['starting', 'DB_PASSWORD=CANARY', 'Error: bad schema'] }),
    servedFromMs: nowMs - 250_000,
    servedUntilMs: nowMs - 10_000,
    nowMs,
    ...over,
  };
}

function problem(over: Partial<SpecProblem> = {}): SpecProblem {
  return {
    file: 'warm-apps/guestbook.yaml',
    line: 6,
    column: 3,
    code: 'unknown-field',
    message: 'unknown field recip',
    hint: 'did you mean recipe?',
    excerpt: undefined,
    ...over,
  };
}

function invalid(...problems: readonly SpecProblem[]): InvalidObject {
  return {
    kind: 'WarmApp',
    name: 'guestbook',
    file: 'warm-apps/guestbook.yaml',
    line: 1,
    problems,
  };
}

const illness = { app: 'guestbook', version: '1.1.0+1.1.0', since: '2026-11-21T09:29:00Z', nowMs };
const ill = {
  kind: 'unhealthy',
  reason: 'TasksNotRunning',
  message: 'service app has 0 of 1 tasks running',
  since: '2026-11-21T09:29:00Z',
} as const;

describe('what people are told', () => {
  const notes = holdReason({
    kind: 'held-manual-migration',
    reason: 'ManualMigration',
    message: 'the release notes of 1.5.0+1.5.0 ask for work by hand: "run the script"',
    file: 'release/1.5.0+1.5.0',
    line: 3,
    from: null,
    to: '1.5.0+1.5.0',
  });
  const first = transitionInput(app, null, '1.0.0+1.0.0');
  const stateless = transitionInput({ ...app, data: 'Stateless' }, '1.1.0+1.1.0', '1.2.0+1.2.0');

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
    { name: 'rollback', alert: rollbackAlert(failed()) },
    {
      name: 'rollback-never-served',
      alert: rollbackAlert(
        failed({
          servedFromMs: null,
          servedUntilMs: null,
          failure: failure({
            verdict: 'inconclusive',
            reason: 'DiskFull',
            message: 'no room for the snapshot',
          }),
        }),
      ),
    },
    { name: 'rollback-stateless', alert: rollbackAlert(failed({ input: stateless })) },
    {
      name: 'first-install-failed',
      alert: rollbackAlert(failed({ transition: 'install', input: first })),
    },
    {
      name: 'rollback-failed',
      alert: strandedAlert({
        ...failed(),
        backFailure: failure({ reason: 'NotConverged', message: 'not running after 600 s' }),
        left: known([]),
      }),
    },
    {
      name: 'invalid-object',
      alert: invalidAlert(invalid(problem(), problem({ line: 9, message: 'too long' })), nowMs),
    },
    { name: 'unhealthy', alert: unhealthyAlert({ ...illness, health: ill }) },
  ])('$name', async ({ name, alert }) => {
    await expect(`${JSON.stringify(alert, null, 2)}\n`).toMatchFileSnapshot(
      `golden/alert-${name}.json`,
    );
  });

  test('where the way back failed too, the last words of both are told, those of the target first', () => {
    const { lastLogs } = strandedAlert({
      ...failed({ failure: failure({ lastLogs: ['of the target'] }) }),
      backFailure: failure({ lastLogs: ['of the way back'] }),
      left: known([]),
    });

    expect(lastLogs).toEqual(['of the target', 'of the way back']);
  });

  test.each([
    { name: 'is undeployed', left: known([]), says: 'guestbook is undeployed and is left so.' },
    {
      name: 'could not be undeployed',
      left: known(['service guestbook_app']),
      says: 'could not be undeployed and is left so: service guestbook_app of it is there still.',
    },
    {
      name: 'is in a Swarm that does not answer (L1)',
      left: unknown('no leader'),
      says: 'Whether guestbook is undeployed is not known (no leader); it is left as it is.',
    },
  ])('where the way back failed, it is told that the app $name', ({ left, says }) => {
    const { message } = strandedAlert({ ...failed(), backFailure: null, left });

    expect(message).toContain(says);
    expect(message.includes('is undeployed and is left so')).toBe(left.known && !left.value[0]);
  });

  test('a restore that failed says where the data is that it displaced, and the way out', () => {
    const { message, resolve } = strandedAlert({
      ...failed({ transition: 'restore' }),
      backFailure: null,
      left: known([]),
    });

    expect(message).toContain('guestbook/volumes/<volume>/displaced-20261121t093000-0000aa');
    expect(resolve).toContain('ci-warm reconcile guestbook --retry');
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

describe('one alert an event (A1)', () => {
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

  test('each transition that is rolled back is an event of its own', () => {
    expect(rollbackAlert(failed()).fingerprint).not.toBe(
      rollbackAlert(failed({ id: '20261121t103000-0000bb' })).fingerprint,
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

  test('an invalid object whose problems moved to other lines is the same event; one more problem is another', () => {
    const before = invalidAlert(invalid(problem()), nowMs).fingerprint;

    expect(invalidAlert(invalid(problem({ line: 60 })), nowMs).fingerprint).toBe(before);
    expect(
      invalidAlert(invalid(problem(), problem({ message: 'too long' })), nowMs).fingerprint,
    ).not.toBe(before);
  });

  test('each illness is an event of its own', () => {
    const again = { ...illness, since: '2026-11-21T12:00:00Z', health: ill };

    expect(unhealthyAlert(again).fingerprint).not.toBe(
      unhealthyAlert({ ...illness, health: ill }).fingerprint,
    );
  });
});

describe('problems that belong to no object', () => {
  test('are told once a file, and those of objects not again', () => {
    const own = problem({ file: 'a.yaml', code: 'yaml-syntax', message: 'bad indentation' });
    const ofObject = problem();

    const alerts = invalidFileAlerts([own, { ...ofObject }], [invalid(ofObject)], nowMs);

    expect(alerts.map(({ title, app: subject }) => [title, subject])).toEqual([
      ['a.yaml is invalid', 'host'],
    ]);
  });
});

describe('bounds', () => {
  test('release notes are at most 4 KiB each, cut at a whole character', () => {
    const notes = [{ version: '1.5.0+1.5.0', text: 'ü'.repeat(5000) }];
    const entry = entryOf(
      'guestbook',
      { kind: 'held', message: 'x' },
      { hold: hold('2.0.0+2.0.0', [holdReason()], notes) },
    );

    const text = holdAlerts(entry, app, nowMs)[0]?.releaseNotes[0]?.text ?? '';

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
    expect(text).toMatch(/^ü+\n\[cut\]$/);
  });

  test('at most forty log lines, the last ones, each bounded', () => {
    const lastLogs = Array.from(
      { length: 200 },
      (_, index) => `${String(index)} ${'x'.repeat(2000)}`,
    );

    const alert = rollbackAlert(failed({ failure: failure({ lastLogs }) }));

    expect(alert.lastLogs).toHaveLength(40);
    expect(alert.lastLogs.at(-1)).toMatch(/^199 x+…$/);
    expect(Math.max(...alert.lastLogs.map((line) => line.length))).toBe(500);
  });

  test('what looks like a credential reaches neither the logs nor the message', () => {
    const text = JSON.stringify(
      rollbackAlert(
        failed({
          failure: failure({
            message: 'login with password=CANARY failed',
            lastLogs: ['token: CANARY'],
          }),
        }),
      ),
    );

    expect(text).not.toContain('CANARY');
  });

  test('an object with very many problems lists the first ten', () => {
    const problems = Array.from({ length: 50 }, (_, index) => problem({ line: index + 1 }));

    const lines = invalidAlert(invalid(...problems), nowMs).message.split('\n');

    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe('- and 40 more');
  });
});
