import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { interpolate } from '../../controller/recipe/interpolate.ts';

const values: Readonly<Record<string, string>> = {
  SET: 'value',
  EMPTY: '',
  DOLLAR: '$SET',
  lower_1: 'low',
};
const lookup = (name: string): string | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

const texts: readonly (readonly [template: string, text: string])[] = [
  ['', ''],
  ['no variable', 'no variable'],
  ['$SET', 'value'],
  ['${SET}', 'value'],
  ['a$SET.b', 'avalue.b'],
  ['$SET$SET', 'valuevalue'],
  ['$lower_1', 'low'],
  ['$NONE', ''],
  ['${NONE}', ''],
  ['$$', '$'],
  ['$$SET', '$SET'],
  ['$$$SET', '$value'],
  ['$DOLLAR', '$SET'],
  ['${SET:-x}', 'value'],
  ['${EMPTY:-x}', 'x'],
  ['${NONE:-x}', 'x'],
  ['${SET-x}', 'value'],
  ['${EMPTY-x}', ''],
  ['${NONE-x}', 'x'],
  ['${NONE:-}', ''],
  ['${NONE:-a:-b}', 'a:-b'],
  ['${NONE:-${SET}}', 'value'],
  ['${NONE:-${ALSO:-${EMPTY:-deep}}}!', 'deep!'],
  ['${NONE:-a$SET b}', 'avalue b'],
  ['${NONE:-$${SET}}', '${SET}'],
  ['${SET:+x}', 'x'],
  ['${EMPTY:+x}', ''],
  ['${NONE:+x}', ''],
  ['${SET+x}', 'x'],
  ['${EMPTY+x}', 'x'],
  ['${NONE+x}', ''],
  ['${SET:+is ${SET}}', 'is value'],
  ['${SET:?message}', 'value'],
  ['${EMPTY?message}', ''],
  ['${SET:?well-known - message}', 'value'],
  ['${NONE:-{"a":1}}', '{"a":1}'],
  ['Host(`${SET}`) && Path(`^/x$$`)', 'Host(`value`) && Path(`^/x$`)'],
];

describe('interpolate', () => {
  test.each(texts)('%s is filled in as %s', (template, text) => {
    expect(interpolate(template, lookup)).toEqual({ kind: 'text', text });
  });

  test.each([
    ['$', 'write $$'],
    ['costs $5', '`$5`'],
    ['${', '`${`'],
    ['${}', '`${}`'],
    ['${SET', 'no closing brace'],
    ['${SET:-${EMPTY}', 'no closing brace'],
    ['${SET!x}', '`${SET!x}`'],
    ['${SET:x}', '`${SET:x}`'],
    ['${NONE:?which one}', 'NONE has to be set: which one'],
    ['${EMPTY:?}', 'EMPTY has to be set'],
    ['${NONE?}', 'NONE has to be set'],
    ['${NONE:-${ALSO:?inner}}', 'ALSO has to be set: inner'],
  ])('%s is a problem', (template, part) => {
    const result = interpolate(template, lookup);

    expect(result.kind === 'problem' ? result.message : '').toContain(part);
  });

  test('a default that is not used is not looked at', () => {
    expect(interpolate('${SET:-${NONE:?never}}', lookup)).toEqual({ kind: 'text', text: 'value' });
  });

  test('absurd nesting is a problem and no overflow', () => {
    const template = `${'${A:-'.repeat(10_000)}x${'}'.repeat(10_000)}`;

    expect(interpolate(template, lookup).kind).toBe('problem');
  });

  test('a value that names a variable is not filled in again', () => {
    expect(interpolate('${DOLLAR:-x}', lookup)).toEqual({ kind: 'text', text: '$SET' });
  });

  test('never throws, and changes nothing that has no dollar sign', () => {
    const piece = fc.constantFrom('$', '{', '}', ':', '-', '?', '+', 'A', 'SET', ' ');
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (template) => {
          const result = interpolate(template, lookup);

          if (!template.includes('$')) expect(result).toEqual({ kind: 'text', text: template });
          else expect(['text', 'problem']).toContain(result.kind);
        },
      ),
    );
  });

  test('doubling every dollar sign keeps any text as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const doubled = text.replaceAll('$', () => '$$');

        expect(interpolate(doubled, lookup)).toEqual({ kind: 'text', text });
      }),
    );
  });
});
