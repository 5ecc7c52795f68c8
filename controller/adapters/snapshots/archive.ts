/**
 * One volume's archive: packed, checked, looked into.
 *
 * Packing: tar → this process, which takes the digest of the tree as it flows by → zstd → file; the file is read back
 * behind zstd for its own digest. Everything is done once and at the same time, because walking or reading a volume a
 * second time is what a snapshot has no time for while the app is down.
 */
import { read } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { CiWarmError } from '../../model/failure.ts';
import type { FileSystem } from './layout.ts';
import { startCompress, startDecompress, startPack, testArchive, toolFailure } from './tools.ts';
import { TarReader } from './tar-reader.ts';
import { TreeDigest, type TreeFigures } from './tree-digest.ts';

export interface ArchiveFigures {
  readonly archiveBytes: number;
  readonly archiveSha256: string;
}

export interface Packed extends ArchiveFigures, TreeFigures {
  /** Sockets, which are left out: their paths, with escapes for what cannot be shown. */
  readonly skipped: readonly string[];
}

const FLOW_BYTES = 1024 * 1024;
const READ_BYTES = 1024 * 1024;
/** How often the reader looks whether zstd has written more. */
const FOLLOW_MS = 4;

const readAt = promisify(read);

/**
 * Packs the tree below `directory` into `file`, which is synced and was checked when this returns.
 * Errors: `disk-full`, `tool-failed` (also when a file changed meanwhile), `aborted`. A partial file may be left.
 */
export async function packVolume(
  what: string,
  directory: string,
  file: string,
  fs: FileSystem,
  signal: AbortSignal,
): Promise<Packed> {
  const tar = startPack(`packing ${what}`, directory, signal);
  tar.stdin.end();
  const zstd = startCompress(`compressing ${what}`, file, signal);
  const tree = new TreeDigest();
  const reader = new TarReader(tree);
  const flow = pipeline(tar.stdout, tap(reader), zstd.stdin);
  const archive = digestFile(file, fs, zstd.finished);
  const [flowed, packed, compressed, digested] = await Promise.allSettled([
    flow,
    tar.finished,
    zstd.finished,
    archive,
  ]);
  const failed = firstFailure([compressed, flowed, packed, digested]);
  if (failed !== undefined) throw toolFailure(failed);
  if (packed.status === 'rejected' || digested.status === 'rejected')
    throw new Error('unreachable');
  reader.close();
  await Promise.all([
    syncFile(file, fs),
    testArchive(`checking the archive of ${what}`, file, signal),
  ]);
  return { ...digested.value, ...tree.figures(), skipped: socketsIn(packed.value.stderr) };
}

/** The figures of the tree below a directory: every byte is read. Errors: `tool-failed`, `aborted`. */
export async function digestTree(
  what: string,
  directory: string,
  signal: AbortSignal,
): Promise<TreeFigures> {
  return await digestStream(startPack(`reading ${what}`, directory, signal));
}

/** The figures of the tree in an archive. Errors: `snapshot-invalid`, `tool-failed`, `aborted`. */
export async function digestArchive(
  what: string,
  file: string,
  signal: AbortSignal,
): Promise<TreeFigures> {
  return await digestStream(startDecompress(`reading ${what}`, file, signal));
}

/**
 * Size and digest of a file that may still grow until `written` settles: it is read right behind whoever writes it.
 * It may not be there yet.
 */
export async function digestFile(
  file: string,
  fs: FileSystem,
  written: Promise<unknown>,
): Promise<ArchiveFigures> {
  const state = { over: false };
  const settled = (): void => {
    state.over = true;
  };
  written.then(settled, settled);
  while (!state.over && fs.stat(file) === undefined) await wait(FOLLOW_MS);
  const open = await fs.open(file, 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    let position = 0;
    for (;;) {
      const last = state.over;
      const { bytesRead } = await readAt(open.fd, buffer, 0, READ_BYTES, position);
      hash.update(buffer.subarray(0, bytesRead));
      position += bytesRead;
      if (bytesRead === 0 && last) break;
      if (bytesRead < READ_BYTES && !state.over) await wait(FOLLOW_MS);
    }
    return { archiveBytes: position, archiveSha256: hash.digest('hex') };
  } finally {
    await open.close();
  }
}

/** Size and digest of a finished file. */
export async function digestArchiveFile(file: string, fs: FileSystem): Promise<ArchiveFigures> {
  return await digestFile(file, fs, Promise.resolve());
}

async function syncFile(file: string, fs: FileSystem): Promise<void> {
  const open = await fs.open(file, 'r');
  try {
    await open.sync();
  } finally {
    await open.close();
  }
}

async function digestStream(source: ReturnType<typeof startPack>): Promise<TreeFigures> {
  source.stdin.end();
  const tree = new TreeDigest();
  const reader = new TarReader(tree);
  const flow = async (): Promise<void> => {
    for await (const chunk of source.stdout) reader.write(chunk as Buffer);
  };
  const [flowed, ended] = await Promise.allSettled([flow(), source.finished]);
  const failed = firstFailure([flowed, ended]);
  if (failed !== undefined) throw toolFailure(failed);
  reader.close();
  return tree.figures();
}

/** Lets a stream through as it is, and lets the reader see it. */
function tap(reader: TarReader): Transform {
  return new Transform({
    highWaterMark: FLOW_BYTES,
    transform(chunk: Buffer, _encoding, done) {
      try {
        reader.write(chunk);
        done(null, chunk);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
}

/**
 * The failure to tell of several that came together. What a program or the reader found wrong comes before what that
 * did to the pipe (a stream that closed early, a program that was ended by SIGPIPE).
 */
function firstFailure(results: readonly PromiseSettledResult<unknown>[]): unknown {
  const failures = results
    .filter((result) => result.status === 'rejected')
    .map((result): unknown => result.reason);
  const own = failures.filter((failure) => failure instanceof CiWarmError);
  return own.find((failure) => !failure.message.includes('SIGPIPE')) ?? own[0] ?? failures[0];
}

function socketsIn(stderr: string): string[] {
  return [...stderr.matchAll(/^tar: (?:\.\/)?(.*): socket ignored$/gm)].map(
    (match) => match[1] ?? '',
  );
}
