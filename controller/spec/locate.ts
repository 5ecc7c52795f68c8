/** From a path into an object's data to the place in the text, and to the words people know it by. */
import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair } from 'yaml';
import { rangeOf } from './check-nodes.ts';
import type { TextRange } from './source-text.ts';

/** Field names and list indexes from the top of an object. */
export type Path = readonly (string | number)[];

/** What stands at a path; each is undefined where there is no such thing. */
export interface Place {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/** The nodes at a path. Follows aliases. A path that leads nowhere has neither key nor value. */
function placeOf(document: Document.Parsed, path: Path): Place {
  let place: Place = { key: undefined, value: document.contents ?? undefined };
  for (const step of path) place = stepInto(document, place.value, step);
  return place;
}

function stepInto(document: Document.Parsed, node: unknown, step: string | number): Place {
  const target = isAlias(node) ? node.resolve(document) : node;
  if (isMap(target)) {
    const pair = target.items.find(
      ({ key }) => isScalar(key) && String(key.value) === String(step),
    );
    return pair === undefined ? NOWHERE : placeOfPair(pair);
  }
  const item = isSeq(target) ? target.items[Number(step)] : undefined;
  return isNode(item) ? { key: undefined, value: item } : NOWHERE;
}

const NOWHERE: Place = { key: undefined, value: undefined };

function placeOfPair({ key, value }: Pair): Place {
  return {
    key: isNode(key) ? key : undefined,
    value: isNode(value) ? value : undefined,
  };
}

function isNode(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}

/**
 * Where to point for a path: at the value or at the key, whichever is asked for and there; else at
 * the nearest thing around it.
 */
export function rangeAt(
  document: Document.Parsed,
  path: Path,
  prefer: 'key' | 'value' = 'value',
): TextRange {
  for (let length = path.length; length >= 0; length -= 1) {
    const { key, value } = placeOf(document, path.slice(0, length));
    // Further out, the key says more than all that stands below it.
    const wanted = prefer === 'value' && length === path.length ? value : key;
    const node = [wanted, key, value].find((each) => each !== undefined && hasText(each));
    if (node !== undefined) return rangeOf(node);
  }
  return { start: 0, end: 1 };
}

/** An empty value has a place but no text. */
function hasText(node: Node): boolean {
  const { start, end } = rangeOf(node);
  return end > start;
}

/** The words as they stand in the file, for a plain value at a path; undefined for anything else. */
export function sourceWords(document: Document.Parsed, path: Path): string | undefined {
  const { value } = placeOf(document, path);
  const node = isAlias(value) ? value.resolve(document) : value;
  return isScalar(node) && node.type === 'PLAIN' ? node.source : undefined;
}

/** A path as people write it: `spec.health.probes[0].http`. */
export function pathWords(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${String(step)}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

/** A JSON pointer, as the schema validator gives it, as a path into the value that it is about. */
export function pathOfPointer(pointer: string, value: unknown): Path {
  let current = value;
  return pointer
    .split('/')
    .slice(1)
    .map((escaped) => {
      const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(current) ? Number(name) : name;
      current = valueAt(current, [step]);
      return step;
    });
}

/** What stands at a path of plain data; undefined where it leads nowhere. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, step) => {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) {
      return undefined;
    }
    return (current as Record<string | number, unknown>)[step];
  }, value);
}
