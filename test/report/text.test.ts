import { describe, expect, test } from 'vitest';

import {
  bytes,
  duration,
  oneLine,
  plainText,
  rfc3339,
  sentence,
  shorten,
} from '../../controller/report/text.ts';

describe('rfc3339', () => {
  test('a moment is told in UTC and whole seconds', () => {
    expect(rfc3339(Date.parse('2026-11-21T09:30:00.987Z'))).toBe('2026-11-21T09:30:00Z');
  });
});

describe('duration', () => {
  test.each([
    { name: 'less than a second', ms: 999, text: '0 s' },
    { name: 'seconds', ms: 42_500, text: '42 s' },
    { name: 'minutes with seconds', ms: 250_000, text: '4 min 10 s' },
    { name: 'whole minutes', ms: 240_000, text: '4 min' },
    { name: 'days without minutes', ms: 3 * 86_400_000 + 2 * 3_600_000 + 60_000, text: '3 d 2 h' },
  ])('two units are enough: $name', ({ ms, text }) => {
    expect(duration(ms)).toBe(text);
  });
});

describe('bytes', () => {
  test.each([
    { name: 'less than a kibibyte', value: 1023, text: '1023 B' },
    { name: 'the largest unit with a whole part', value: 1024, text: '1 KiB' },
    { name: 'one digit behind the point', value: 1.5 * 2 ** 30, text: '1.5 GiB' },
    { name: 'more than the largest unit', value: 5000 * 2 ** 40, text: '5000 TiB' },
  ])('$name', ({ value, text }) => {
    expect(bytes(value)).toBe(text);
  });
});

describe('plainText', () => {
  test.each([
    { name: 'colours go', input: '\u001b[31mred\u001b[0m', output: 'red' },
    { name: 'a window title goes', input: '\u001b]0;title\u0007text', output: 'text' },
    { name: 'a carriage return cannot overwrite a line', input: 'good\rbad', output: 'goodbad' },
    { name: 'marks that turn the direction of text go', input: 'a\u202eb', output: 'ab' },
    { name: 'tabs and line feeds stay', input: 'a\tb\r\nc', output: 'a\tb\nc' },
  ])('text from outside cannot steer a terminal: $name', ({ input, output }) => {
    expect(plainText(input)).toBe(output);
  });
});

describe('oneLine', () => {
  test('a text of several lines becomes one, and no longer than asked for', () => {
    expect(oneLine(' a\n  b\tc ')).toBe('a b c');
    expect(oneLine('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
  });
});

describe('shorten', () => {
  test('no character is cut in two', () => {
    expect(shorten('ab😀cd', 4)).toBe('ab…');
  });
});

describe('sentence', () => {
  test.each([
    { name: 'a fragment gets a full stop', input: 'it died', output: 'it died.' },
    { name: 'a sentence keeps its own', input: 'It died.', output: 'It died.' },
    {
      name: 'a sentence that is quoted at the end ends it',
      input: 'the notes say: "Run the migration."',
      output: 'the notes say: "Run the migration."',
    },
    { name: 'a word that is quoted does not', input: 'no tag "v1"', output: 'no tag "v1".' },
    { name: 'nothing stays nothing', input: '', output: '' },
  ])('$name', ({ input, output }) => {
    expect(sentence(input)).toBe(output);
  });
});
