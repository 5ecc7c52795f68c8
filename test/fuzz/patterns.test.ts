/**
 * No regular expression of the product can be made to hang: each is matched with texts that are built against it, out
 * of its own words and of every kind of character that it takes, over and over, with an end that does not fit. That
 * finds what grows beyond the square of the length; where other people's texts are long, even the square is too much,
 * and those are held to it at the bottom. The set-up is left out: it reads this host alone.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createContext, Script } from 'node:vm';
import { expect, test } from 'vitest';
import { judge } from '../../controller/adapters/docker/errors.ts';
import { findManualWork } from '../../controller/gates/manual-migration.ts';
import { parseVersion } from '../../controller/model/version.ts';
import { parseAbraSh } from '../../controller/recipe/abra-sh.ts';
import { parseDotenv } from '../../controller/recipe/dotenv.ts';
import { interpolate } from '../../controller/recipe/interpolate.ts';
import { scrub } from '../../controller/report/scrub.ts';

const folder = resolve(import.meta.dirname, '../../controller');
const LENGTH = 3000;
/** Hundreds of times what it takes: this is for telling "for ever" from "at once". */
const TIMEOUT_MS = 5_000;

/** Kinds of characters, each of which some pattern repeats. */
const samples = [
  'a',
  'A',
  '0',
  ' ',
  '\t',
  '\n',
  '.',
  '-',
  '_',
  '/',
  ':',
  '=',
  '"',
  "'",
  '\\',
  '$',
  ',',
];
const ends = ['\0', '\n!'];

interface Pattern {
  readonly file: string;
  readonly pattern: RegExp;
}

/** A literal is taken for one where it compiles, so that none is missed; a division that does so does no harm. */
const LITERAL =
  /(?<=[=(,:[!&|?{};\n]\s*)\/(?![*/])((?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([a-z]*)/g;

function patternsIn(file: string): readonly Pattern[] {
  const text = readFileSync(join(folder, file), 'utf8');
  return [...text.matchAll(LITERAL)].flatMap(([, source = '', flags = '']) => {
    try {
      return [{ file, pattern: new RegExp(source, flags) }];
    } catch {
      return [];
    }
  });
}

const patterns = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.gen.ts') && !file.startsWith('setup/'))
  .flatMap(patternsIn);

/** Texts to be repeated: the pattern's own words, alone and before each kind of character, and those alone. */
function piecesOf({ source }: RegExp): readonly string[] {
  const words = [...new Set(source.replaceAll(/\\[a-zA-Z]/g, ' ').match(/[a-z]{2,}/gi) ?? [])];
  const marks = [...new Set(source.replaceAll(/[a-z0-9]/gi, ''))];
  const singles = [...samples, ...marks];
  return [
    ...singles,
    ...words.flatMap((word) => [word, `${word} `, `${word}=`, `${word} a `]),
    ...singles.flatMap((one) => [`a${one}`, `${one} `]),
  ];
}

const script = new Script(
  'for (const text of texts) { pattern.lastIndex = 0; pattern.exec(text); }',
);

test('every pattern is looked at', () => {
  expect(patterns.length).toBeGreaterThan(120);
});

test.each(patterns.map(({ file, pattern }) => ({ name: `${file} ${String(pattern)}`, pattern })))(
  '$name',
  { timeout: 60_000 },
  ({ pattern }) => {
    const texts = piecesOf(pattern).flatMap((piece) => {
      const body = piece.repeat(Math.ceil(LENGTH / piece.length));
      const starts = ['', piecesOf(pattern)[samples.length] ?? ''];
      return starts.flatMap((start) => ends.map((end) => start + body + end));
    });

    script.runInContext(createContext({ pattern, texts }), { timeout: TIMEOUT_MS });
  },
);

const many = 200_000;

test.each([
  { name: 'a comment in .env.sample', read: () => parseDotenv('f', `A=1 # ${'a'.repeat(many)}`) },
  { name: 'an export in abra.sh', read: () => parseAbraSh('f', `export A=${'a '.repeat(many)}`) },
  { name: 'release notes of one word', read: () => findManualWork("doesn't manual ".repeat(many)) },
  { name: 'release notes of short lines', read: () => findManualWork('a.\n'.repeat(many)) },
  { name: 'an answer of a registry', read: () => judge(500, 'repository '.repeat(many)) },
  { name: 'a tag', read: () => parseVersion(`1.0.0+${'1.'.repeat(many)}`) },
  { name: 'a variable', read: () => interpolate('${A:-'.repeat(many), () => undefined) },
  { name: 'a line of a log', read: () => scrub('password: '.repeat(many)) },
])('$name that has no end is read at once', { timeout: 5000 }, ({ read }) => {
  expect(read()).not.toBeNull();
});
