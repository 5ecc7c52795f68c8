import { expect, test } from 'vitest';

import { readCalls } from './calls.ts';
import { Durability } from './durability.ts';

const made =
  'openat(AT_FDCWD</>, "/s/.a.tmp", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0644) = 20</s/.a.tmp>';
const written = 'pwrite64(20</s/.a.tmp>, ""..., 9, 0) = 9';
const synced = 'fsync(20</s/.a.tmp>) = 0';
const renamed = 'rename("/s/.a.tmp", "/s/a") = 0';
const folderSynced = 'fsync(21</s>) = 0';
const failed = ' = -1 EIO (Input/output error) (INJECTED)';

const rows: readonly {
  readonly name: string;
  /** Of one process after the other. */
  readonly logs: readonly (readonly string[])[];
  readonly early?: readonly RegExp[];
  readonly unsynced?: readonly RegExp[];
}[] = [
  {
    name: 'a file that is written, synced, renamed, and its folder synced, stays',
    logs: [[made, written, synced, renamed, folderSynced]],
  },
  {
    name: 'a rename of what was not synced comes too early',
    logs: [[made, written, renamed, folderSynced]],
    early: [/\.a\.tmp was renamed to a before its content was synced/],
  },
  {
    name: 'a sync that failed has synced nothing',
    logs: [[made, written, synced.replace(' = 0', failed), renamed, folderSynced]],
    early: [/before its content was synced/],
  },
  {
    name: 'a name whose folder is not synced may be taken back',
    logs: [[made, written, synced, renamed]],
    unsynced: [/the name \/s\/a was never synced/],
  },
  {
    name: 'what one process did not live to sync the next one may',
    logs: [[made, written, synced, renamed], [folderSynced]],
  },
  {
    name: 'a call that the process was killed at was not made',
    logs: [[made, written, 'fsync(20</s/.a.tmp> <unfinished ...>)= ?'], []],
    unsynced: [/content of \/s\/\.a\.tmp/, /name \/s\/\.a\.tmp/],
  },
  {
    name: 'a pointer is moved only when the snapshot it leads to has its name for good',
    logs: [
      [
        'rename("/s/shop/.snapshots/.staging-t2", "/s/shop/.snapshots/t2") = 0',
        'rename("/s/shop/.snapshot.tmp", "/s/shop/snapshot") = 0',
        'fsync(21</s/shop>) = 0',
        'fsync(21</s/shop/.snapshots>) = 0',
      ],
    ],
    early: [/the pointer was moved before the name .*t2 was synced/],
  },
  {
    name: 'a snapshot is removed only when the pointer leads elsewhere for good',
    logs: [
      [
        'rename("/s/shop/.snapshot.tmp", "/s/shop/snapshot") = 0',
        'rmdir("/s/shop/.snapshots/t1") = 0',
        'fsync(21</s/shop>) = 0',
      ],
    ],
    early: [/the snapshot t1 was removed before the name .*snapshot was synced/],
  },
];

test.each(rows)('$name', ({ logs, early = [], unsynced = [] }) => {
  const durability = new Durability();
  for (const log of logs) durability.add(readCalls(log.join('\n')));

  expect(durability.violations).toEqual(early.map((what) => expect.stringMatching(what) as string));
  expect(durability.unsynced()).toEqual(
    unsynced.map((what) => expect.stringMatching(what) as string),
  );
});
