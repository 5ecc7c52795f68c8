import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findManualWork } from '../../controller/gates/manual-migration.ts';

const corpus = new URL('../corpus/release-notes/', import.meta.url);

function sentences(file: string): readonly string[] {
  return readFileSync(new URL(file, corpus), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

describe('findManualWork', () => {
  test.each(sentences('asks-for-work.txt'))('holds: %s', (sentence) => {
    expect(findManualWork(sentence)?.text).toBeDefined();
  });

  test.each(sentences('nothing-to-do.txt'))('does not hold: %s', (sentence) => {
    expect(findManualWork(sentence)).toBeUndefined();
  });

  test('a negation on the line before its verb is seen', () => {
    expect(findManualWork('There are no\nmanual steps in this release.')).toBeUndefined();
  });

  test('a harmless sentence does not excuse the next one', () => {
    const found = findManualWork(
      'No manual steps for SQLite. With Postgres you must run pg_dump first.',
    );

    expect(found?.text).toBe('With Postgres you must run pg_dump first.');
  });

  test('the line is that of the sentence', () => {
    expect(findManualWork('# 1.2.0\n\n- faster\n- **Attention:** rename FOO to BAR\n')?.line).toBe(
      4,
    );
  });

  test('G2: what stands behind the longest notes that are read is not taken for nothing', () => {
    const found = findManualWork(
      `${'Faster. '.repeat(9000)}\n\nYou must run the migration by hand.`,
    );

    expect(found).toMatchObject({ isUnread: true, line: 1 });
  });

  test('G2: a negation somewhere in an endless sentence excuses nothing', () => {
    const found = findManualWork(
      `You must migrate by hand ${'and so on '.repeat(300)} no manual steps`,
    );

    expect(found?.isUnread).toBe(false);
  });
});
