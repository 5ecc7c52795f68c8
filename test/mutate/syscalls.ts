/** What only real system calls show: the adapter that makes them, and what a killed controller leaves to the next. */
import type { Mutant } from './mutant.ts';

const fs = 'controller/adapters/files/fs.ts';
const stateFiles = ['test/syscalls/state-files.test.ts'];
const snapshots = ['test/syscalls/snapshots.test.ts'];

export const syscalls: readonly Mutant[] = [
  {
    name: 'a folder is opened, and not synced',
    rule: 'S2',
    file: fs,
    find: `      await handle.sync();\n`,
    replace: '',
    tests: stateFiles,
  },
  {
    name: 'a file is not synced',
    rule: 'S2',
    file: fs,
    find: `sync: () => handle.sync(),`,
    replace: `sync: () => Promise.resolve(),`,
    tests: stateFiles,
  },
  {
    name: 'a sync that failed is believed to be done',
    rule: 'L4',
    file: fs,
    find: `sync: () => handle.sync(),`,
    replace: `sync: () => handle.sync().catch(() => undefined),`,
    tests: stateFiles,
  },
  {
    name: 'names that a killed controller did not live to sync are built upon',
    rule: 'L2',
    file: 'controller/adapters/files/leftovers.ts',
    find: `      await fs.syncDirectory(directory);\n`,
    replace: '',
    tests: ['test/adapters/files/leftovers.test.ts'],
  },
  {
    name: 'a folder whose name could not be synced is taken for one that lasts',
    rule: 'L4',
    file: 'controller/adapters/files/atomic-write.ts',
    find: `      await fs.removeTree(path).catch(() => undefined);\n`,
    replace: '',
    tests: ['test/adapters/files/atomic-write.test.ts'],
  },
  {
    name: 'a journal whose compaction failed is appended to as if it had not',
    rule: 'L2',
    file: 'controller/adapters/files/journal.ts',
    find: `        lines.distrust();\n`,
    replace: '',
    tests: ['test/adapters/files/journal.test.ts'],
  },
  {
    name: 'an alert that could not be raised is raised beside what it left',
    rule: 'A1',
    file: 'controller/adapters/files/alert-files.ts',
    find: `    await fs.unlink(path).catch(() => undefined);\n`,
    replace: '',
    tests: ['test/adapters/files/alert-store.test.ts'],
  },
  {
    name: 'a disk that cannot be looked at is told as a mistake of the program',
    rule: 'L1',
    file: 'controller/adapters/files/state-store.ts',
    find: 'throw writeFailure(`cannot write to ${stateDir}`, error);',
    replace: 'throw error;',
    tests: stateFiles,
  },
  {
    name: 'a snapshot that a killed process did not live to sync is pointed at',
    rule: 'S2',
    file: 'controller/adapters/snapshots/take.ts',
    find: `    await fs.syncDirectory(places.snapshots);\n`,
    replace: '',
    tests: snapshots,
  },
  {
    name: 'a swap that a killed process did not live to sync is taken for done',
    rule: 'S2',
    file: 'controller/adapters/snapshots/restore.ts',
    find: `    await fs.syncDirectory(parent);\n    return;\n`,
    replace: `    return;\n`,
    tests: snapshots,
  },
];
