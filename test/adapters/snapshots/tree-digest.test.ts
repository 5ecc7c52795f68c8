import { describe, expect, test } from 'vitest';

import type { TreeEntry } from '../../../controller/adapters/snapshots/pax-header.ts';
import {
  TreeDigest,
  type TreeFigures,
} from '../../../controller/adapters/snapshots/tree-digest.ts';

interface Told {
  readonly entry: TreeEntry;
  readonly content?: string;
}

function file(path: string, content: string, more: Partial<TreeEntry> = {}): Told {
  return { entry: entryOf(path, { sizeBytes: content.length, ...more }), content };
}

function entryOf(path: string, more: Partial<TreeEntry>): TreeEntry {
  return {
    path,
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    sizeBytes: 0,
    mtime: '1700000000.5',
    target: '',
    device: '',
    attributes: [],
    ...more,
  };
}

const link = (path: string, target: string): Told => ({
  entry: entryOf(path, { type: 'link', target }),
});

function figuresOf(...told: readonly Told[]): TreeFigures {
  const tree = new TreeDigest();
  for (const { entry, content = '' } of told) {
    tree.begin(entry);
    if (content !== '') tree.data(Buffer.from(content));
    tree.end();
  }
  return tree.figures();
}

describe('TreeDigest', () => {
  const one = file('a', 'data', { attributes: [['SCHILY.xattr.user.x', '1']] });
  const two = file('b/c', 'more');

  test('does not depend on the order of entries', () => {
    expect(figuresOf(one, two)).toEqual(figuresOf(two, one));
  });

  test('counts entries and bytes, those of a file with several names once', () => {
    expect(figuresOf(one, two, link('d', 'a'))).toMatchObject({ entries: 3, contentBytes: 8 });
  });

  test('does not depend on which name of a file comes first', () => {
    const first = figuresOf(file('a', 'data'), link('b', 'a'), link('c', 'a'));
    const other = figuresOf(file('c', 'data'), link('a', 'c'), link('b', 'c'));

    expect(first).toEqual(other);
  });

  test('tells two names of one file from two files', () => {
    const shared = figuresOf(file('a', 'data'), link('b', 'a'));
    const apart = figuresOf(file('a', 'data'), file('b', 'data'));

    expect(shared.treeSha256).not.toBe(apart.treeSha256);
  });

  test('tells which names share a file', () => {
    const files = [file('a', 'data'), file('b', 'data')];

    expect(figuresOf(...files, link('c', 'a')).treeSha256).not.toBe(
      figuresOf(...files, link('c', 'b')).treeSha256,
    );
  });

  test('an entry that is told again replaces what was told before', () => {
    const again = figuresOf(file('a', 'old'), link('b', 'x'), two, one, file('b', ''));

    expect(again).toEqual(figuresOf(one, two, file('b', '')));
  });

  test('does not depend on zeros at the end of a time', () => {
    const spelled = (mtime: string): string => figuresOf(file('a', 'x', { mtime })).treeSha256;

    expect(spelled('1700000000.500')).toBe(spelled('1700000000.5'));
    expect(spelled('1700000000.0')).toBe(spelled('1700000000'));
    expect(spelled('1700000000')).not.toBe(spelled('17'));
  });

  test.each([
    { name: 'path', other: file('b', 'x') },
    { name: 'content', other: file('a', 'y') },
    { name: 'mode', other: file('a', 'x', { mode: 0o4644 }) },
    { name: 'owner', other: file('a', 'x', { uid: 1 }) },
    { name: 'group', other: file('a', 'x', { gid: 1 }) },
    { name: 'time', other: file('a', 'x', { mtime: '1700000000.500000001' }) },
    { name: 'type', other: file('a', '', { type: 'fifo' }) },
    { name: 'attribute', other: file('a', 'x', { attributes: [['SCHILY.xattr.user.x', '']] }) },
  ])('differs where a file has another $name', ({ other }) => {
    expect(figuresOf(other).treeSha256).not.toBe(figuresOf(file('a', 'x')).treeSha256);
  });

  test.each([
    { name: 'target of a symlink', change: { type: 'symlink', target: 'there' } as const },
    { name: 'number of a device', change: { type: 'character', device: '1:3' } as const },
  ])('differs where there is another $name', ({ change }) => {
    const other = { ...change, target: 'elsewhere', device: '1:5' };

    expect(figuresOf({ entry: entryOf('a', change) }).treeSha256).not.toBe(
      figuresOf({ entry: entryOf('a', other) }).treeSha256,
    );
  });

  test('a hard link to nothing is damage', () => {
    expect(() => figuresOf(link('b', 'a'))).toThrow('a hard link leads to nothing');
  });
});
