import { describe, expect, test } from 'vitest';

import { known } from '../../controller/model/known.ts';
import type { ControllerStatus } from '../../controller/model/state-file.ts';
import { controllerLines } from '../../controller/report/controller-line.ts';

const applied = 'a'.repeat(40);
const newer = 'b'.repeat(40);
const alive: ControllerStatus = {
  pid: 4711,
  startedAt: '2026-11-21T09:00:00Z',
  lastPassAt: '2026-11-21T09:30:00.481Z',
  version: '0.1.0',
};
const first = 'Controller 0.1.0 (process 4711) last looked at 2026-11-21T09:30:00Z, 12 s ago.';
const nowMs = Date.parse('2026-11-21T09:30:12.9Z');

describe('what status says of the controller', () => {
  test('is one line while the newest desired state is in force', () => {
    const same = { ...alive, lastAppliedRevision: applied, lastAttemptedRevision: applied };

    expect(controllerLines(known(same), nowMs)).toBe(first);
    expect(controllerLines(known(alive), nowMs)).toBe(first);
    expect(controllerLines(known(undefined), nowMs)).toBe('No controller has written here yet.');
  });

  test.each([
    {
      name: 'a newer commit that was refused, and what stays in force',
      more: {
        lastAppliedRevision: applied,
        lastAttemptedRevision: newer,
        notFollowedBecause: 'the history of ops was rewritten',
      },
      line: 'Desired state bbbbbbbbbbbb is not followed, aaaaaaaaaaaa stays: the history of ops was rewritten.',
    },
    {
      name: 'a tree that cannot be had, of which no newer revision was seen',
      more: {
        lastAppliedRevision: applied,
        lastAttemptedRevision: applied,
        notFollowedBecause: 'the repository does not answer',
      },
      line: 'Newer desired state is not followed, aaaaaaaaaaaa stays: the repository does not answer.',
    },
    {
      name: 'a tree that cannot be had before any was',
      more: { notFollowedBecause: 'there is no directory desired' },
      line: 'Newer desired state is not followed, none is in force: there is no directory desired.',
    },
    {
      name: 'a tree without valid Settings',
      more: { lastAppliedRevision: applied, lastAttemptedRevision: newer },
      line: 'Desired state bbbbbbbbbbbb has no valid Settings: nothing is begun until it has (ci-warm validate).',
    },
  ])('has a second line for $name', ({ more, line }) => {
    expect(controllerLines(known({ ...alive, ...more }), nowMs)).toBe(`${first}\n${line}`);
  });
});
