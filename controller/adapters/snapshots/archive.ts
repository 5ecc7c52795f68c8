/**
 * One volume's archive: packed, and read back.
 *
 * While tar and zstd write it, this process reads right behind them, decompresses what is there and takes the digest of
 * the tree. So what is published was seen to be whole, from the very bytes on disk, and that costs hardly any time of its
 * own: the app is down meanwhile, and zstd alone keeps one core busy.
 */
import { createZstdDecompress } from 'node:zlib';
import { CiWarmError, reasonOf } from '../../model/failure.ts';
import { followFile } from './follow-file.ts';
import { GrowingFile } from './growing-file.ts';
import type { FileSystem } from './layout.ts';
import { damagedStream } from './pax-header.ts';
import { TarReader } from './tar-reader.ts';
import { pack } from './tools.ts';
import { TreeDigest, type TreeFigures } from './tree-digest.ts';
import type { PackedPlaces } from './volume-driver.ts';

export interface Packed extends TreeFigures {
  readonly archiveBytes: number;
  /** Sockets, which are left out: their paths, with escapes for what cannot be shown. */
  readonly skipped: readonly string[];
}

/** What is decompressed at a time: a quarter of it costs a sixth more, for the two threads wait for each other more often. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Packs the tree below `directory` into `archive`, reads it back and syncs it. Errors: `disk-full`, `tool-failed` (also
 * when a file changed meanwhile), `snapshot-invalid` (it could not be read back), `aborted`. A partial file may be left.
 */
export async function packVolume(
  { what, directory, archive: file, aboutBytes }: PackedPlaces,
  fs: FileSystem,
  signal: AbortSignal,
): Promise<Packed> {
  const packing = pack(`packing ${what}`, { directory, archive: file, aboutBytes }, signal);
  const growing = new GrowingFile(file, fs);
  const grown = (lengthBytes: number): void => {
    growing.grown(lengthBytes);
  };
  const [packed, synced, read] = await Promise.allSettled([
    packing,
    packing.then(() => growing.settled()).then(() => syncFile(file, fs)),
    readArchive(file, fs, signal, { written: packing, grown }),
  ]);
  if (packed.status === 'rejected') throw packed.reason;
  if (synced.status === 'rejected') throw synced.reason;
  if (read.status === 'rejected') throw read.reason;
  // What was read of a growing file is enough to accept it; to refuse it, it is read at rest.
  const isDamaged = read.value.tree instanceof CiWarmError;
  const { tree, ...archive } = isDamaged ? await readArchive(file, fs, signal) : read.value;
  if (tree instanceof CiWarmError) throw tree;
  return { ...archive, ...tree, skipped: packed.value.sockets };
}

export interface ArchiveReading {
  readonly archiveBytes: number;
  /** What is in it, or why that cannot be told. */
  readonly tree: TreeFigures | CiWarmError;
}

interface BeingWritten {
  /** Settles when nobody writes to it any more. */
  readonly written: Promise<unknown>;
  /** So much more of it was there. */
  readonly grown: (lengthBytes: number) => void;
}

const AT_REST: BeingWritten = { written: Promise.resolve(), grown: () => undefined };

/** Reads every byte of an archive and of what is in it, also while it is being written. */
export async function readArchive(
  file: string,
  fs: FileSystem,
  signal: AbortSignal,
  { written, grown }: BeingWritten = AT_REST,
): Promise<ArchiveReading> {
  const content = new ArchiveContent();
  let archiveBytes = 0;
  const take = async (bytes: Buffer): Promise<void> => {
    archiveBytes += bytes.length;
    grown(bytes.length);
    await content.write(bytes);
  };
  await followFile(file, fs, written, take, signal);
  return { archiveBytes, tree: await content.end() };
}

/**
 * Decompresses and reads, both at once: a piece is read only when the decompressor, which has a thread of its own, has
 * been given the next. Damage ends it, but not whoever writes to it: the size is wanted all the same.
 */
class ArchiveContent {
  readonly #tree = new TreeDigest();
  readonly #reader = new TarReader(this.#tree);
  readonly #zstd = createZstdDecompress({ chunkSize: PIECE_BYTES });
  readonly #ended = Promise.withResolvers<undefined>();
  #damage: CiWarmError | undefined;
  #waiting: (() => void) | undefined;

  constructor() {
    this.#zstd.on('data', (bytes: Buffer) => {
      queueMicrotask(() => {
        this.#read(bytes);
      });
    });
    this.#zstd.on('end', () => {
      this.#ended.resolve(undefined);
    });
    this.#zstd.on('error', (error) => {
      this.#fail(error);
    });
    this.#zstd.on('close', () => {
      this.#ended.resolve(undefined);
    });
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#damage !== undefined) return;
    await new Promise<void>((resolve) => {
      // On damage the stream forgets whoever waits for it.
      this.#waiting = resolve;
      this.#zstd.write(bytes, () => {
        resolve();
      });
    });
  }

  async end(): Promise<TreeFigures | CiWarmError> {
    this.#zstd.end();
    await this.#ended.promise;
    if (this.#damage !== undefined) return this.#damage;
    try {
      this.#reader.close();
      return this.#tree.figures();
    } catch (error) {
      return asDamage(error);
    }
  }

  #read(bytes: Buffer): void {
    if (this.#damage !== undefined) return;
    try {
      this.#reader.write(bytes);
      giveBack(bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#damage ??= asDamage(error);
    this.#zstd.destroy();
    this.#waiting?.();
  }
}

/**
 * Frees the memory of a piece. Left to the collector, some dozen of them make it look through all that the controller
 * has: a tenth of what the whole check costs. Only one that is full: what is left of another is the next piece's.
 */
function giveBack({ buffer, byteOffset, length }: Buffer): void {
  const isFull = buffer.byteLength === PIECE_BYTES && byteOffset + length === PIECE_BYTES;
  if (isFull && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

function asDamage(error: unknown): CiWarmError {
  if (error instanceof CiWarmError) return error;
  return damagedStream(`it cannot be decompressed (${reasonOf(error)})`);
}

async function syncFile(file: string, fs: FileSystem): Promise<void> {
  const open = await fs.open(file, 'r');
  try {
    await open.sync();
  } finally {
    await open.close();
  }
}
