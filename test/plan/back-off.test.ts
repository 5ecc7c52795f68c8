import { describe, expect, test } from 'vitest';
import { retryNotBeforeMs } from '../../controller/plan/back-off.ts';
import { transition } from '../build/record.ts';

const endMs = Date.parse('2026-11-21T09:00:00Z');

function ended(end: 'succeeded' | 'rolled-back', toVersion: string, atMs = endMs) {
  return transition({ end, toVersion, endedAt: new Date(atMs).toISOString() });
}

const bad = ended('rolled-back', '1.1.0+1.1.0');
const other = ended('rolled-back', '1.2.0+1.2.0');
const good = ended('succeeded', '1.1.0+1.1.0');
const ofBad = bad.toSpecHash;

describe('how long a change that failed for the machine’s sake waits', () => {
  test.each([
    { name: 'nothing was tried', history: [], untilMs: 0 },
    { name: 'it failed once', history: [bad], untilMs: endMs + 10_000 },
    { name: 'it failed twice', history: [bad, bad], untilMs: endMs + 20_000 },
    { name: 'another one failed', history: [other, other], untilMs: 0 },
    { name: 'others failed before it', history: [other, other, bad], untilMs: endMs + 10_000 },
    { name: 'it failed, and another one after it', history: [bad, other], untilMs: 0 },
    { name: 'it succeeded at last', history: [bad, bad, good], untilMs: 0 },
    { name: 'it succeeded in between', history: [bad, good, bad], untilMs: endMs + 10_000 },
    {
      name: 'it has failed ever since',
      history: Array.from({ length: 30 }, () => bad),
      untilMs: endMs + 30 * 60_000,
    },
    {
      name: 'it failed an hour before its last failure',
      history: [ended('rolled-back', '1.1.0+1.1.0', endMs - 3_600_000), bad],
      untilMs: endMs + 20_000,
    },
  ])('$name', ({ history, untilMs }) => {
    expect(retryNotBeforeMs(history, ofBad, endMs)).toBe(untilMs);
  });
});
