/**
 * What is wrong with a document's nodes as such, in one walk: keys that stand twice, aliases that
 * lead nowhere or into themselves, too many of them, too deep a nesting.
 */
import { isAlias, isMap, isScalar, isSeq, type Alias, type Document, type Node } from 'yaml';
import { problemAt, type Complaint } from './problem.ts';
import type { SourceText, TextRange } from './source-text.ts';
import type { SpecProblem } from '../model/spec-problem.ts';

const DEPTH_MAX = 64;
const ALIASES_MAX = 100;

/** Said of text that is nested deeper than is read, whoever finds it. */
export const TOO_DEEP: Complaint = {
  code: 'yaml-depth',
  message: `this is nested more than ${String(DEPTH_MAX)} deep`,
  hint: 'nothing that ci-warm reads is nested that deep; write it flatter',
};

export interface NodeCheck {
  readonly problems: readonly SpecProblem[];
  /** False when following the nodes would not end, or not soon. */
  readonly walkable: boolean;
}

/** The problems of a document's nodes, in order. */
export function checkNodes(source: SourceText, document: Document.Parsed): NodeCheck {
  const walk: Walk = { source, anchors: new Map(), open: new Set(), aliases: 0, problems: [] };
  const walkable = visit(walk, document.contents, 0);
  return { problems: walk.problems, walkable };
}

interface Walk {
  readonly source: SourceText;
  readonly anchors: Map<string, Node>;
  /** The collections that the walk is inside of. */
  readonly open: Set<Node>;
  aliases: number;
  readonly problems: SpecProblem[];
}

function visit(walk: Walk, node: unknown, depth: number): boolean {
  if (isAlias(node)) return visitAlias(walk, node);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return true;
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  if (isScalar(node)) return true;
  if (depth >= DEPTH_MAX) return complain(walk, node, TOO_DEEP);
  walk.open.add(node);
  const walkable = isMap(node)
    ? visitMap(walk, node.items, depth)
    : visitAll(walk, node.items, depth);
  walk.open.delete(node);
  return walkable;
}

function visitMap(
  walk: Walk,
  pairs: readonly { readonly key: unknown; readonly value: unknown }[],
  depth: number,
): boolean {
  const seen = new Set<unknown>();
  for (const { key } of pairs) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value)) {
      complain(walk, key, {
        code: 'yaml-duplicate-key',
        message: `${String(key.value)} stands here a second time`,
        hint: 'keep one of them',
      });
    }
    seen.add(key.value);
  }
  return visitAll(
    walk,
    pairs.flatMap(({ key, value }) => [key, value]),
    depth,
  );
}

function visitAll(walk: Walk, nodes: readonly unknown[], depth: number): boolean {
  return nodes.map((node) => visit(walk, node, depth + 1)).every((walkable) => walkable);
}

function visitAlias(walk: Walk, alias: Alias): boolean {
  const name = alias.source;
  const target = walk.anchors.get(name);
  walk.aliases += 1;
  if (target === undefined) {
    return complain(walk, alias, {
      code: 'yaml-alias',
      message: `*${name} stands for nothing: there is no &${name} before it`,
      hint: `put quotes around a value that begins with *, or write &${name} first`,
    });
  }
  if (walk.open.has(target)) {
    return complain(walk, alias, {
      code: 'yaml-alias',
      message: `*${name} contains itself`,
      hint: 'write out what is meant',
    });
  }
  if (walk.aliases === ALIASES_MAX + 1) {
    return complain(walk, alias, {
      code: 'yaml-alias',
      message: `there are more than ${String(ALIASES_MAX)} aliases in this document`,
      hint: 'write it out, or split it into several documents',
    });
  }
  return true;
}

/** Notes the problem, and answers that what is here is not to be followed. */
function complain(walk: Walk, node: Node, what: Complaint): false {
  walk.problems.push(problemAt(walk.source, rangeOf(node), what));
  return false;
}

/** Where a node stands in the text, comments behind it left out. */
export function rangeOf(node: Node): TextRange {
  const [start, end] = node.range ?? [0, 1];
  return { start, end };
}
