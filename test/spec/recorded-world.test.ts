import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unknown } from '../../controller/model/known.ts';
import type { RecordedWorld } from '../../controller/model/recorded-world.ts';
import { parseRecordedWorld, recordedWorldText } from '../../controller/spec/recorded-world.ts';
import { fullWorld, textOf } from '../build/recorded-world.ts';

const canary = 'canary-3f1c9d';

/** What is wrong with the file after this was done to it. */
function problemsAfter(change: (world: Record<string, unknown>) => void): readonly string[] {
  const world = JSON.parse(textOf(fullWorld)) as Record<string, unknown>;
  change(world);
  const read = parseRecordedWorld(JSON.stringify(world));
  return 'problems' in read ? read.problems : [];
}

/** Sets the member at that place, or removes it. */
function at(path: string, value?: unknown): (world: Record<string, unknown>) => void {
  return (world) => {
    const names = path.split('/').slice(1);
    const last = names.pop() ?? '';
    const holder = names.reduce<unknown>(
      (part, name) => (part as Record<string, unknown>)[name],
      world,
    ) as Record<string, unknown>;
    if (value === undefined) Reflect.deleteProperty(holder, last);
    else holder[last] = value;
  };
}

describe('a recorded world', () => {
  test('is read as it was written', () => {
    expect(parseRecordedWorld(textOf(fullWorld))).toEqual({ world: fullWorld });
  });

  test('may be one of which nothing is known', () => {
    const why = unknown({ why: 'Docker does not answer', details: ['ECONNREFUSED'] });
    const dark: RecordedWorld = {
      ...fullWorld,
      swarm: why,
      apps: why,
      applied: { path: '/s/desired.json', last: why },
      records: { guestbook: why },
      recipes: [{ name: 'guestbook', url: '/r', view: why, files: why }],
    };

    expect(parseRecordedWorld(textOf(dark))).toEqual({ world: dark });
  });

  test.each([
    { text: '', says: /not a JSON object; it may have been cut short/ },
    { text: '[]', says: /not a JSON object/ },
    {
      text: '{"apiVersion":"ci-warm.dev/v1","kind":"Plan"}',
      says: /its kind is not RecordedWorld/,
    },
    {
      text: '{"apiVersion":"ci-warm.dev/v2","kind":"RecordedWorld"}',
      says: /another version of the format than ci-warm\.dev\/v1/,
    },
  ])('that is $text is one sentence', ({ text, says }) => {
    const read = parseRecordedWorld(text);

    expect(read).toEqual({ problems: [expect.stringMatching(says)] });
  });

  const record = '/records/guestbook/value';
  test.each([
    { path: '/recordedAt', value: canary, says: 'must match format "date-time"' },
    { path: '/swarm' },
    { path: '/swarm/value' },
    { path: '/swarm/known', value: false, says: '', place: '/swarm/why is missing' },
    { path: '/swarm/value/services/0/name' },
    { path: '/swarm/value/services/0/labels/x', value: 1, says: 'must be string' },
    { path: '/swarm/value/services/0/found/environment' },
    { path: '/swarm/value/tasks/0/stateAtMs', value: canary, says: 'must be number' },
    { path: '/swarm/value/containers/0/health', value: canary, says: 'must be equal to one of' },
    { path: '/swarm/value/volumes/0/options' },
    { path: '/swarm/value/nodes/0/self' },
    { path: '/apps/value/0', value: '../x', says: 'must match pattern' },
    { path: `${record}/lastGood/commit`, value: canary, says: 'must match pattern' },
    { path: `${record}/quarantine/specHash`, value: canary, says: 'must match pattern' },
    { path: `${record}/request/kind`, value: canary, says: 'must be equal to one of' },
    { path: `${record}/orphan/since` },
    { path: `${record}/open/0/input` },
    { path: `${record}/history/0/end`, value: canary, says: 'must be equal to one of' },
    { path: `${record}/frozen/policy/convergeMs` },
    { path: `${record}/snapshot/value/identity/specHash` },
    { path: '/applied/last/value/objects' },
    { path: '/recipes/0/view/value/releases/0/commit', value: canary, says: 'must match pattern' },
    { path: '/texts', value: [], says: 'lacks files of the recipe guestbook' },
  ])('with $path wrong says where, and never with which value', ({ path, value, says, place }) => {
    const problems = problemsAfter(at(path, value));

    expect(problems).toContainEqual(
      expect.stringContaining(place ?? `${path} ${says ?? 'is missing'}`),
    );
    expect(problems.join()).not.toContain('canary');
  });

  test('that is cut anywhere is never read', () => {
    const text = textOf(fullWorld).trimEnd();
    fc.assert(
      fc.property(fc.nat(text.length - 1), (length) => {
        expect(parseRecordedWorld(text.slice(0, length))).toHaveProperty('problems');
      }),
    );
  });

  test('that would break its schema is not written', () => {
    const wrong = { ...fullWorld, recordedAt: 'today' };

    expect(recordedWorldText(wrong)).toEqual({
      problems: [expect.stringContaining('/recordedAt')],
    });
  });

  test('of a newer ci-warm may have members that this one does not know', () => {
    expect(problemsAfter(at('/later', 1))).toEqual([]);
  });
});
