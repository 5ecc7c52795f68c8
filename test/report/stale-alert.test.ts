import { describe, expect, test } from 'vitest';
import { staleAlert } from '../../controller/report/stale-alert.ts';

describe('staleAlert', () => {
  test('A1: the same reason is the same event, whenever it is seen; another is another', () => {
    const first = staleAlert('desired/ is empty', 1000);

    expect(staleAlert('desired/ is empty', 9000).fingerprint).toBe(first.fingerprint);
    expect(staleAlert('desired/ is missing', 1000).fingerprint).not.toBe(first.fingerprint);
  });

  test('says why, that nothing changes, and what to do', () => {
    expect(staleAlert('desired/ is empty', 1000)).toMatchObject({
      kind: 'desired-stale',
      app: 'host',
      message: expect.stringContaining('Every app stays as it is') as unknown,
      resolve: expect.stringContaining('--desired') as unknown,
    });
  });
});
