/**
 * The digest of a tree: of everything that a restore must bring back, and of nothing else. Two trees have the same
 * digest exactly when they have the same paths, each with the same type, mode, owner, size, time, target, device,
 * extended attributes, ACLs and content, and the same names share one file.
 *
 * It depends neither on the order of a directory nor on how holes are stored nor on which name of a hard link comes
 * first, and so not on what took the snapshot. Sockets are no part of it: tar leaves them out, and they are dead.
 */
import { createHash } from 'node:crypto';
import { ContentDigest } from './content-digest.ts';
import { damagedStream, type TreeEntry } from './pax-header.ts';
import type { TarListener } from './tar-reader.ts';

/** What a tree is, in a few figures. */
export interface TreeFigures {
  /** Names, the top among them. */
  readonly entries: number;
  /** Bytes of content; blocks of zeros do not count. */
  readonly contentBytes: number;
  readonly treeSha256: string;
}

/** Characters that are handed to the digest at a time. */
const UPDATE_LENGTH = 64 * 1024;

/** Changes when the same tree would get another digest. */
const FORMAT = 'ci-warm tree 1\n';

export class TreeDigest implements TarListener {
  readonly #content = new ContentDigest();
  /** Path → all else, of every entry but later names of a file. */
  readonly #records = new Map<string, string>();
  /** Path of a file that has several names → its later names. */
  readonly #links = new Map<string, string[]>();
  #entry: TreeEntry | undefined;
  /** Digest of the content that came in one piece. */
  #whole: string | undefined;
  #entries = 0;

  begin(entry: TreeEntry): void {
    this.#entry = entry;
    this.#entries += 1;
  }

  data(bytes: Buffer): void {
    if (bytes.length === this.#entry?.sizeBytes) this.#whole = this.#content.whole(bytes);
    else this.#content.data(bytes);
  }

  hole(lengthBytes: number): void {
    this.#content.hole(lengthBytes);
  }

  end(): void {
    const entry = this.#entry;
    if (entry === undefined) return;
    if (entry.type === 'link') {
      const names = this.#links.get(entry.target);
      if (names === undefined) this.#links.set(entry.target, [entry.path]);
      else names.push(entry.path);
    } else {
      this.#records.set(entry.path, recordOf(entry, this.#whole ?? this.#content.end()));
    }
    this.#whole = undefined;
  }

  /** The figures of what was told so far. Throws `snapshot-invalid` when it cannot be a tree. */
  figures(): TreeFigures {
    for (const [first, later] of this.#links) this.#settle(first, later);
    if (this.#records.size !== this.#entries) throw damagedStream('a path is there twice');
    const digest = createHash('sha256').update(FORMAT);
    let text = '';
    for (const path of [...this.#records.keys()].sort()) {
      const record = `${path}\0${this.#records.get(path) ?? ''}`;
      text += `${record.length}\n${record}`;
      if (text.length < UPDATE_LENGTH) continue;
      digest.update(text, 'latin1');
      text = '';
    }
    digest.update(text, 'latin1');
    return {
      entries: this.#entries,
      contentBytes: this.#content.dataBytes,
      treeSha256: digest.digest('hex'),
    };
  }

  /** Of a file's names the first in order stands for it, whichever tar happened to meet first. */
  #settle(first: string, later: readonly string[]): void {
    const record = this.#records.get(first);
    if (record === undefined) throw damagedStream('a hard link leads to nothing');
    const names = [first, ...later].sort();
    for (const name of names) {
      this.#records.set(name, name === names[0] ? record : `is ${names[0] ?? ''}`);
    }
    this.#links.delete(first);
  }
}

function recordOf(entry: TreeEntry, content: string): string {
  const { type, mode, uid, gid, sizeBytes, mtime, target, device } = entry;
  let record = `${type}\0${mode}\0${uid}\0${gid}\0${sizeBytes}\0${secondsOf(mtime)}\0${target}\0${device}\0${content}`;
  for (const [key, value] of entry.attributes) {
    record += `\0${key}\0${value.length}\0${value}`;
  }
  return record;
}

/** A time in one spelling: no zeros at the end of its fraction. */
function secondsOf(mtime: string): string {
  return mtime.endsWith('0') && mtime.includes('.') ? mtime.replace(/\.?0+$/, '') : mtime;
}
