/**
 * What a power cut would take back, judged from the calls that were really made: a file is synced before it is renamed
 * into its place, a folder after a name in it has changed, and the snapshot that a pointer leads to before the pointer.
 *
 * A call that failed did nothing, so a sync that failed has synced nothing, whatever the program made of it. Calls of
 * several processes on the same files may follow one another: what a killed one had not synced, the next one has to.
 */
import { basename, dirname } from 'node:path';

import type { Call } from './calls.ts';

/** Removed by whoever finds them: it does not matter whether the removal lasts. */
const PASSING = /\/\.[^/]+\.tmp$|\/\.snapshots\/|\/\.trash-/;
/** Made anew from the alert files, whichever one a power cut leaves. */
const DERIVED = /\/alerts\/\.ledger\.json$/;

export class Durability {
  /** Files with content that is not on the disk. */
  readonly #contents = new Set<string>();
  /** Names that are not on the disk, by folder. */
  readonly #names = new Map<string, Set<string>>();
  readonly #violations: string[] = [];

  /** What the calls of one more process did. */
  add(calls: readonly Call[]): void {
    for (const call of calls) if (call.isDone) this.#see(call);
  }

  /** One sentence for each step that was made too early. */
  get violations(): readonly string[] {
    return this.#violations;
  }

  /** One sentence for everything that a power cut now could take back. */
  unsynced(): string[] {
    const names = [...this.#names.values()].flatMap((unsynced) => [...unsynced]);
    return [
      ...[...this.#contents].map((path) => `the content of ${path} was never synced`),
      ...names.map((path) => `the name ${path} was never synced`),
    ];
  }

  #see({ kind, text, paths }: Call): void {
    const path = paths.at(-1);
    if (path === undefined) return;
    switch (kind) {
      case 'openat':
        if (text.includes('O_CREAT') && text.includes('O_EXCL')) this.#changed(path);
        return;
      case 'mkdir':
      case 'symlink':
        this.#changed(path);
        return;
      case 'write':
      case 'pwrite64':
      case 'ftruncate':
        this.#contents.add(path);
        return;
      case 'fsync':
      case 'fdatasync':
        this.#contents.delete(path);
        this.#names.delete(path);
        return;
      case 'rename':
        this.#renamed(paths[0] ?? '', path);
        return;
      case 'unlink':
      case 'rmdir':
        this.#removed(path);
        return;
      default:
        // It changes nothing.
        return;
    }
  }

  #renamed(from: string, to: string): void {
    for (const path of this.#contents) {
      if (!isWithin(path, from)) continue;
      this.#violations.push(`${path} was renamed to ${basename(to)} before its content was synced`);
      this.#contents.delete(path);
    }
    for (const [folder, names] of this.#names) {
      if (!isWithin(folder, from)) continue;
      this.#violations.push(
        `${from} was renamed to ${basename(to)} before the names in it were synced: ${[...names].join(', ')}`,
      );
      this.#names.delete(folder);
    }
    if (basename(to) === 'snapshot') {
      this.#needSynced(`${dirname(to)}/.snapshots`, `the pointer was moved`);
    }
    // What stood there before is nobody's content any more.
    this.#contents.delete(to);
    this.#forget(from);
    if (dirname(from) !== dirname(to)) this.#changed(from);
    this.#changed(to);
  }

  #removed(path: string): void {
    if (basename(dirname(path)) === '.snapshots' && !basename(path).startsWith('.')) {
      this.#needSynced(dirname(dirname(path)), `the snapshot ${basename(path)} was removed`);
    }
    this.#contents.delete(path);
    this.#names.delete(path);
    this.#forget(path);
    if (!PASSING.test(path)) this.#changed(path);
  }

  #needSynced(folder: string, early: string): void {
    const names = [...(this.#names.get(folder) ?? [])];
    for (const name of names) this.#violations.push(`${early} before the name ${name} was synced`);
  }

  #changed(path: string): void {
    if (DERIVED.test(path)) return;
    const names = this.#names.get(dirname(path)) ?? new Set();
    this.#names.set(dirname(path), names.add(path));
  }

  #forget(path: string): void {
    this.#names.get(dirname(path))?.delete(path);
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
