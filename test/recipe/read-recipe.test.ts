import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { renderOverride } from '../../controller/recipe/override.ts';
import { readRecipe, readStack } from '../../controller/recipe/read-recipe.ts';
import { corpusApp, corpusRelease, recipeCases } from './corpus.ts';

function readingOf(files: Readonly<Record<string, string>>): ReturnType<typeof readRecipe> {
  return readRecipe(new Map(Object.entries(files)), corpusApp, corpusRelease);
}

describe('readRecipe', () => {
  test('a recipe without any file is a problem and no error', () => {
    expect(readingOf({}).problems.map((problem) => problem.message)).toEqual([
      'the recipe has no compose.yml at this commit; name its compose files in COMPOSE_FILE, in .env.sample',
      'the compose files name no service',
    ]);
  });

  test.each([
    { name: 'a bomb of aliases', text: bomb() },
    { name: 'absurd nesting', text: '['.repeat(100_000) },
    { name: 'a list', text: '- a\n- b\n' },
    { name: 'nothing', text: '' },
    { name: 'two documents', text: 'a: 1\n---\nb: 2\n' },
  ])('$name is a problem and no error', ({ text }) => {
    expect(readingOf({ 'compose.yml': text }).problems.length).toBeGreaterThan(0);
  });

  test('what one file asks for cannot be hidden by another', () => {
    const reading = readingOf({
      '.env.sample': 'COMPOSE_FILE=a.yml:b.yml',
      'a.yml':
        'services: {app: {image: "x:1", networks: [n], secrets: [s]}}\nnetworks: {n: }\nsecrets: {s: {file: f}}',
      'b.yml': 'services: {app: {image: "x:2", networks: [], secrets: []}}',
      f: '',
    });

    expect(reading.problems).toEqual([]);
    expect(reading.services).toMatchObject([{ image: 'x:2', networks: ['n'] }]);
  });

  test('never throws, however a recipe of the corpus is mangled', () => {
    const cases = recipeCases();
    fc.assert(
      fc.property(
        fc.constantFrom(...cases),
        fc.nat(),
        fc.nat(),
        fc.oneof(fc.string(), fc.constantFrom('${', '*x', '&x ', ': ', '\n', '\t', '- ', '"')),
        (one, which, at, insert) => {
          const paths = [...one.files.keys()];
          const path = paths[which % paths.length] ?? '';
          const text = one.files.get(path) ?? '';
          const place = at % (text.length + 1);
          const mangled = text.slice(0, place) + insert + text.slice(place + insert.length);
          const files = new Map([...one.files, [path, mangled]]);

          const stack = readStack(files, one.app, one.release);
          const override = renderOverride({ ...one, files, stack, nodeId: 'n' });

          expect(override).toContain('services');
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Nine levels of nine aliases each. */
function bomb(): string {
  const levels = 'abcdefghi'.split('');
  const lines = levels.map((level, index) => {
    const before = levels[index - 1];
    const members = before === undefined ? '1' : `*${before}`;
    return `${level}: &${level} [${Array.from({ length: 9 }, () => members).join(', ')}]`;
  });
  return `${lines.join('\n')}\nservices: {app: {image: "x:1", command: *i}}\n`;
}
