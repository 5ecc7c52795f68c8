/** docs/rules.md against the code: a rule that nothing keeps, or that nothing proves, is a promise on paper. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read, root } from './markdown.ts';

/** All of them, so that none can be forgotten by leaving it out of the page. */
const numbers = [
  ...['S1', 'S2', 'S3', 'G1', 'G2', 'G3', 'U1', 'U2', 'U3', 'P2'],
  ...['C1', 'C2', 'R1', 'R2', 'R3', 'L1', 'L2', 'L3', 'L4', 'A1'],
];

interface Rule {
  readonly number: string;
  readonly isServed: boolean;
  readonly keptIn: readonly string[];
  readonly provedBy: readonly string[];
}

const rules: readonly Rule[] = read('docs/rules.md')
  .split(/^### /m)
  .slice(1)
  .map((section) => ({
    number: section.slice(0, 2),
    isServed: !section.includes('\n- Not served yet\n'),
    keptIn: filesOf(section, 'Kept in'),
    provedBy: filesOf(section, 'Proved by'),
  }));
const served = rules.filter(({ isServed }) => isServed);

/** The files of one item of a list, which may go on over several lines. */
function filesOf(section: string, label: string): readonly string[] {
  const [, item = ''] = new RegExp(`^- ${label}: (.*(?:\n {2}.*)*)`, 'm').exec(section) ?? [];
  return [...item.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
}

function names(text: string, number: string): boolean {
  return new RegExp(`\\b${number}\\b`).test(text);
}

/** The strings on lines that begin a test, a group of tests, or a row of a table of them. */
function titlesOf(path: string): string {
  return read(path)
    .split('\n')
    .filter((line) => /^\s*(?:(?:test|describe)\b.*\(|\]\)\(|\{? ?name:)/.test(line))
    .join('\n');
}

function sourcesBelow(folder: string): readonly string[] {
  return readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|mjs)$/.test(name))
    .map((name) => `${folder}/${name}`);
}

const controllers = sourcesBelow('controller').map(read);
const tests = sourcesBelow('test').filter((path) => !path.startsWith('test/docs/'));

describe('docs/rules.md', () => {
  test('has every rule once, in order', () => {
    expect(rules.map(({ number }) => number)).toEqual(numbers);
  });

  test.each(served)(
    '$number is named in a file of controller/ and in the title of a test',
    (rule) => {
      expect(controllers.some((text) => names(text, rule.number))).toBe(true);
      expect(tests.some((path) => names(titlesOf(path), rule.number))).toBe(true);
    },
  );

  test.each(served)('$number is kept in files that are there and name it', (rule) => {
    expect(rule.keptIn).not.toEqual([]);
    expect(rule.keptIn.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
    expect(rule.keptIn.filter((path) => !names(read(path), rule.number))).toEqual([]);
  });

  test.each(served)(
    '$number is proved by files that are there, one of them by its name',
    (rule) => {
      expect(rule.provedBy.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
      expect(rule.provedBy.some((path) => names(titlesOf(path), rule.number))).toBe(true);
    },
  );

  test.each(rules.filter(({ isServed }) => !isServed))(
    '$number is not served: as soon as a file of controller/ names it, the page has to say more',
    ({ number }) => {
      expect(controllers.filter((text) => names(text, number))).toEqual([]);
    },
  );
});
