/**
 * Looking into what YAML says without trusting its shape: a key that holds something else than expected reads as
 * absent. Whether the shape is right is said by check-types.ts.
 */

/** The members of a map, keys as text, in the order of the file; none where the value is no map. */
export function membersOf(value: unknown): readonly (readonly [key: string, value: unknown])[] {
  if (!(value instanceof Map)) return [];
  return [...value.entries()].map(([key, member]): readonly [string, unknown] => [
    textOf(key) ?? '',
    member,
  ]);
}

/** The member of a map; undefined where there is none, or no map. */
export function memberOf(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      inner instanceof Map ? (inner as ReadonlyMap<unknown, unknown>).get(key) : undefined,
    value,
  );
}

/** The members of a list; none where the value is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A scalar as Docker shows it; undefined for null, lists and maps. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A whole number that is not negative, also one written as text; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
  const text = textOf(value);
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/**
 * What compose files write as a map or as a list of `key=value`. Null: the key stands there without a value, which
 * means one thing for labels and another for variables.
 */
export function pairsOf(value: unknown): ReadonlyMap<string, string | null> {
  const pairs = new Map<string, string | null>();
  for (const [key, member] of membersOf(value)) pairs.set(key, textOf(member) ?? null);
  for (const member of listOf(value)) {
    const text = textOf(member);
    if (text === undefined) continue;
    const equals = text.indexOf('=');
    if (equals < 0) pairs.set(text, null);
    else pairs.set(text.slice(0, equals), text.slice(equals + 1));
  }
  return pairs;
}

/** Every text in the value, doubled dollar signs as one. */
export function withSingleDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$$', () => '$');
  if (Array.isArray(value)) return value.map(withSingleDollars);
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<unknown, unknown>).entries()];
    return new Map(entries.map(([key, member]) => [key, withSingleDollars(member)]));
  }
  return value;
}
