import { describe, expect, test } from 'vitest';
import { unreadable, type Stale } from '../../controller/model/desired-stale.ts';
import { staleAlert } from '../../controller/report/stale-alert.ts';

const unreachable = (why: string): Stale => ({ code: 'fetch-failed', why, resolve: 'mend it' });
const fingerprintOf = (stale: Stale, inForce?: string): string =>
  staleAlert(stale, inForce, 1000).fingerprint;

describe('staleAlert', () => {
  test('A1: the same reason is the same event, whenever it is seen; another is another', () => {
    const stale = unreadable('desired/ is empty');

    expect(staleAlert(stale, undefined, 9000).fingerprint).toBe(fingerprintOf(stale));
    expect(fingerprintOf(unreadable('desired/ is missing'))).not.toBe(fingerprintOf(stale));
  });

  test('A1: a repository that fails in other words is the same event; under another revision it is another', () => {
    const first = fingerprintOf(unreachable('timed out'), 'aaa');

    expect(fingerprintOf(unreachable('no route to host'), 'aaa')).toBe(first);
    expect(fingerprintOf(unreachable('timed out'), 'bbb')).not.toBe(first);
  });

  test('says why, that nothing changes, and what to do', () => {
    expect(staleAlert(unreadable('desired/ is empty'), undefined, 1000)).toMatchObject({
      kind: 'desired-stale',
      app: 'host',
      message: expect.stringContaining('Every app stays as it is') as unknown,
      resolve: expect.stringContaining('--desired') as unknown,
    });
  });

  test('says what stays wanted, and what was refused', () => {
    const stale: Stale = {
      code: 'history-rewritten',
      why: 'the history was rewritten',
      resolve: 'push a commit that follows aaa',
      refused: 'ccc',
    };

    expect(staleAlert(stale, 'aaa', 1000)).toMatchObject({
      message: expect.stringContaining('What was applied last (aaa) stays wanted') as unknown,
      from: 'aaa',
      to: 'ccc',
      resolve: 'push a commit that follows aaa',
    });
  });
});
