/**
 * YAML as a tree that can be put together and written again without another meaning to Docker: values keep the way in
 * which they were written, because `0444` is a mode to Docker and another number to readers of newer YAML.
 *
 * Anchors, aliases and merge keys are resolved: Debian's Docker lets a merge key win over the keys before it, and no
 * other reader does.
 */
import { isMap, parseDocument, visit } from 'yaml';

import { quoteYaml } from './quote-yaml.ts';

/** A scalar whose type is the reader's to tell: as it was written. */
interface AsWritten {
  readonly written: string;
}

export type Tree = string | number | boolean | null | AsWritten | readonly Tree[] | TreeMap;
export type TreeMap = ReadonlyMap<string, Tree>;

const ALIAS_COUNT_MAX = 1000;
const KEY_LENGTH_MAX = 1000;
/** What some reader may take for a number or a date. */
const WORD = /^[\w.+-]+$/;

/** Undefined: it is no YAML, or no map. Never throws. */
export function readTree(text: string): TreeMap | undefined {
  try {
    const document = parseDocument(text, { merge: true, logLevel: 'silent' });
    const isSound = document.errors.length === 0 && document.warnings.length === 0;
    if (!isSound || !isMap(document.contents)) return undefined;
    visit(document, {
      Scalar: (key, node) => {
        if (key === 'key' || node.type !== 'PLAIN' || node.tag !== undefined) return;
        if (node.value === null) return;
        if (typeof node.value === 'string' && !WORD.test(node.value)) return;
        if (node.source !== undefined) node.value = { written: node.source };
      },
    });
    return asTree(document.toJS({ mapAsMap: true, maxAliasCount: ALIAS_COUNT_MAX })) as TreeMap;
  } catch {
    return undefined;
  }
}

function asTree(value: unknown): Tree {
  if (Array.isArray(value)) return value.map(asTree);
  if (!(value instanceof Map)) return value as Tree;
  return new Map(
    [...value].map(([key, member]: [unknown, unknown]): [string, Tree] => [
      isAsWritten(key) ? key.written : String(key),
      asTree(member),
    ]),
  );
}

/** As text; the same tree gives the same. */
export function showTree(tree: TreeMap): string {
  return show(tree, 0).trimStart();
}

/** What stands behind a key's colon or a member's dash, with its line break. */
function show(tree: Tree, column: number): string {
  const pad = ' '.repeat(column);
  if (isList(tree) && tree.length > 0) {
    return `\n${tree.map((member) => `${pad}-${show(member, column + 2)}`).join('')}`;
  }
  if (isTreeMap(tree) && tree.size > 0) {
    const lines = [...tree].map(
      ([key, member]) => `${pad}${showKey(key, pad)}:${show(member, column + 2)}`,
    );
    return `\n${lines.join('')}`;
  }
  return ` ${showLeaf(tree)}\n`;
}

/** YAML looks for the colon behind a key of 1024 characters at the most, unless it is announced. */
function showKey(key: string, pad: string): string {
  const quoted = quoteYaml(key);
  return quoted.length > KEY_LENGTH_MAX ? `? ${quoted}\n${pad}` : quoted;
}

function showLeaf(tree: Tree): string {
  if (typeof tree === 'string') return quoteYaml(tree);
  if (isList(tree)) return '[]';
  return isTreeMap(tree) ? '{}' : (leafText(tree) ?? '');
}

/** A scalar's text; undefined for lists and maps. */
export function leafText(tree: Tree | undefined): string | undefined {
  if (tree === undefined || isList(tree) || isTreeMap(tree)) return undefined;
  return isAsWritten(tree) ? tree.written : String(tree);
}

export function isList(tree: Tree | undefined): tree is readonly Tree[] {
  return Array.isArray(tree);
}

export function isTreeMap(tree: Tree | undefined): tree is TreeMap {
  return tree instanceof Map;
}

function isAsWritten(value: unknown): value is AsWritten {
  return typeof value === 'object' && value !== null && 'written' in value;
}
