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

/** All of an entry but its path, in the form that the digest is taken of. */
interface EntryRecord {
  readonly text: string;
  readonly dataBytes: number;
}

export class TreeDigest implements TarListener {
  readonly #content = new ContentDigest();
  readonly #records = new Map<string, EntryRecord>();
  /** Other name of a file → the name that has its record. */
  readonly #links = new Map<string, string>();
  #entry: TreeEntry | undefined;
  /** Digest of the content that came in one piece. */
  #whole: string | undefined;
  #dataBytesBefore = 0;

  begin(entry: TreeEntry): void {
    this.#entry = entry;
    this.#dataBytesBefore = this.#content.dataBytes;
  }

  data(bytes: Buffer): void {
    if (bytes.length === this.#entry?.sizeBytes) this.#whole = this.#content.whole(bytes);
    else this.#content.data(bytes);
  }

  hole(lengthBytes: number): void {
    this.#content.hole(lengthBytes);
  }

  /** An entry that was told before is replaced. */
  end(): void {
    const entry = this.#entry;
    if (entry === undefined) return;
    if (entry.type === 'link') {
      this.#records.delete(entry.path);
      this.#links.set(entry.path, entry.target);
    } else {
      const content = this.#whole ?? this.#content.end();
      this.add(entry, content, this.#content.dataBytes - this.#dataBytesBefore);
    }
    this.#whole = undefined;
  }

  /** An entry whose content was read elsewhere, to a ContentDigest. It may come while another one is being told. */
  add(entry: TreeEntry, content: string, dataBytes: number): void {
    this.#links.delete(entry.path);
    this.#records.set(entry.path, { text: textOf(entry, content), dataBytes });
  }

  /** The figures of what was told so far. Throws `snapshot-invalid` when it cannot be a tree. */
  figures(): TreeFigures {
    const shared = this.#sharedNames();
    const digest = createHash('sha256').update(FORMAT);
    let contentBytes = 0;
    let text = '';
    for (const path of [...this.#records.keys(), ...this.#links.keys()].sort()) {
      const [first, holder] = shared.get(path) ?? [path, path];
      const record = this.#records.get(holder);
      if (record === undefined) throw damagedStream('a hard link leads to nothing');
      if (first === path) contentBytes += record.dataBytes;
      const line = `${path}\0${first === path ? record.text : `is ${first}`}`;
      text += `${line.length}\n${line}`;
      if (text.length < UPDATE_LENGTH) continue;
      digest.update(text, 'latin1');
      text = '';
    }
    digest.update(text, 'latin1');
    const entries = this.#records.size + this.#links.size;
    return { entries, contentBytes, treeSha256: digest.digest('hex') };
  }

  /**
   * Each name of a file with several → the first of them in order, which stands for the file whichever of them tar
   * happened to meet first, and the one that has the record.
   */
  #sharedNames(): ReadonlyMap<string, readonly [first: string, holder: string]> {
    const namesOf = new Map<string, string[]>();
    for (const [name, holder] of this.#links) {
      const names = namesOf.get(holder);
      if (names === undefined) namesOf.set(holder, [holder, name]);
      else names.push(name);
    }
    const shared = new Map<string, readonly [string, string]>();
    for (const [holder, names] of namesOf) {
      const [first = holder] = names.sort();
      for (const name of names) shared.set(name, [first, holder]);
    }
    return shared;
  }
}

function textOf(entry: TreeEntry, content: string): string {
  const { type, mode, uid, gid, sizeBytes, mtime, target, device } = entry;
  // Joined, not concatenated: a tree of pieces for each of a million entries is what the collector chokes on.
  const fields = [type, mode, uid, gid, sizeBytes, secondsOf(mtime), target, device, content];
  for (const [key, value] of entry.attributes) fields.push(key, value.length, value);
  return fields.join('\0');
}

/** A time in one spelling: no zeros at the end of its fraction. */
function secondsOf(mtime: string): string {
  return mtime.endsWith('0') && mtime.includes('.') ? mtime.replace(/\.?0+$/, '') : mtime;
}
