/** Which files of some directories were written between two looks. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Path → what changes with every write: also one that puts the same content there again. */
export type Stamps = ReadonlyMap<string, string>;

export function stampsOf(directories: readonly string[]): Stamps {
  const stamps = new Map<string, string>();
  for (const directory of directories) {
    for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      const path = join(directory, entry);
      const { ino, size, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
      stamps.set(path, [ino, size, mtimeNs, ctimeNs].join());
    }
  }
  return stamps;
}

/** Paths that came, went or were written. */
export function changesBetween(before: Stamps, after: Stamps): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
}
