/**
 * A disk that goes bad: files of the state directory that are not what was written. Only such damage is made as can be
 * seen: a flipped bit that leaves a file well-formed would be another file.
 */
import type { SimDisk } from './disk.ts';
import { stateDir } from './disk.ts';
import type { FileNode } from './file-system.ts';

export type DamagedFile = 'journal.jsonl' | 'last_good.json' | 'manifest.json' | 'archive';
export type DamageKind = 'cut' | 'flipped' | 'zeros';

interface Spoilt {
  readonly app: string;
  readonly file: DamagedFile;
  readonly atMs: number;
  readonly node: FileNode;
  readonly before: Buffer;
  readonly after: Buffer;
}

export class Damage {
  readonly #disk: SimDisk;
  #spoilt: Spoilt[] = [];

  constructor(disk: SimDisk) {
    this.#disk = disk;
  }

  /** Nothing where there is no such file, or none that could be damaged so that it shows. */
  spoil(app: string, file: DamagedFile, how: DamageKind, nowMs: number): void {
    const node = this.#find(app, file);
    if (node === undefined || this.#spoilt.some((one) => one.node === node)) return;
    const before = node.content;
    const after = file === 'journal.jsonl' ? spoiltLine(before) : spoiltWhole(before, how);
    if (after === undefined) return;
    this.#set(node, after);
    this.#spoilt.push({ app, file, atMs: nowMs, node, before, after });
  }

  /** From a copy that somebody has; what was written anew meanwhile stays. */
  repair(): void {
    for (const one of this.#spoilt) {
      if (!isStillThere(one)) continue;
      const { node, before, after } = one;
      // Where the controller took back what it was just writing, that is not put back; what was cut off is.
      const isShorter = node.content.byteLength < after.byteLength;
      const kept = isShorter ? before.subarray(0, node.content.byteLength) : before;
      this.#set(node, Buffer.concat([kept, node.content.subarray(after.byteLength)]));
    }
    this.#spoilt = [];
  }

  /**
   * Since when the journal or last_good of the app is damaged for everybody to see: a controller that has written behind
   * the damage goes on by what it had read before, and only the next one finds it.
   */
  stateSinceMs(app: string): number | undefined {
    const found = this.#of(app, ['journal.jsonl', 'last_good.json']);
    return found?.node.content === found?.after ? found?.atMs : undefined;
  }

  /** Since when it is damaged, whatever was written behind the damage. */
  stateFirstMs(app: string): number | undefined {
    return this.#of(app, ['journal.jsonl', 'last_good.json'])?.atMs;
  }

  /** Whether the file is damaged that the message names. */
  isNamedIn(app: string, message: string): boolean {
    return this.#spoilt.some(
      (one) =>
        one.app === app &&
        isStillThere(one) &&
        this.#find(app, one.file) === one.node &&
        message.includes(`/${app}/`) &&
        message.includes(`${one.file} is damaged`),
    );
  }

  isSnapshotDamaged(app: string): boolean {
    return this.#of(app, ['manifest.json', 'archive']) !== undefined;
  }

  #of(app: string, files: readonly DamagedFile[]): Spoilt | undefined {
    return this.#spoilt.find(
      (one) =>
        one.app === app &&
        files.includes(one.file) &&
        isStillThere(one) &&
        this.#find(app, one.file) === one.node,
    );
  }

  #find(app: string, file: DamagedFile): FileNode | undefined {
    const { files } = this.#disk;
    if (file !== 'manifest.json' && file !== 'archive') {
      return files.file(`${stateDir}/${app}/${file}`);
    }
    const names = files.directory(`${stateDir}/${app}/snapshot`)?.names ?? [];
    for (const [name, node] of names) {
      if (
        node.kind === 'file' &&
        (name === file || (file === 'archive' && name.endsWith('.zst')))
      ) {
        return node;
      }
    }
    return undefined;
  }

  #set(node: FileNode, content: Buffer): void {
    this.#disk.files.setContent(node, content);
    this.#disk.files.syncFile(node);
  }
}

/** A controller that had read the journal before goes on writing behind what is damaged, or takes back what it was just writing. */
function isStillThere({ node, after }: Spoilt): boolean {
  const bytes = Math.min(node.content.byteLength, after.byteLength);
  return bytes > 0 && node.content.subarray(0, bytes).equals(after.subarray(0, bytes));
}

/** The beginning of the first of several lines: the last one could be torn, and the others are none the less there. */
function spoiltLine(content: Buffer): Buffer | undefined {
  if (content.indexOf(0x0a) === content.lastIndexOf(0x0a)) return undefined;
  const after = Buffer.from(content);
  after.writeUInt8((after.at(0) ?? 0) ^ 0x04, 0);
  return after;
}

function spoiltWhole(content: Buffer, how: DamageKind): Buffer {
  const half = content.byteLength >> 1;
  if (how === 'cut') return content.subarray(0, half);
  const after = Buffer.from(content);
  if (how === 'zeros') return after.fill(0, half);
  after.writeUInt8((after.at(0) ?? 0) ^ 0x04, 0);
  return after;
}
