/**
 * Reads a tar stream as it flows by, in pieces of any size, and tells what is in it. Keeps no content.
 *
 * Only the format that our own GNU tar writes (`--format=posix`, sparse files in version 1.0): anything else is damage.
 */
import {
  BLOCK_BYTES,
  damagedStream,
  memberOf,
  parseRecords,
  storedBytesOf,
  typeFlagOf,
  type PaxRecords,
  type TreeEntry,
} from './pax-header.ts';

/** Who is told. `data` and `hole` come between `begin` and `end`, in the order of the file. */
export interface TarListener {
  begin(entry: TreeEntry): void;
  /** Valid during the call only. */
  data(bytes: Buffer): void;
  hole(lengthBytes: number): void;
  end(): void;
}

/** More than an extended header or a sparse map of a sane file takes. */
const COLLECTED_BYTES_MAX = 64 * 1024 * 1024;
const NO_RECORDS: PaxRecords = new Map();
const EMPTY = Buffer.alloc(0);

interface Extent {
  readonly offset: number;
  readonly lengthBytes: number;
}

export class TarReader {
  readonly #listener: TarListener;
  #state: 'header' | 'records' | 'map' | 'content' | 'padding' | 'ended' = 'header';
  /** Bytes of the unit at hand (a header, records, a block of the map) that came in earlier pieces. */
  #carried: Buffer = EMPTY;
  #records: PaxRecords = NO_RECORDS;
  #recordBytes = 0;
  #entry: TreeEntry | undefined;
  /** Bytes of content, and then of padding, that are still to come. */
  #contentLeft = 0;
  #paddingLeft = 0;
  #map = '';
  #extents: readonly Extent[] = [];
  #extentAt = 0;
  #fileOffset = 0;
  #zeroBlocks = 0;

  constructor(listener: TarListener) {
    this.#listener = listener;
  }

