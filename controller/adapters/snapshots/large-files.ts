/**
 * Reads large files back while tar is still making them: reading a gigabyte after it was made takes half as long again
 * as making it. The content is read here, as it grows; all else of the file is asked of tar once it is done.
 *
 * Only a matter of time: a file that is not read here is read by tar with the others, to the same digest.
 */
import { join } from 'node:path';
import { ContentDigest } from './content-digest.ts';
import { followFile } from './follow-file.ts';
import { GrowingFile } from './growing-file.ts';
import type { FileSystem } from './layout.ts';
import type { TreeEntry } from './pax-header.ts';
import { TarReader } from './tar-reader.ts';
import { startReadNamed } from './tools.ts';
import type { TreeDigest } from './tree-digest.ts';

/** From here on a process for the file alone is the smaller cost. */
const LARGE_BYTES = 16 * 1024 * 1024;
/** How often the file that tar is making is looked at. */
const LOOK_MS = 20;

interface Followed {
  readonly name: string;
  readonly over: () => void;
  readonly content: Promise<{ readonly digest: string; readonly dataBytes: number }>;
}

export class LargeFiles {
  readonly #what: string;
  readonly #directory: string;
  readonly #fs: FileSystem;
  readonly #tree: TreeDigest;
  readonly #signal: AbortSignal;
  readonly #reading: Promise<void>[] = [];
  readonly #growing: GrowingFile[] = [];
  #followed: Followed | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    what: string,
    directory: string,
    fs: FileSystem,
    tree: TreeDigest,
    signal: AbortSignal,
  ) {
    this.#what = what;
    this.#directory = directory;
    this.#fs = fs;
    this.#tree = tree;
    this.#signal = signal;
  }

  /** Tar has begun to make the entry of that name, in latin1; nobody knows yet what it is. */
  begun(name: string): void {
    clearTimeout(this.#timer);
    if (this.#followed?.name === name) return;
    const path = Buffer.from(name, 'latin1').toString('utf8');
    // Paths are text here, so what is no text is left to tar.
    if (path.includes('\ufffd')) return;
    this.#timer = setTimeout(() => {
      this.#look(name, join(this.#directory, path));
    }, LOOK_MS);
  }

  /** The entry of that name is made. True: it is read here; false: it is left to others. */
  done(name: string): boolean {
    const followed = this.#followed;
    if (followed?.name !== name) return false;
    this.#followed = undefined;
    followed.over();
    this.#reading.push(this.#add(followed));
    return true;
  }

  /** Waits until all that is read here is in the tree's digest. Errors: `tool-failed`, `snapshot-invalid`, `aborted`. */
  async settled(): Promise<void> {
    clearTimeout(this.#timer);
    this.#followed?.over();
    await Promise.all([...this.#reading, this.#followed?.content]);
  }

  /** Throws when the disk refused something of what is read here: that is told once, and to nobody else. */
  async synced(): Promise<void> {
    for (const file of this.#growing) await file.settled();
  }

  #look(name: string, path: string): void {
    const found = this.#fs.lstat(path);
    if (found?.kind !== 'file' || found.sizeBytes < LARGE_BYTES) {
      this.begun(name);
      return;
    }
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const content = this.#read(path, promise);
    // Whoever waits for it is told; nobody may be waiting yet.
    content.catch(() => undefined);
    const over = (): void => {
      resolve(undefined);
    };
    this.#followed = { name, over, content };
  }

  async #read(path: string, written: Promise<unknown>): ReturnType<() => Followed['content']> {
    const digest = new ContentDigest();
    const growing = new GrowingFile(path, this.#fs);
    this.#growing.push(growing);
    const take = (bytes: Buffer): Promise<void> => {
      growing.grown(bytes.length);
      digest.data(bytes);
      return Promise.resolve();
    };
    await followFile(path, this.#fs, written, take, this.#signal);
    return { digest: digest.end(), dataBytes: digest.dataBytes };
  }

  async #add({ name, content }: Followed): Promise<void> {
    const { digest, dataBytes } = await content;
    const doing = `reading ${this.#what} back`;
    const entry = await readHeader(doing, this.#directory, name, this.#signal);
    this.#tree.add(entry, digest, dataBytes);
  }
}

/** All of an entry but its content: tar is left as soon as it has told that. */
async function readHeader(
  doing: string,
  directory: string,
  name: string,
  signal: AbortSignal,
): Promise<TreeEntry> {
  const tar = startReadNamed(doing, directory, signal);
  tar.stdin.end(Buffer.from(`${name}\0`, 'latin1'));
  let told: TreeEntry | undefined;
  const reader = new TarReader({
    begin: (entry) => {
      told = entry;
    },
    data: () => undefined,
    hole: () => undefined,
    end: () => undefined,
  });
  const ended = tar.finished.catch((error: unknown) => error);
  for await (const chunk of tar.stdout) {
    reader.write(chunk as Buffer);
    // Leaving the loop closes the pipe, and tar ends of that.
    if (told !== undefined) return told;
  }
  throw await ended;
}
