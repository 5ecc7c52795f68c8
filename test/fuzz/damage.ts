/** What happens to a text, to JSON and to a file's bytes before it is read. */
import fc, { type Arbitrary } from 'fast-check';

/** Texts of a corpus, cut in up to six places and filled with shards. */
export function damagedText(
  texts: readonly string[],
  shards: readonly string[],
): Arbitrary<string> {
  const shard = fc.oneof(fc.constantFrom(...shards), fc.string({ unit: 'binary', maxLength: 8 }));
  const cuts = fc.array(fc.tuple(unit, fc.nat(20), shard), { maxLength: 6 });
  return fc.oneof(
    fc
      .tuple(fc.constantFrom(...texts), cuts)
      .map(([text, places]) => places.reduce((current, place) => cut(current, place), text)),
    fc.array(shard, { maxLength: 60 }).map((all) => all.join('')),
    // One shard over and over: what is slow or deep shows only when there is much of it.
    fc.tuple(shard, fc.nat(3000), shard).map(([one, count, last]) => one.repeat(count) + last),
  );
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });

function cut(text: string, [where, removed, shard]: [number, number, string]): string {
  const at = Math.floor(where * text.length);
  return text.slice(0, at) + shard + text.slice(at + removed);
}

const huge = 'x'.repeat(100_000);
const odd: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, -1, 0, 1.5, 1e308, '', ' ', '\0', '__proto__', '../..', 'NaN', huge],
    ...[[], {}, [[]], { __proto__: null }, [null], '9999-99-99T99:99:99Z', 'sha256:', '\ud800'],
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A JSON value in which up to three members were dropped, doubled or replaced by something of another type. */
export function damagedJson(value: unknown): Arbitrary<unknown> {
  const step = fc.tuple(fc.nat(), fc.constantFrom('drop', 'replace', 'add', 'wrap'), odd);
  return fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => {
    const box = { value: structuredClone(value) };
    for (const [which, how, other] of steps) alter(box, which, how, other);
    return box.value ?? null;
  });
}

function alter(root: object, which: number, how: string, other: unknown): void {
  const places = placesIn(root);
  const place = places[which % places.length];
  if (place === undefined) return;
  const { parent, key } = place;
  const before = Reflect.get(parent, key) as unknown;
  if (how === 'drop') Reflect.deleteProperty(parent, key);
  else if (how === 'replace') Reflect.set(parent, key, structuredClone(other));
  else if (how === 'wrap') Reflect.set(parent, key, [before]);
  else if (typeof before === 'object' && before !== null) {
    Reflect.set(before, 'unheardOf', structuredClone(other));
  }
}

interface Member {
  readonly parent: object;
  readonly key: string;
}

function placesIn(parent: object): readonly Member[] {
  return Object.entries(parent).flatMap(([key, member]: [string, unknown]) => [
    { parent, key },
    ...(typeof member === 'object' && member !== null ? placesIn(member) : []),
  ]);
}

export type ByteDamage =
  | { readonly kind: 'cut'; readonly where: number }
  | { readonly kind: 'flip'; readonly where: number; readonly bit: number }
  | { readonly kind: 'insert'; readonly where: number; readonly bytes: Uint8Array };

/** What a disk, an editor or a crash does to bytes. `where`: from 0 to 1. */
export const byteDamage: Arbitrary<ByteDamage> = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), where: unit }),
  fc.record({ kind: fc.constant('flip' as const), where: unit, bit: fc.nat(7) }),
  fc.record({
    kind: fc.constant('insert' as const),
    where: unit,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
  }),
);

export function damageBytes(content: Buffer, damage: ByteDamage): Buffer {
  const at = Math.floor(damage.where * content.length);
  switch (damage.kind) {
    case 'cut':
      return content.subarray(0, at);
    case 'flip': {
      const flipped = Buffer.from(content);
      const byte = Math.min(at, content.length - 1);
      flipped[byte] = (flipped[byte] ?? 0) ^ (1 << damage.bit);
      return flipped;
    }
    case 'insert':
      return Buffer.concat([content.subarray(0, at), damage.bytes, content.subarray(at)]);
  }
}

/** Nested so deep that whatever recurses without a bound runs out of stack. */
export function deepJson(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
