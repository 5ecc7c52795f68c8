/**
 * One compose file as YAML: parsed with positions, so that what is wrong with it can be shown at its line.
 *
 * Not here: what the keys mean (compose-part.ts) and variables (interpolate-file.ts).
 */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';

import type { RecipeProblem } from '../model/recipe.ts';
import { withSingleDollars } from './yaml-value.ts';

export interface ComposeFile {
  /** Inside the recipe. */
  readonly path: string;
  readonly text: string;
  /** Undefined: it cannot be used, and `problems` says why. */
  readonly document: Document.Parsed | undefined;
  /** What it says, maps as `Map`, a doubled dollar sign as one. */
  readonly content: unknown;
  readonly lines: LineCounter;
  readonly problems: readonly RecipeProblem[];
}

/** Far above what recipes use, far below what would fill the memory. */
const ALIAS_COUNT_MAX = 1000;

/** Never throws, whatever the text. */
export function parseComposeFile(path: string, text: string): ComposeFile {
  const lines = new LineCounter();
  const broken = (message: string, line: number): ComposeFile => ({
    path,
    text,
    document: undefined,
    content: undefined,
    lines,
    problems: [{ file: path, line, message }],
  });
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      merge: true,
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'silent',
    });
  } catch {
    // The parser recurses, so absurd nesting ends in a stack overflow.
    return broken('this file is nested too deeply to be read', 1);
  }
  const problems = [...document.errors, ...document.warnings].map((found) => ({
    file: path,
    line: lines.linePos(found.pos[0]).line,
    message: firstSentence(found.message),
  }));
  if (problems.length > 0) return { ...broken('', 1), problems };
  if (!isMap(document.contents)) return broken('a compose file has to be a map of keys', 1);
  try {
    const content = withSingleDollars(
      document.toJS({ mapAsMap: true, maxAliasCount: ALIAS_COUNT_MAX }),
    );
    return { path, text, document, content, lines, problems };
  } catch {
    return broken('its aliases cannot be resolved, or are too many', 1);
  }
}

/** The version that the file states, such as `3.8`; undefined: none. */
export function statedVersion(file: ComposeFile): string | undefined {
  const node = file.document?.get('version', true);
  if (!isScalar(node)) return undefined;
  // As written: 3.10 is another version than 3.1, and as a number it is the same.
  return node.source ?? String(node.value);
}

/** The line of the key, or the member of a list, that `path` leads to, or of the nearest thing around it that the file has: at last its first. */
export function lineOf(file: ComposeFile, path: readonly string[]): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const around: unknown = file.document?.getIn(path.slice(0, length - 1), true);
    const member = isSeq(around) ? around.items[Number(path[length - 1])] : undefined;
    const pair = isMap(around)
      ? around.items.find(({ key }) => isScalar(key) && String(key.value) === path[length - 1])
      : undefined;
    const node = pair?.key ?? member;
    const start = isNode(node) ? node.range?.[0] : undefined;
    if (start !== undefined) return file.lines.linePos(start).line;
  }
  return file.document === undefined ? undefined : 1;
}

function firstSentence(message: string): string {
  const line = message.split('\n')[0] ?? message;
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
