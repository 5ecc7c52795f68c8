/** Whoever only looks at recipes writes nothing of the state directory, and copies nothing of what is there. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { createGitRecipes } from '../../../controller/adapters/git/recipes.ts';
import type { Recipes } from '../../../controller/ports/recipes.ts';
import { makeRepository } from './make-repository.ts';

const signal = new AbortController().signal;

let folder = '';
let repository = '';
let state = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-borrowed-'));
  repository = join(folder, 'recipe.git');
  state = join(folder, 'state');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function recipes(scratch?: string): Recipes {
  return createGitRecipes({
    stateDir: state,
    clock: { now: () => 0 },
    ...(scratch === undefined ? {} : { scratch }),
  });
}

const looker = (): Recipes => recipes(mkdtempSync(join(folder, 'scratch-')));

/** Every file below with when it was written and what it holds. */
function everything(below: string): readonly string[] {
  return readdirSync(below, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const stat = statSync(join(below, name));
      const text = stat.isFile() ? readFileSync(join(below, name), 'latin1') : '';
      return `${name} ${String(stat.mtimeMs)} ${text}`;
    });
}

test('a release that is newer than the mirror is seen and read, and the mirror stays as it is', async () => {
  makeRepository(repository, [{ files: { a: 'one' }, tags: ['1.0.0+1.0'] }]);
  await recipes().view('r', repository, signal);
  const before = everything(state);
  const [second = ''] = makeRepository(
    repository,
    [{ files: { a: 'two' }, tags: ['1.1.0+1.1'] }],
    1,
  );

  const looking = looker();
  const { releases } = await looking.view('r', repository, signal);
  const files = await looking.files('r', repository, second, signal);

  expect(releases.map(({ tag }) => tag)).toEqual(['1.0.0+1.0', '1.1.0+1.1']);
  expect(files.get('a')).toBe('two');
  expect(everything(state)).toEqual(before);
});

test('a commit that only the mirror has is read from it, where the repository is away', async () => {
  const [first = ''] = makeRepository(repository, [{ files: { a: 'one' }, tags: ['1.0.0+1.0'] }]);
  await recipes().view('r', repository, signal);
  rmSync(repository, { recursive: true });

  const files = await looker().files('r', repository, first, signal);

  expect(files.get('a')).toBe('one');
});

test('without a mirror it makes none where the state is kept', async () => {
  makeRepository(repository, [{ files: { a: 'one' }, tags: ['1.0.0+1.0'] }]);

  const { releases } = await looker().view('r', repository, signal);

  expect(releases).toHaveLength(1);
  expect(existsSync(state)).toBe(false);
});
