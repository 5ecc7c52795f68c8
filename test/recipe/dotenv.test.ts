import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseDotenv } from '../../controller/recipe/dotenv.ts';

const rows: readonly {
  readonly name: string;
  readonly text: string;
  readonly values: Readonly<Record<string, string>>;
}[] = [
  { name: 'a bare value ends at its last character', text: 'A= b c  ', values: { A: 'b c' } },
  { name: 'an empty value is a value', text: 'A=\nB=""', values: { A: '', B: '' } },
  { name: 'comments and empty lines say nothing', text: '# A=1\n\n  #B=2\n', values: {} },
  {
    name: 'a comment behind a bare value needs a space',
    text: 'A=b#c\nB=b #c',
    values: { A: 'b#c', B: 'b' },
  },
  { name: 'a value that is a comment is empty', text: 'A= # nothing', values: { A: '' } },
  { name: 'double quotes keep spaces and hashes', text: 'A=" b #c " # d', values: { A: ' b #c ' } },
  {
    name: 'single quotes take everything literally',
    text: "A='$B `c` \\n \"'",
    values: { A: '$B `c` \\n "' },
  },
  {
    name: 'escapes count within double quotes',
    text: 'A="a\\nb\\"c\\\\d"',
    values: { A: 'a\nb"c\\d' },
  },
  { name: 'a backslash outside quotes is itself', text: 'A=a\\nb', values: { A: 'a\\nb' } },
  {
    name: 'an escaped dollar sign is one',
    text: 'B=1\nA="\\$B"\nC=\\$B',
    values: { B: '1', A: '$B', C: '$B' },
  },
  { name: 'quotes may span lines', text: 'A="one\ntwo"\nB=3', values: { A: 'one\ntwo', B: '3' } },
  { name: 'export is no part of the name', text: 'export A=1', values: { A: '1' } },
  { name: 'spaces around the equals sign do not count', text: ' A = 1', values: { A: '1' } },
  {
    name: 'line ends of other systems are line ends',
    text: 'A=1\r\nB="2"\r\n',
    values: { A: '1', B: '2' },
  },
  {
    name: 'a reference takes the value further up',
    text: 'A=1\nB=$A-${A}x\nC="$A"',
    values: { A: '1', B: '1-1x', C: '1' },
  },
  { name: 'a reference to nothing is empty', text: 'B=x${A}y', values: { B: 'xy' } },
  {
    name: 'what is no name after a dollar sign stays',
    text: 'A=$1 $ $(x)',
    values: { A: '$1 $ $(x)' },
  },
  {
    name: 'COMPOSE_FILE may grow by way of itself',
    text: 'COMPOSE_FILE="compose.yml"\nCOMPOSE_FILE="$COMPOSE_FILE:compose.db.yml"',
    values: { COMPOSE_FILE: 'compose.yml:compose.db.yml' },
  },
];

describe('parseDotenv', () => {
  test.each(rows)('$name', ({ text, values }) => {
    const parsed = parseDotenv('.env', text);

    expect(Object.fromEntries(parsed.entries.map((entry) => [entry.name, entry.value]))).toEqual(
      values,
    );
    expect(parsed.problems).toEqual([]);
  });

  test('a value that is handed in stands for the file`s, also in the lines below', () => {
    const parsed = parseDotenv('.env', 'DOMAIN=x.example.com\nURL=https://$DOMAIN', {
      DOMAIN: 'mine',
    });

    expect(parsed.entries.map((entry) => entry.value)).toEqual(['mine', 'https://mine']);
  });

  test('the comment behind a value carries its modifiers', () => {
    const [entry] = parseDotenv(
      '.env',
      "S='v1' # length=32 charset=default,special generate=false",
    ).entries;

    expect(entry?.modifiers).toEqual(
      new Map([
        ['length', '32'],
        ['charset', 'default,special'],
        ['generate', 'false'],
      ]),
    );
  });

  test('a sentence around modifiers is not part of them', () => {
    const [entry] = parseDotenv('.env', 'S=v1 # length=20, charset=hex; generate=false.').entries;

    expect(entry?.modifiers).toEqual(
      new Map([
        ['length', '20'],
        ['charset', 'hex'],
        ['generate', 'false'],
      ]),
    );
  });

  test('a comment of its own line modifies nothing', () => {
    const [entry] = parseDotenv('.env', '# length=32\nS=v1').entries;

    expect(entry?.modifiers.size).toBe(0);
  });

  test.each([
    { name: 'a line that assigns nothing', text: 'A=1\nwhat is this', line: 2 },
    { name: 'a name that is none', text: '1A=2', line: 1 },
    { name: 'an open quote', text: 'A=1\nB="open\nC=3', line: 2 },
    { name: 'text behind a closing quote', text: 'A="b" c', line: 1 },
  ])('$name is a problem at its line, and the rest is read', ({ text, line }) => {
    const parsed = parseDotenv('.env', text);

    expect(parsed.problems).toMatchObject([{ file: '.env', line }]);
  });

  test('reads on behind an open quote', () => {
    expect(parseDotenv('.env', 'B="open\nC=3').entries.map((entry) => entry.name)).toEqual([
      'B',
      'C',
    ]);
  });

  test('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      'A',
      '=',
      '"',
      "'",
      '$',
      '{',
      '}',
      '\\',
      '#',
      ' ',
      '\n',
      '\r\n',
      'export ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          expect(parseDotenv('.env', text).entries.length).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});
