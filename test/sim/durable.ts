/**
 * What the controller was told to be safe: a record that was appended, a last_good that was written. After a power cut it
 * has to be there, whatever else is lost (S2, L2).
 */
import type { JournalRecord } from '../../controller/model/journal.ts';
import type { LastGood } from '../../controller/model/release.ts';
import type { AppFiles } from './state-directory.ts';

export class Durable {
  readonly #records = new Map<string, string[]>();
  readonly #lastGood = new Map<string, { begun: string; done: string | undefined }>();

  appended(record: JournalRecord): void {
    const texts = this.#records.get(record.app) ?? [];
    texts.push(JSON.stringify(record));
    this.#records.set(record.app, texts);
  }

  writes(app: string, lastGood: LastGood): void {
    const before = this.#lastGood.get(app);
    this.#lastGood.set(app, { begun: lastGood.specHash, done: before?.done });
  }

  wrote(app: string, { specHash }: LastGood): void {
    this.#lastGood.set(app, { begun: specHash, done: specHash });
  }

  /** A person wants nothing of it kept. */
  forget(app: string): void {
    this.#records.delete(app);
    this.#lastGood.delete(app);
  }

  /** What is gone of it; undefined: nothing. */
  missing(app: string, files: AppFiles): string | undefined {
    const there = new Set(files.records.map((record) => JSON.stringify(record)));
    const lost = (this.#records.get(app) ?? []).find((text) => !there.has(text));
    if (lost !== undefined) return `a record that was appended is gone: ${lost}`;
    const written = this.#lastGood.get(app);
    if (written?.done === undefined) return undefined;
    const found = files.lastGood?.specHash;
    return found === written.done || found === written.begun
      ? undefined
      : 'last_good is not the one that was written';
  }
}
