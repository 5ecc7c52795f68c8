import { expect, test } from 'vitest';
import { unhealthyAlert } from '../../controller/report/unhealthy-alert.ts';

const nowMs = Date.parse('2026-11-21T09:30:00Z');

const illness = { app: 'guestbook', version: '1.1.0+1.1.0', since: '2026-11-21T09:29:00Z', nowMs };
const ill = {
  kind: 'unhealthy',
  reason: 'TasksNotRunning',
  message: 'service app has 0 of 1 tasks running',
  since: '2026-11-21T09:29:00Z',
} as const;

test('an app that fell ill is told with its reason, and that it is not rolled back', async () => {
  const alert = unhealthyAlert({ ...illness, health: ill });

  await expect(`${JSON.stringify(alert, null, 2)}\n`).toMatchFileSnapshot(
    'golden/alert-unhealthy.json',
  );
});

test('each illness is an event of its own (A1)', () => {
  const again = { ...illness, since: '2026-11-21T12:00:00Z', health: ill };

  expect(unhealthyAlert(again).fingerprint).not.toBe(
    unhealthyAlert({ ...illness, health: ill }).fingerprint,
  );
});
