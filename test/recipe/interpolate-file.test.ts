import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';

import { parseComposeFile } from '../../controller/recipe/compose-file.ts';
import { interpolateFile } from '../../controller/recipe/interpolate-file.ts';

const env: Readonly<Record<string, string>> = {
  TEXT: 'a: b # "c"',
  LINES: 'one\ntwo\n',
  NUMBER: '7',
  YES: 'yes',
  ODD: '\u2028\u0085\u007f\ufeff\\',
};

function fill(text: string): { readonly text: string; readonly problems: readonly unknown[] } {
  return interpolateFile(parseComposeFile('compose.yml', text), (name) => env[name], '3.9');
}

/** What Docker makes of the rendered file: it takes doubled dollar signs as one. */
function read(text: string): unknown {
  return parse(fill(text).text, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('$$', () => '$') : value,
  );
}

describe('interpolateFile', () => {
  test.each([
    { name: 'plain', yaml: 'x-a: $TEXT' },
    { name: 'double-quoted', yaml: 'x-a: "${TEXT}"' },
    { name: 'single-quoted', yaml: "x-a: '${TEXT}'" },
    { name: 'within a flow list', yaml: 'x-a: [1, $TEXT, "x"]' },
    { name: 'tagged and anchored', yaml: 'x-a: &one !!str $TEXT\nx-b: *one' },
  ])('a value that is $name may become any text', ({ yaml }) => {
    expect(JSON.stringify(read(yaml))).toContain(JSON.stringify(env['TEXT']));
  });

  test('characters that YAML takes for line breaks survive', () => {
    expect(read('x-a: $ODD')).toMatchObject({ 'x-a': env['ODD'] });
  });

  test('a block keeps its line breaks, and what is behind it keeps its line', () => {
    const text = 'x-a: |\n  first $LINES\n  last\nx-b: 1\n';

    expect(read(text)).toMatchObject({ 'x-a': 'first one\ntwo\n\nlast\n', 'x-b': 1 });
    expect(fill(text).text.split('\n')[3]).toBe('x-b: 1');
  });

  test.each([
    { name: 'a number where Docker wants one', path: 'replicas', value: '${NUMBER}', as: 7 },
    { name: 'text where it wants text', path: 'mode', value: '${NUMBER}', as: '7' },
  ])('a filled-in value is $name', ({ path, value, as }) => {
    const result = read(`services:\n  app:\n    deploy:\n      ${path}: ${value}\n`);

    expect(result).toMatchObject({ services: { app: { deploy: { [path]: as } } } });
  });

  test('a filled-in boolean may be said in all the ways that YAML once knew', () => {
    expect(read('services: {app: {tty: "${YES}", read_only: "${NO:-off}"}}')).toMatchObject({
      services: { app: { tty: true, read_only: false } },
    });
  });

  test('a fragment that is used by alias is filled in for where it may be used', () => {
    expect(read('x-deploy: &d\n  replicas: ${NUMBER}\n  user: ${NUMBER}\n')).toMatchObject({
      'x-deploy': { replicas: 7, user: '7' },
    });
  });

  test('words that only old versions of Docker take for booleans are quoted', () => {
    const { text } = fill(
      "services:\n  off:\n    environment: {A: no, B: 'no', C: none}\n    tty: on\n",
    );

    expect(text).toContain('  "off":\n');
    expect(text).toContain('{A: "no", B: \'no\', C: none}');
    expect(text).toContain('tty: true');
  });

  test('octal numbers and everything else without a dollar sign stay as they were written', () => {
    const text = 'version: "3.9"\nservices: # all of them\n  app: {mode: 0440, at: 1.10, on_: ~}\n';

    expect(fill(text).text).toBe(text);
  });

  test.each([
    { name: 'replaced', yaml: "version: '3.7'\nx-a: 1", text: 'version: "3.9"\nx-a: 1' },
    {
      name: 'filled in where it is empty',
      yaml: 'version:\nx-a: 1',
      text: 'version: "3.9"\nx-a: 1',
    },
    {
      name: 'added at the end',
      yaml: '# first\nx-a: 1',
      text: '# first\nx-a: 1\nversion: "3.9"\n',
    },
    { name: 'added within braces', yaml: '{x-a: 1}', text: '{ version: "3.9",x-a: 1}' },
    {
      name: 'added with the file`s indent',
      yaml: '  x-a: 1\n',
      text: '  x-a: 1\n  version: "3.9"\n',
    },
  ])('the version is $name', ({ yaml, text }) => {
    expect(fill(yaml).text).toBe(text);
  });

  test('a key is not filled in', () => {
    expect(read('x-a: {"$TEXT": 1}')).toMatchObject({ 'x-a': { $TEXT: 1 } });
  });

  test('what cannot be filled in is told with its line, and the rest is filled in', () => {
    const { problems, text } = fill('services:\n  app:\n    image: ${\n    user: $NUMBER\n');

    expect(problems).toMatchObject([{ file: 'compose.yml', line: 3 }]);
    expect(text).toContain('user: "7"');
  });

  test('any text that is filled in comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const file = parseComposeFile('compose.yml', 'x-a: ["${V}", $V]\nx-b: |\n  $V\n');
        const { text } = interpolateFile(file, () => value, '3.9');
        const read = parse(text, (_, one: unknown) =>
          typeof one === 'string' ? one.replaceAll('$$', () => '$') : one,
        ) as Readonly<Record<string, unknown>>;

        expect(read).toEqual({ 'x-a': [value, value], 'x-b': `${value}\n`, version: '3.9' });
      }),
    );
  });

  test('never throws, whatever the file', () => {
    const piece = fc.constantFrom(
      'services',
      ':',
      ' ',
      '\n',
      '  ',
      '- ',
      '$A',
      '${',
      '}',
      '{',
      '[',
      ']',
      '"',
      "'",
      '|',
      '>',
      '&a',
      '*a',
      '<<',
      '#',
      'off',
      '\t',
      '---\n',
      '...\n',
      '!x',
      '%',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          const filled = fill(text);

          expect(typeof filled.text).toBe('string');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('any tree keeps its meaning', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree')),
        fc.dictionary(fc.stringMatching(/^k[a-z$]*$/), tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^x-[a-z]+$/), tree), (value) => {
        const doubled = JSON.parse(
          JSON.stringify(value, (_, one: unknown) =>
            typeof one === 'string' ? one.replaceAll('$', () => '$$') : one,
          ),
        ) as Readonly<Record<string, unknown>>;

        expect(read(stringify(doubled))).toEqual({ ...value, version: '3.9' });
      }),
    );
  });
});
