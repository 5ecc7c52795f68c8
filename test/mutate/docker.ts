/** The Docker Engine: an error is not “not done”, and an answer is not the world. */
import type { Mutant } from './mutant.ts';

export const docker: readonly Mutant[] = [
  {
    name: 'a removal that answered an error counts as not done',
    rule: 'L4',
    file: 'controller/adapters/docker/engine.ts',
    find: `if (isNotFound(failure) || (await isGone(connection, removal, signal))) return;`,
    replace: `if (isNotFound(failure)) return;`,
    tests: ['test/adapters/docker/engine.test.ts'],
  },
  {
    name: 'a secret whose making answered an error counts as not made',
    rule: 'L4',
    file: 'controller/adapters/docker/secrets.ts',
    find: `        if (id === undefined) throw failure;\n`,
    replace: `        if (id !== '') throw failure;\n`,
    tests: ['test/adapters/docker/secrets.test.ts'],
  },
  {
    name: 'a volume whose making answered an error counts as not made',
    rule: 'L4',
    file: 'controller/adapters/docker/volumes.ts',
    find: `    if (made === undefined) throw failure;\n`,
    replace: `    if (made !== null) throw failure;\n`,
    tests: ['test/adapters/docker/volumes.test.ts'],
  },
  {
    name: 'a volume with other options is taken for ours',
    rule: 'L4',
    file: 'controller/adapters/docker/volumes.ts',
    find: `if (bound === path) return path;`,
    replace: `if (bound !== path) return path;`,
    tests: ['test/adapters/docker/volumes.test.ts'],
  },
  {
    name: 'an answer that is no list is an empty list',
    rule: 'L1',
    file: 'controller/adapters/docker/engine.ts',
    find: `  throw new CiWarmError(\n    'no-answer',\n    'Docker: list everything: an answer was no list.`,
    replace: `  if (answer !== '') return [];\n  throw new CiWarmError(\n    'no-answer',\n    'Docker: list everything: an answer was no list.`,
    tests: ['test/adapters/docker/engine.test.ts'],
  },
  {
    name: 'half a world is read as the whole',
    rule: 'L1',
    file: 'controller/adapters/docker/view.ts',
    find: `  if (typeof id === 'string' && id !== '') return id;\n`,
    replace: `  if (typeof id === 'string' || id === undefined) return id ?? '';\n`,
    tests: ['test/adapters/docker/view.test.ts'],
  },
  {
    name: 'a missing leader is an answer',
    rule: 'L1',
    file: 'controller/adapters/docker/errors.ts',
    find: `    text: /does not have a leader|`,
    replace: `    text: /never said|`,
    tests: ['test/adapters/docker/errors.test.ts'],
  },
  {
    name: 'a process that has the data mounted elsewhere is not seen',
    rule: 'S1',
    file: 'controller/adapters/docker/mountinfo.ts',
    find: `!isWithin(mount.root, pathWithin)`,
    replace: `!isWithin(mount.mountPoint, pathWithin)`,
    tests: ['test/adapters/docker/mountinfo.test.ts'],
  },
];
