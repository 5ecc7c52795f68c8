/**
 * What one object says to others, whatever else is wrong with it: each field that is right by itself. So a mistake in one
 * place hides none in another. For telling problems only: an object with a mistake is used for nothing else.
 */
import type { Kind } from '../model/desired.ts';
import { valueAt, type Path } from './locate.ts';

/** A document whose YAML and kind can be told. */
export interface SoundFields {
  readonly kind: Kind;
  /** The whole document as plain data, its mistakes included. */
  readonly value: unknown;
  /** The places, by `placeKey`, where the schema has something against what stands there. */
  readonly wrong: ReadonlySet<string>;
}

/** A path as a key of a set. */
export function placeKey(path: Path): string {
  return JSON.stringify(path);
}

/** What stands at a path, and whether it can be relied on. What stands below it may be wrong. */
export function fieldAt(
  { value, wrong }: SoundFields,
  path: Path,
): { readonly state: 'absent' | 'wrong' } | { readonly state: 'sound'; readonly value: unknown } {
  if (wrong.has(placeKey(path))) return { state: 'wrong' };
  const found = valueAt(value, path);
  return found === undefined ? { state: 'absent' } : { state: 'sound', value: found };
}

/** The text at a path; undefined where there is none, or a wrong one. */
export function textAt(fields: SoundFields, path: Path): string | undefined {
  const field = fieldAt(fields, path);
  return field.state === 'sound' && typeof field.value === 'string' ? field.value : undefined;
}

/** The places of the items of the list at a path; none where there is no list. */
export function itemsAt({ value }: SoundFields, path: Path): readonly Path[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list.map((_, index) => [...path, index]) : [];
}

/** Whether there is a map at a path. */
export function isMapAt({ value }: SoundFields, path: Path): boolean {
  const found = valueAt(value, path);
  return typeof found === 'object' && found !== null && !Array.isArray(found);
}
