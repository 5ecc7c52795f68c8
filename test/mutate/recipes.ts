/** Reading recipes: what Docker would refuse only while the app is down. */
import type { Mutant } from './mutant.ts';

const types = ['test/recipe/check-types.test.ts'];

export const recipes: readonly Mutant[] = [
  {
    name: 'values of a wrong type are left for Docker to refuse',
    rule: 'G2',
    file: 'controller/recipe/load-project.ts',
    find: `[...checkKeys(file), ...checkTypes(file)]`,
    replace: `[...checkKeys(file)]`,
    tests: types,
  },
  {
    name: 'a number in quotes is a number',
    rule: 'G2',
    file: 'controller/recipe/check-types.ts',
    find: `return isOldNumber ? ['text', 'integer', 'number'] : ['text'];`,
    replace: `return isOldNumber || /^\\d+$/.test(textOf(value) ?? '') ? ['text', 'integer', 'number'] : ['text'];`,
    tests: types,
  },
  {
    name: 'what two files both say is there twice, which Docker refuses of one file',
    rule: 'G2',
    file: 'controller/recipe/merge-service.ts',
    find: `over.filter((member) => !there.has(identity(member)))`,
    replace: `over.filter((member) => there.size >= 0 || identity(member))`,
    tests: types,
  },
  {
    name: 'keys that the command line is too old for are left for it to refuse',
    rule: 'G2',
    file: 'controller/recipe/too-new.ts',
    find: `docker > major`,
    replace: `docker > major + 20`,
    tests: ['test/adapters/stack/newer-docker.test.ts'],
  },
];