  /** Takes the next bytes. Throws `snapshot-invalid` when they are none that GNU tar would write here. */
  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      at = this.#step(chunk, at);
    }
  }

  /** The stream is over. Throws `snapshot-invalid` when it is cut. */
  close(): void {
    if (this.#state !== 'ended') throw damagedStream('it ends too early');
  }

  /** Consumes a part of the chunk; answers where the next one starts. */
  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'content': {
        const end = Math.min(chunk.length, at + this.#contentLeft);
        this.#contentLeft -= end - at;
        this.#content(chunk.subarray(at, end));
        if (this.#contentLeft === 0) this.#endContent();
        return end;
      }
      case 'padding': {
        const end = Math.min(chunk.length, at + this.#paddingLeft);
        this.#paddingLeft -= end - at;
        if (this.#paddingLeft === 0) this.#state = 'header';
        return end;
      }
      case 'ended': {
        if (!isZero(chunk.subarray(at))) throw damagedStream('something follows its end');
        return chunk.length;
      }
      case 'header':
      case 'map':
      case 'records': {
        return this.#collect(chunk, at);
      }
    }
  }

  /** Hands on the next whole unit, put together from pieces where it has to be. */
  #collect(chunk: Buffer, at: number): number {
    const wanted = this.#state === 'records' ? padded(this.#recordBytes) : BLOCK_BYTES;
    const missing = wanted - this.#carried.length;
    const end = Math.min(chunk.length, at + missing);
    if (end - at < missing) {
      this.#carried = Buffer.concat([this.#carried, chunk.subarray(at, end)]);
      return end;
    }
    if (this.#carried.length === 0) {
      this.#unit(chunk, at);
    } else {
      const unit = Buffer.concat([this.#carried, chunk.subarray(at, end)]);
      this.#carried = EMPTY;
      this.#unit(unit, 0);
    }
    return end;
  }

  /** A whole unit, which starts at `at`. */
  #unit(bytes: Buffer, at: number): void {
    if (this.#state === 'header') this.#header(bytes, at);
    else if (this.#state === 'map') this.#mapBlock(bytes, at);
    else {
      this.#records = parseRecords(bytes, at, at + this.#recordBytes);
      this.#state = 'header';
    }
  }

  #header(bytes: Buffer, at: number): void {
    if (bytes[at] === 0 && isZero(bytes.subarray(at, at + BLOCK_BYTES))) {
      this.#zeroBlocks += 1;
      if (this.#zeroBlocks === 2) this.#state = 'ended';
      return;
    }
    if (this.#zeroBlocks > 0) throw damagedStream('something follows its end');
    const flag = typeFlagOf(bytes, at);
    if (flag === 'x') {
      this.#recordBytes = storedBytesOf(bytes, at);
      if (this.#recordBytes > COLLECTED_BYTES_MAX) throw damagedStream('a header is too long');
      this.#state = this.#recordBytes === 0 ? 'header' : 'records';
      return;
    }
    const { entry, storedBytes, sparse } = memberOf(bytes, at, flag, this.#records);
    this.#records = NO_RECORDS;
    this.#entry = entry;
    this.#contentLeft = storedBytes;
    this.#paddingLeft = padded(storedBytes) - storedBytes;
    this.#extents = [];
    this.#extentAt = 0;
    this.#fileOffset = 0;
    this.#map = '';
    this.#listener.begin(entry);
    this.#state = sparse ? 'map' : 'content';
    if (storedBytes === 0) this.#endContent();
  }

  /** The map of a sparse file: how many extents, then offset and length of each, a line a number, padded to a block. */
  #mapBlock(bytes: Buffer, at: number): void {
    this.#map += bytes.toString('latin1', at, at + BLOCK_BYTES);
    this.#contentLeft -= BLOCK_BYTES;
    if (this.#map.length > COLLECTED_BYTES_MAX || this.#contentLeft < 0) {
      throw damagedStream('the map of a sparse file is too long');
    }
    const count = Number(this.#map.slice(0, this.#map.indexOf('\n')));
    if (!Number.isSafeInteger(count)) throw damagedStream('the map of a sparse file is malformed');
    // Each number takes two bytes at least: no need to look before there can be enough of them.
    if (this.#map.length < 4 * count) return;
    const lines = this.#map.split('\n', 2 * count + 2);
    if (lines.length < 2 * count + 2) return;
    this.#extents = extentsOf(lines, count);
    this.#state = 'content';
    if (this.#contentLeft === 0) this.#endContent();
  }

  #content(bytes: Buffer): void {
    if (this.#extents.length === 0) {
      this.#fileOffset += bytes.length;
      this.#listener.data(bytes);
      return;
    }
    for (let at = 0; at < bytes.length;) {
      const extent = this.#extents[this.#extentAt];
      if (extent === undefined) throw damagedStream('a sparse file has more data than its map');
      this.#holeUpTo(extent.offset);
      const left = extent.offset + extent.lengthBytes - this.#fileOffset;
      const part = bytes.subarray(at, at + left);
      this.#listener.data(part);
      this.#fileOffset += part.length;
      at += part.length;
      if (part.length === left) this.#extentAt += 1;
    }
  }

  #endContent(): void {
    const sizeBytes = this.#entry?.sizeBytes ?? 0;
    if (this.#state === 'map') throw damagedStream('a sparse file has no map');
    this.#holeUpTo(sizeBytes);
    if (this.#fileOffset !== sizeBytes) throw damagedStream('a file is longer than it says');
    this.#listener.end();
    this.#state = this.#paddingLeft === 0 ? 'header' : 'padding';
  }

  #holeUpTo(offset: number): void {
    if (offset <= this.#fileOffset) return;
    this.#listener.hole(offset - this.#fileOffset);
    this.#fileOffset = offset;
  }
}

function extentsOf(lines: readonly string[], count: number): Extent[] {
  const extents: Extent[] = [];
  let end = 0;
  for (let index = 0; index < count; index += 1) {
    const offset = Number(lines[1 + 2 * index]);
    const lengthBytes = Number(lines[2 + 2 * index]);
    if (!(offset >= end) || !(lengthBytes >= 0)) {
      throw damagedStream('the map of a sparse file is malformed');
    }
    end = offset + lengthBytes;
    if (lengthBytes > 0) extents.push({ offset, lengthBytes });
  }
  return extents;
}

function padded(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
}

function isZero(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte !== 0) return false;
  }
  return true;
}
