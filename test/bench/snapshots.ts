/**
 * What a snapshot and a restore cost, against the same data through a plain pipe of a shell: `tar | zstd -1` with the
 * same flags, and a sync. Ours does more (digests, the check of the archive, the check of the restored tree).
 *
 * Both are run in turn, and each begins every second round of an even number, for whoever begins finds the disk and the
 * memory as the round before left them, and takes a quarter longer. No tree is deleted in between: on ext4 one that is
 * made within five minutes after another was deleted takes up to several times as long, now the one and now the other.
 * So the small files have a file system of their own, too: that of the machine may just have seen a bench come to its end.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { nodeFileSystem } from '../../controller/adapters/files/fs.ts';
import { createStateJson } from '../../controller/adapters/files/state-json.ts';
import { createTarSnapshots } from '../../controller/adapters/snapshots/tar-snapshots.ts';
import { PACK_FLAGS, UNPACK_FLAGS } from '../../controller/adapters/snapshots/tools.ts';
import type { SnapshotIdentity, VolumePlace } from '../../controller/model/snapshot.ts';
import type { Snapshots } from '../../controller/ports/snapshots.ts';
import { createStateCheck } from '../../controller/spec/state-validators.ts';
import { mountLoop } from '../adapters/snapshots/loop-file-system.ts';
import { median } from './row.ts';

export interface BenchRow {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  /** More than this is too much. */
  readonly limit?: number;
}

const LIMIT = 1.15;
const MIB = 2 ** 20;
/** Room for the trees of all rounds; and nothing of it is left to be written later, while somebody measures. */
const EXT4_BYTES = 12 * 2 ** 30;
const EXT4_FLAGS = ['-N', '1000000', '-E', 'lazy_itable_init=0,lazy_journal_init=0'];
const never = new AbortController().signal;
const identity: SnapshotIdentity = {
  app: 'bench',
  recipe: 'bench',
  version: '1.0.0+1.0.0',
  commit: 'c'.repeat(40),
  specHash: `sha256:${'5'.repeat(64)}`,
  domain: 'bench.example.org',
  stack: 'bench_example_org',
  nodeId: 'node1',
  images: {},
  secrets: {},
};

/** Needs root, GNU tar, zstd, mkfs.ext4 and 25 GB below /var/tmp for some minutes. */
export async function benchSnapshots(): Promise<BenchRow[]> {
  return [...(await benchBig()), ...(await benchSmall())];
}

async function benchBig(): Promise<BenchRow[]> {
  const top = mkdtempSync('/var/tmp/ci-warm-bench-');
  try {
    return await benchTree(top, 'one file of 1 GiB', makeBig, 8);
  } finally {
    execFileSync('rm', ['-rf', top]);
  }
}

async function benchSmall(): Promise<BenchRow[]> {
  const disk = mountLoop('ext4', EXT4_FLAGS, EXT4_BYTES);
  try {
    return await benchTree(disk.path, '20,000 small files', makeSmall, 16);
  } finally {
    disk.remove();
  }
}

async function benchTree(
  top: string,
  what: string,
  makeTree: (directory: string) => void,
  rounds: number,
): Promise<BenchRow[]> {
  const path = join(top, 'bench/volumes/data/data');
  mkdirSync(path, { recursive: true });
  makeTree(path);
  const volumes: VolumePlace[] = [{ volume: 'data', name: 'bench_example_org_data', path }];
  const snapshots = createTarSnapshots({
    stateDir: top,
    fs: nodeFileSystem,
    manifests: createStateJson(createStateCheck(), () => 'bench'),
    isRoot: true,
  });
  const archive = join(top, 'plain.tar.zst');
  const taking: Pair[] = [];
  const restoring: Pair[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const unpacked = join(top, `plain-${round}`);
    const id = `t${round}`;
    const take = await pair(round, {
      plain: () => shell(PACK, [path, archive]),
      ours: () => takeOne(snapshots, volumes, id),
    });
    mkdirSync(unpacked);
    const restore = await pair(round, {
      plain: () => shell(UNPACK, [archive, unpacked]),
      ours: () => restoreOne(snapshots, volumes, id),
    });
    // The first round warms the caches and the compiler, as the days before an upgrade do.
    if (round === 0) continue;
    taking.push(take);
    restoring.push(restore);
  }
  return [...rowsOf(`snapshot of ${what}`, taking), ...rowsOf(`restore of ${what}`, restoring)];
}

