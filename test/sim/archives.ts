/** What an archive of a simulated volume looks like: a note of the tree that is in it. */
import { createHash } from 'node:crypto';
import { textOf, type Tree } from './tree.ts';

export interface ReadArchive {
  readonly archiveBytes: number;
  /** Undefined: it is damaged. */
  readonly tree: Tree | undefined;
}

const BEGIN = 'archive ';

export function archiveText(tree: Tree): Buffer {
  return Buffer.from(`${BEGIN}${textOf(tree)}`);
}

export function archiveOf(content: Buffer): ReadArchive {
  return {
    archiveBytes: content.byteLength,
    tree: treeIn(content.toString()),
  };
}

/** The figures that a manifest keeps of a tree. */
export function figuresOf(tree: Tree): {
  readonly entries: number;
  readonly contentBytes: number;
  readonly treeSha256: string;
} {
  return { entries: 1, contentBytes: tree.bytes, treeSha256: digestOf(Buffer.from(textOf(tree))) };
}

function treeIn(text: string): Tree | undefined {
  if (!text.startsWith(BEGIN)) return undefined;
  try {
    return JSON.parse(text.slice(BEGIN.length)) as Tree;
  } catch {
    return undefined;
  }
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
