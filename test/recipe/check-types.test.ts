/** Values that Docker would refuse are found when the recipe is read; values that it takes are left alone. */
import { describe, expect, test } from 'vitest';

import { readStack } from '../../controller/recipe/read-recipe.ts';
import { renderStackFile } from '../../controller/recipe/stack-file.ts';
import { readValue, valueCases } from './compose-values.ts';
import { corpusApp, corpusRelease } from './corpus.ts';

const cases = valueCases();

describe('a value that Docker takes is taken', () => {
  test.each(cases.filter(({ says }) => says.length === 0))('$name', (one) => {
    expect(problemsOf(one)).toEqual([]);
  });
});

describe('a value that Docker refuses is refused before anything is touched, with its line and what to write', () => {
  test.each(cases.filter(({ says }) => says.length > 0))('$name', (one) => {
    expect(problemsOf(one)).toEqual(one.says);
  });
});

describe('where a wrong value stands', () => {
  const at = (text: string): readonly string[] => problemsOf({ text, env: {} });

  test('a member of a list is shown at its own line', () => {
    const text = 'services:\n  app:\n    image: a:1\n    cap_add:\n      - A\n      - 5\n';

    expect(at(text)).toEqual([
      '6: service app: cap_add.1 is 5, and Docker takes a text there: put it in quotes',
    ]);
  });

  test('a value out of an anchor is shown at the service that takes it', () => {
    const text =
      'x-all: &all\n  init: 1\nservices:\n  app:\n    <<: *all\n    image: a:1\n  b:\n    image: b:1\n';

    expect(at(text)).toEqual(['4: service app: init is 1, and Docker takes true or false there']);
  });

  test('what stands under x-… may be anything', () => {
    const text = 'x-any: [1]\nservices:\n  app:\n    image: a:1\n    x-more: {a: [true]}\n';

    expect(at(text)).toEqual([]);
  });

  test('a long text is not shown whole', () => {
    const text = `services:\n  app:\n    image: a:1\n    tty: ${'x'.repeat(500)}\n`;

    expect(at(text)[0]?.length).toBeLessThan(150);
  });
});

test('what two files both say is there once: of one file Docker would refuse it twice', () => {
  const lists = [
    'cap_add: [NET_ADMIN, A]',
    'dns: [1.1.1.1]',
    'expose: [80]',
    'ports: [80]',
    'security_opt: [a]',
    'extra_hosts: ["a:1.2.3.4"]',
  ];
  const text = `services:\n  app:\n    image: a:1\n    ${lists.join('\n    ')}\n`;
  const files = new Map([
    ['a.yml', text],
    ['b.yml', text],
  ]);
  const release = { ...corpusRelease, env: { COMPOSE_FILE: 'a.yml:b.yml' } };
  const { loaded, reading } = readStack(files, corpusApp, release);

  const whole = renderStackFile({ loaded, files, override: '{}' });
  const again = readValue({ text: whole.text, env: {} });

  expect(reading.problems).toEqual([]);
  expect(again.reading.problems).toEqual([]);
});

function problemsOf(one: Parameters<typeof readValue>[0]): readonly string[] {
  return readValue(one).reading.problems.map(({ line, message }) => `${String(line)}: ${message}`);
}
