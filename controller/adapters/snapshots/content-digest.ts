/**
 * Digest of one file's content that does not depend on how its zeros are stored: blocks that are all zero count by
 * place and length, whether they are holes, were reserved but never written, or are written zeros. So a file that was
 * unpacked with other holes than it was packed with is the same file, and a hole of a terabyte costs nothing.
 */
import { createHash, hash, type Hash } from 'node:crypto';

const BLOCK_BYTES = 4096;
const ZEROS = Buffer.alloc(BLOCK_BYTES);

export class ContentDigest {
  /** Bytes of blocks that are not all zero. */
  dataBytes = 0;
  #hash: Hash | undefined;
  #offset = 0;
  /** All-zero bytes just before the offset; their first one starts a block. */
  #zeros = 0;
  #runs: string[] = [];

  /** The digest of a file of which these are all bytes: the same as piece by piece, in half the time. */
  whole(bytes: Buffer): string {
    const small = bytes.length > 0 && bytes.length <= BLOCK_BYTES;
    if (!small || isZero(bytes, 0, bytes.length)) {
      this.data(bytes);
      return this.end();
    }
    this.dataBytes += bytes.length;
    return `${hash('sha256', bytes)}+`;
  }

  /** The next bytes of the file. */
  data(bytes: Buffer): void {
    let from = 0;
    for (let at = 0; at < bytes.length;) {
      const into = this.#offset % BLOCK_BYTES;
      const length = Math.min(BLOCK_BYTES - into, bytes.length - at);
      if ((into === 0 || this.#zeros > 0) && isZero(bytes, at, length)) {
        this.#add(bytes.subarray(from, at));
        from = at + length;
        this.#zeros += length;
      } else if (this.#zeros > 0) {
        this.#endRun(into);
      }
      at += length;
      this.#offset += length;
    }
    this.#add(bytes.subarray(from));
  }

  /** The next `lengthBytes` bytes of the file are zero. */
  hole(lengthBytes: number): void {
    const into = this.#offset % BLOCK_BYTES;
    const rest = into === 0 || this.#zeros > 0 ? 0 : Math.min(BLOCK_BYTES - into, lengthBytes);
    this.#add(ZEROS.subarray(0, rest));
    this.#zeros += lengthBytes - rest;
    this.#offset += lengthBytes;
  }

  /** The digest of the whole content; afterwards the next file may begin, `dataBytes` going on. */
  end(): string {
    if (this.#zeros > 0) this.#endRun(0);
    const data = this.#hash?.digest('hex') ?? '';
    const runs = this.#runs.length === 0 ? '' : hash('sha256', this.#runs.join(';'));
    this.#hash = undefined;
    this.#runs = [];
    this.#offset = 0;
    return `${data}+${runs}`;
  }

  /** Ends the run of zeros before the offset. `partial`: how many of them belong to a block that is not all zero. */
  #endRun(partial: number): void {
    const whole = this.#zeros - partial;
    if (whole > 0) this.#runs.push(`${String(this.#offset - this.#zeros)}:${String(whole)}`);
    this.#zeros = 0;
    this.#add(ZEROS.subarray(0, partial));
  }

  #add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#hash ??= createHash('sha256');
    this.#hash.update(bytes);
    this.dataBytes += bytes.length;
  }
}

function isZero(bytes: Buffer, from: number, length: number): boolean {
  // Nearly every block of data is told by its first byte.
  return bytes[from] === 0 && bytes.compare(ZEROS, 0, length, from, from + length) === 0;
}
