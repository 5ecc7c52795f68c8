import { describe, expect, test } from 'vitest';
import { diskAlert, type DiskRoom } from '../../controller/report/disk-alert.ts';

const gibibyte = 2 ** 30;

function room(freeGibibytes: number, over: Partial<DiskRoom> = {}): DiskRoom {
  return {
    freeBytes: freeGibibytes * gibibyte,
    disk: { reserveBytes: 5 * gibibyte, warnBelowBytes: 15 * gibibyte },
    isTold: false,
    nowMs: Date.parse('2026-11-21T09:30:00Z'),
    ...over,
  };
}

describe('diskAlert', () => {
  test.each([
    { name: 'as much as is wanted', free: 15, isTold: false, severity: undefined },
    { name: 'less', free: 14.9, isTold: false, severity: 'warning' },
    { name: 'a little more again, after it was told', free: 16, isTold: true, severity: 'warning' },
    { name: 'clearly more again', free: 16.6, isTold: true, severity: undefined },
    { name: 'less than the reserve', free: 4.9, isTold: false, severity: 'critical' },
  ])('$name: $severity', ({ free, isTold, severity }) => {
    expect(diskAlert(room(free, { isTold }))?.severity).toBe(severity);
  });

  test('A1: however much is free, it is the same event', () => {
    expect(diskAlert(room(14))?.fingerprint).toBe(diskAlert(room(3))?.fingerprint);
  });

  test('says how much there is, and what is not done without more', () => {
    expect(diskAlert(room(4))?.message).toBe(
      '4.0 GiB are free where ci-warm keeps its state, which is less than 15.0 GiB (disk.warnBelow).\n' +
        'The reserve of 5.0 GiB is broken: no upgrade that needs a snapshot is begun until there is room. What runs is left alone.',
    );
  });
});
