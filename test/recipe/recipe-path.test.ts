import { describe, expect, test } from 'vitest';

import { pathInRecipe, workingFolder } from '../../controller/recipe/recipe-path.ts';

describe('pathInRecipe', () => {
  test.each([
    ['', 'a/b', 'a/b'],
    ['', './a//b/', 'a/b'],
    ['sub', 'a', 'sub/a'],
    ['sub', '../a', 'a'],
    ['a/b', '../../c/./d', 'c/d'],
  ])('from `%s` the path %s leads to %s', (folder, path, inside) => {
    expect(pathInRecipe(folder, path)).toBe(inside);
  });

  test.each([
    ['', '../a'],
    ['sub', '../../a'],
    ['', 'a/../../b'],
    ['', '/etc/passwd'],
    ['', '~/x'],
  ])('from `%s` the path %s leads out of the recipe', (folder, path) => {
    expect(pathInRecipe(folder, path)).toBeUndefined();
  });
});

describe('workingFolder', () => {
  test('is the folder of the first compose file', () => {
    expect(workingFolder(['compose.yml', 'sub/b.yml'])).toBe('');
    expect(workingFolder(['sub/deep/a.yml', 'compose.yml'])).toBe('sub/deep');
  });
});
