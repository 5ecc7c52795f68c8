import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { loadDesired } from '../../controller/spec/load.ts';
import { PROBLEM_CODES, renderProblems } from '../../controller/spec/problem.ts';
import { corpusCases, treeOf } from '../spec/corpus.ts';
import { fuzz } from './fuzz.ts';

const OPTIONS = { revision: 'r1', baseDirectory: '/srv/desired', tree: 'desired' };
const texts = (await Promise.all((await corpusCases()).map(treeOf)))
  .flat()
  .map(({ text }) => text ?? '');

/** What breaks YAML, or means something in it. */
const SHARDS = [
  ...['\n', '\t', ' ', '  ', ': ', '- ', '? ', '{', '}', '[', ']', ',', '"', "'", '|', '>-', '#'],
  ...['&a ', '*a', '*b', '!x ', '!!binary ', '---\n', '...\n', '%YAML 1.1\n', '<<: ', '~', '\0'],
  ...['\r\n', '\r', '\ufeff', '\u2028', '1.10', '1e10', '.inf', 'yes', 'null', '__proto__: ', '\\'],
  ...['kind: Run\n', 'spec:\n', 'metadata: { name: a }\n', '\ud800', '\u001b[31m', '/~0~1/'],
];

/** A tree of the corpus, cut and filled with shards. */
const broken = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), fc.constantFrom(...SHARDS)),
      { maxLength: 6 },
    ),
  )
  .map(([text, cuts]) =>
    cuts.reduce((current, [where, removed, shard]) => {
      const at = Math.floor(where * current.length);
      return current.slice(0, at) + shard + current.slice(at + removed);
    }, text),
  );

const shards = fc.array(fc.constantFrom(...SHARDS), { maxLength: 60 }).map((all) => all.join(''));

/** Any data below the fields of an object. */
const anyObject = fc
  .record({
    apiVersion: fc.constant('ci-warm.dev/v1'),
    kind: fc.constantFrom('Settings', 'Recipe', 'WarmApp', 'Canonical', 'Run', 'Sweep'),
    metadata: fc.oneof(fc.constant({ name: 'a' }), fc.jsonValue()),
    spec: fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.dictionary(
        fc.constantFrom('recipe', 'domain', 'env', 'health', 'gate', 'alerts', 'disk', 'stages'),
        fc.jsonValue({ maxDepth: 3 }),
      ),
    ),
  })
  .map((object) => JSON.stringify(object));

function check(contents: readonly string[]): void {
  const files = contents.map((text, index) => ({
    path: `${String(index)}.yaml`,
    text,
    problem: undefined,
  }));

  const { problems, invalid } = loadDesired(files, OPTIONS);

  const codes: readonly string[] = PROBLEM_CODES;
  for (const problem of [...problems, ...invalid.flatMap((object) => object.problems)]) {
    const index = Number(/^desired\/(\d+)\.yaml$/.exec(problem.file)?.[1] ?? 'NaN');
    const lines = (contents[index] ?? '').split('\n');
    const line = lines[problem.line - 1];
    const isOfTheTree = problem.file === 'desired' && problem.code === 'missing-settings';
    expect(isOfTheTree || line !== undefined).toBe(true);
    expect(problem.column).toBeGreaterThanOrEqual(1);
    expect(problem.column).toBeLessThanOrEqual((line ?? '').length + 1);
    expect(codes).toContain(problem.code);
    expect(problem.hint).not.toBe('');
    const { from = 0, length = 0, text = ' ' } = problem.excerpt ?? {};
    expect(from + length).toBeLessThanOrEqual(Math.max(text.length, from + 1));
  }
  // eslint-disable-next-line no-control-regex -- these are what must not be there
  expect(renderProblems(problems)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
}

describe('whatever a tree holds, loading ends with problems that lie in it', () => {
  fuzz('trees that are broken in places', fc.array(broken, { minLength: 1, maxLength: 2 }), check);

  fuzz('text made of what means something in YAML', fc.array(shards, { maxLength: 2 }), check);

  fuzz('objects with anything in their fields', fc.array(anyObject, { maxLength: 3 }), check);
});
