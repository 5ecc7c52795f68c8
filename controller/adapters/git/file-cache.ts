/** The text files of the last few commits that were asked for: a commit never changes, so they are never stale. */

export type Files = ReadonlyMap<string, string>;

const COMMITS_MAX = 64;
const CHARS_MAX = 4 * 1024 * 1024;

export class FileCache {
  readonly #kept = new Map<string, Files>();
  #chars = 0;

  get(key: string): Files | undefined {
    const files = this.#kept.get(key);
    if (files === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, files);
    return files;
  }

  set(key: string, files: Files): void {
    if (this.#kept.has(key)) return;
    this.#kept.set(key, files);
    this.#chars += sizeOf(files);
    for (const [oldest, content] of this.#kept) {
      const isFull = this.#kept.size > COMMITS_MAX || this.#chars > CHARS_MAX;
      if (!isFull || oldest === key) break;
      this.#kept.delete(oldest);
      this.#chars -= sizeOf(content);
    }
  }
}

function sizeOf(files: Files): number {
  let chars = 0;
  for (const [path, text] of files) chars += path.length + text.length;
  return chars;
}
