import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadDesired } from '../../controller/spec/load.ts';
import { PROBLEM_CODES, renderProblems } from '../../controller/spec/problem.ts';
import type { LoadedDesired } from '../../controller/model/spec-problem.ts';
import { CORPUS, corpusCases, treeAt, treeOf } from './corpus.ts';

const OPTIONS = { revision: 'r1', baseDirectory: '/srv/desired', tree: 'desired' };
const cases = await corpusCases();

/** Found without a tree in the corpus: these need a file that is not there, or a very large one. */
const OUTSIDE_THE_CORPUS = ['file-unreadable', 'file-too-large'];

/** What is left to work with: one line for each kind of answer, empty ones left out. */
function outcome({ desired, invalid, incompleteFiles }: LoadedDesired): string {
  const usable =
    desired === undefined
      ? []
      : [
          `Settings ${desired.settings.name}`,
          ...[...desired.recipes.keys()].map((name) => `Recipe ${name}`),
          ...[...desired.warmApps.keys()].map((name) => `WarmApp ${name}`),
          ...[...desired.canonicals.keys()].map((name) => `Canonical ${name}`),
          ...[...desired.runs.keys()].map((name) => `Run ${name}`),
          ...[...desired.sweeps.keys()].map((name) => `Sweep ${name}`),
        ];
  const stalled = invalid.map(
    ({ kind, name, file, line, problems }) =>
      `${kind} ${name} (${file}:${String(line)}: ${problems.map(({ code }) => code).join(', ')})`,
  );
  return [
    `usable: ${usable.join(', ') || 'nothing'}\n`,
    ...stalled.map((text) => `invalid: ${text}\n`),
    ...incompleteFiles.map((file) => `incomplete: ${file}\n`),
  ].join('');
}

describe('the trees of the corpus', () => {
  test.each(cases)('%s has its exact problems, and the rest of it is of use', async (name) => {
    const files = await treeOf(name);

    const loaded = loadDesired(files, OPTIONS);

    expect(loaded.problems.length > 0).toBe(!name.startsWith('good-'));
    await expect(renderProblems(loaded.problems)).toMatchFileSnapshot(
      join(CORPUS, name, 'expected.txt'),
    );
    await expect(outcome(loaded)).toMatchFileSnapshot(join(CORPUS, name, 'outcome.txt'));
  });

  test('the order of the files makes no difference', async () => {
    const files = (await Promise.all(cases.map(treeOf))).flatMap((tree, index) =>
      tree.map((file) => ({ ...file, path: `${String(index)}/${file.path}` })),
    );

    expect(loadDesired(files.toReversed(), OPTIONS)).toEqual(loadDesired(files, OPTIONS));
  });

  test('the tree that the repository comes with has no problem', async () => {
    const files = await treeAt(fileURLToPath(new URL('../../desired', import.meta.url)));

    const { problems, desired } = loadDesired(files, OPTIONS);

    expect(problems).toEqual([]);
    expect(desired?.warmApps.size).toBeGreaterThan(0);
  });

  test('every problem code is met by some tree', async () => {
    const trees = await Promise.all(cases.map(treeOf));

    const met = new Set(
      trees
        .map((files) => loadDesired(files, OPTIONS))
        .flatMap(({ problems, invalid }) => [...problems, ...invalid.flatMap((x) => x.problems)])
        .map(({ code }) => code),
    );

    const unmet = PROBLEM_CODES.filter((code) => !met.has(code));
    expect(unmet).toEqual(OUTSIDE_THE_CORPUS);
  });
});
