import { describe, expect, test } from 'vitest';
import type { AppDiff } from '../../controller/model/app-diff.ts';
import { diffForAlert, diffJson, diffText } from '../../controller/report/diff-text.ts';
import { commitOf } from '../build/recipe.ts';

const v1 = '1.0.0+1.0.0';
const v2 = '2.0.0+2.0.0';
const recipeDiff = [
  'diff --git a/x b/x',
  '--- a/x',
  '+++ b/x',
  '@@ -1 +1 @@',
  '-one',
  '+two',
  '',
].join('\n');

const diff: AppDiff = {
  app: 'book',
  recipe: 'guestbook',
  current: { version: v1, commit: commitOf(v1) },
  target: { version: v2, commit: commitOf(v2) },
  differences: [
    { what: 'version', name: '', from: v1, to: v2, message: 'held: it is a major' },
    { what: 'env', name: 'TITLE', from: null, to: 'Ours', message: '' },
    { what: 'env', name: 'SMTP_PASSWORD', from: 'hunter1', to: 'hunter2', message: '' },
    { what: 'env', name: 'DATABASE_URL', from: 'pg://me:hunter3@db/x', to: null, message: '' },
    { what: 'drift', name: '', from: null, to: null, message: 'service x is gone' },
  ],
};

describe('what ci-warm diff shows', () => {
  test('for people: what differs, a line each, then the recipe', () => {
    expect(diffText({ diff, recipeDiff })).toBe(
      [
        'WarmApp book',
        `  version  ${v1} → ${v2}: held: it is a major`,
        '  env      + TITLE=Ours',
        '  env      SMTP_PASSWORD=*** → ***',
        '  env      - DATABASE_URL=pg://***@db/x',
        '  drift    service x is gone',
        '',
        `Recipe guestbook between ${v1} (${commitOf(v1).slice(0, 10)}) and ${v2} (${commitOf(v2).slice(0, 10)})`,
        recipeDiff,
      ].join('\n'),
    );
  });

  test('for programs: the same, and no secret either', () => {
    const json = diffJson({ diff, recipeDiff });

    expect(json).toMatchObject({
      kind: 'Diff',
      name: 'book',
      current: { version: v1 },
      target: { version: v2 },
      recipeDiff,
    });
    expect(JSON.stringify(json)).not.toContain('hunter');
  });

  test('nothing at all where nothing differs', () => {
    const same = { ...diff, target: null, differences: [] };

    expect(diffText({ diff: same, recipeDiff: '' })).toBe('');
    expect(diffJson({ diff: same, recipeDiff: '' })).toMatchObject({
      differences: [],
      recipeDiff: null,
    });
  });

  test('a recipe cannot steer the terminal', () => {
    expect(diffText({ diff, recipeDiff: '+\u001b[2Jtwo\n' })).not.toContain('\u001b');
  });
});

describe('the difference in an alert', () => {
  test('is short enough to be read, says what is left out, and masks what looks secret', () => {
    const lines = Array.from({ length: 250 }, (_, index) => `+line ${String(index)}`);
    const shown = diffForAlert('book', ['+DB_PASSWORD=hunter2', ...lines, ''].join('\n')) ?? '';

    expect(shown.split('\n')).toHaveLength(201);
    expect(shown).toContain('[51 lines more: ci-warm diff book]');
    expect(shown).not.toContain('hunter2');
  });

  test('is null where there is none', () => {
    expect(diffForAlert('book', '')).toBeNull();
  });
});
