import { describe, expect, test } from 'vitest';
import { alertOf } from '../../controller/report/alert-parts.ts';

const draft = {
  kind: 'rollback',
  app: 'guestbook',
  severity: 'warning',
  title: 'guestbook: 1.2.0+1.2.0 failed',
  message: 'it did not become healthy',
  atMs: 0,
  fingerprint: 'rollback/guestbook/x',
  resolve: 'ci-warm history guestbook',
} as const;

describe('the bounds of every alert', () => {
  test('release notes are at most 4 KiB each, cut at a whole character', () => {
    const releaseNotes = [{ version: '1.5.0+1.5.0', text: 'ü'.repeat(5000) }];

    const text = alertOf({ ...draft, releaseNotes }).releaseNotes[0]?.text ?? '';

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
    expect(text).toMatch(/^ü+\n\[cut\]$/);
  });

  test('at most forty log lines, the last ones, each bounded', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `${String(index)} ${'x'.repeat(2000)}`);

    const { lastLogs } = alertOf({ ...draft, lastLogs: lines });

    expect(lastLogs).toHaveLength(40);
    expect(lastLogs.at(-1)).toMatch(/^199 x+…$/);
    expect(Math.max(...lastLogs.map((line) => line.length))).toBe(500);
  });

  test('what looks like a credential reaches neither the logs nor the message', () => {
    const message = 'login with password=CANARY failed';

    const text = JSON.stringify(alertOf({ ...draft, message, lastLogs: ['token: CANARY'] }));

    expect(text).not.toContain('CANARY');
  });
});