interface Pair {
  readonly plain: number;
  readonly ours: number;
}

/** Seconds of each; who begins changes from round to round, for the one that comes second finds another disk. */
async function pair(
  round: number,
  { plain, ours }: Readonly<Record<keyof Pair, () => Promise<void>>>,
): Promise<Pair> {
  if (round % 2 === 0) return { plain: await seconds(plain), ours: await seconds(ours) };
  const first = await seconds(ours);
  return { ours: first, plain: await seconds(plain) };
}

function rowsOf(name: string, pairs: readonly Pair[]): BenchRow[] {
  return [
    {
      name: `${name}, against tar and zstd -1`,
      figure: median(pairs.map(({ plain, ours }) => ours / plain)),
      unit: '×',
      limit: LIMIT,
    },
    { name: `${name}, ours`, figure: median(pairs.map(({ ours }) => ours)), unit: 's' },
    { name: `${name}, plain`, figure: median(pairs.map(({ plain }) => plain)), unit: 's' },
  ];
}

const quoted = (flags: readonly string[]): string => flags.map((flag) => `'${flag}'`).join(' ');
/**
 * The archive before it goes when the new one is there, as with ours. Were all of them kept, the room that ours gives up
 * would be what this one is written to, and blocks that a disk knows take less time than new ones.
 */
const PACK = `tar -c ${quoted(PACK_FLAGS)} -C "$1" . | zstd -q -1 > "$2.new" && sync -f "$2.new" && mv "$2.new" "$2"`;
const UNPACK = `zstd -q -dc "$1" | tar -x ${quoted(UNPACK_FLAGS)} -C "$2" && sync -f "$2"`;

function shell(script: string, args: readonly string[]): Promise<void> {
  execFileSync('bash', ['-o', 'pipefail', '-c', script, 'bench', ...args]);
  return Promise.resolve();
}

async function takeOne(
  snapshots: Snapshots,
  volumes: readonly VolumePlace[],
  id: string,
): Promise<void> {
  const request = { app: 'bench', id, at: '2026-11-21T09:30:00.000Z', volumes, identity };
  await snapshots.take(request, never);
}

async function restoreOne(
  snapshots: Snapshots,
  volumes: readonly VolumePlace[],
  id: string,
): Promise<void> {
  const request = { app: 'bench', snapshotId: id, operation: id, volumes, identity };
  await snapshots.restore(request, never);
}

async function seconds(act: () => Promise<void>): Promise<number> {
  execFileSync('sync');
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1000;
}

/** Half of it random and half of it text, as real data compresses. */
function makeBig(directory: string): void {
  const file = openSync(join(directory, 'database'), 'w');
  const text = makeText(MIB);
  for (let half = 0; half < 512; half += 1) {
    writeSync(file, randomBytes(MIB));
    writeSync(file, text.subarray(half), 0, MIB - half);
    writeSync(file, text, 0, half);
  }
  closeSync(file);
}

function makeSmall(directory: string): void {
  const text = makeText(MIB);
  for (let folder = 0; folder < 100; folder += 1) {
    mkdirSync(join(directory, `folder-${folder}`));
    for (let file = 0; file < 200; file += 1) {
      const length = 200 + (((folder * 200 + file) * 37) % 3700);
      const content = Buffer.concat([
        randomBytes(length / 2),
        text.subarray(file * 100, file * 100 + length / 2),
      ]);
      writeFileSync(join(directory, `folder-${folder}/file-${file}`), content);
    }
  }
}

function makeText(length: number): Buffer {
  const words = Array.from({ length: 500 }, (_, index) =>
    randomBytes(4)
      .toString('hex')
      .slice(0, 3 + (index % 6)),
  );
  let text = '';
  for (const byte of randomBytes(length / 2)) text += `${words[byte * 2 - (byte % 3)] ?? 'word'} `;
  return Buffer.from(text).subarray(0, length);
}
