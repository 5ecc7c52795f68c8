/**
 * Has a repository on this machine changed? Told by a handful of `stat` calls, so that an idle pass starts no process:
 * every change of a ref replaces a file in one of the folders looked at, or `packed-refs`, or `HEAD`.
 *
 * Looking is synchronous on purpose: it costs microseconds, and it is done for every recipe in every pass.
 */
import { readdirSync, statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';

export interface SourceStamp {
  readonly text: string;
  /** When the youngest of what was looked at changed. */
  readonly changedAtMs: number;
}

/** A change within the clock's grain of the last one would leave the same stamp: so young a stamp proves nothing. */
const GRAIN_MS = 50;
/** Folders within `refs/tags` and `refs/heads` that are looked at; with more, the stamp says nothing. */
const FOLDERS_MAX = 64;

/** Undefined where the path is no repository of a shape that we know: then only git can tell. */
export function stampOf(path: string): SourceStamp | undefined {
  const directory = [join(path, '.git'), path].find((candidate) => isRepository(candidate));
  if (directory === undefined) return undefined;
  const parts: string[] = [];
  let changedAtMs = 0;
  const add = (name: string): void => {
    const stats = look(join(directory, name));
    parts.push(`${name}:${stats === undefined ? '-' : stampText(stats)}`);
    if (stats !== undefined) {
      changedAtMs = Math.max(changedAtMs, Number(stats.mtimeMs), Number(stats.ctimeMs));
    }
  };
  const folders = ['refs/heads', 'refs/tags'].flatMap((name) => foldersOf(directory, name));
  if (folders.length > FOLDERS_MAX) return undefined;
  for (const name of ['HEAD', 'packed-refs', 'reftable/tables.list', ...folders]) add(name);
  return { text: parts.join('\n'), changedAtMs };
}

/** Whether two looks saw the same. Undefined is never the same as anything. */
export function isUnchanged(
  before: SourceStamp | undefined,
  after: SourceStamp | undefined,
): boolean {
  return before !== undefined && after !== undefined && before.text === after.text;
}

/** Whether a stamp taken at `takenAtMs` may be trusted to differ after the next change. */
export function isSettled(stamp: SourceStamp, takenAtMs: number): boolean {
  return takenAtMs - stamp.changedAtMs > GRAIN_MS;
}

function isRepository(directory: string): boolean {
  return (
    look(join(directory, 'HEAD')) !== undefined && look(join(directory, 'objects')) !== undefined
  );
}

function look(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function stampText(stats: BigIntStats): string {
  return [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].map(String).join(',');
}

/** The folder and all folders in it. */
function foldersOf(directory: string, name: string): readonly string[] {
  const found = [name];
  for (let index = 0; index < found.length && found.length <= FOLDERS_MAX; index += 1) {
    const folder = found[index] ?? '';
    for (const entry of entriesOf(join(directory, folder))) {
      if (entry.isDirectory()) found.push(`${folder}/${entry.name}`);
    }
  }
  return found;
}

function entriesOf(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}
