import { describe, expect, test } from 'vitest';
import type { InvalidObject, SpecProblem } from '../../controller/model/spec-problem.ts';
import { invalidAlert, invalidFileAlerts } from '../../controller/report/invalid-alert.ts';

const nowMs = Date.parse('2026-11-21T09:30:00Z');

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

describe('an object that is invalid', () => {
  test('is told with its problems, each at its place', async () => {
    const alert = invalidAlert(
      invalid(problem(), problem({ line: 9, message: 'too long' })),
      nowMs,
    );

    await expect(`${JSON.stringify(alert, null, 2)}\n`).toMatchFileSnapshot(
      'golden/alert-invalid-object.json',
    );
  });

  test('an object with very many problems lists the first ten', () => {
    const problems = Array.from({ length: 50 }, (_, index) => problem({ line: index + 1 }));

    const lines = invalidAlert(invalid(...problems), nowMs).message.split('\n');

    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe('- and 40 more');
  });

  test('whose problems moved to other lines is the same event (A1); one more problem is another', () => {
    const before = invalidAlert(invalid(problem()), nowMs).fingerprint;

    expect(invalidAlert(invalid(problem({ line: 60 })), nowMs).fingerprint).toBe(before);
    expect(
      invalidAlert(invalid(problem(), problem({ message: 'too long' })), nowMs).fingerprint,
    ).not.toBe(before);
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
