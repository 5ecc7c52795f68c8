import { describe, expect, test } from 'vitest';

import { chooseNotes } from '../../controller/recipe/release-notes.ts';

const tag = '1.2.3+4';

function choose(files: Readonly<Record<string, string>>): ReturnType<typeof chooseNotes> {
  return chooseNotes(tag, (at, path) => files[`${at}:${path}`]);
}

describe('chooseNotes', () => {
  test('of a tag with a v finds those of a name without', () => {
    expect(
      chooseNotes('v1.2.3+4', (_, path) => (path === 'releaseNotes/1.2.3+4.md' ? 'x' : undefined)),
    ).toEqual({ file: 'releaseNotes/1.2.3+4.md', text: 'x' });
  });

  test.each([
    {
      name: 'the newest commit`s before the tagged one`s, which was written earlier',
      files: { 'newest:release/1.2.3+4': 'new', 'tagged:release/1.2.3+4': 'old' },
      notes: { file: 'release/1.2.3+4', text: 'new' },
    },
    {
      name: 'the tagged commit`s where the newest has none',
      files: { 'tagged:releaseNotes/1.2.3+4.md': 'old' },
      notes: { file: 'releaseNotes/1.2.3+4.md', text: 'old' },
    },
    {
      name: 'those that abra shows before others',
      files: { 'newest:releaseNotes/1.2.3+4.md': 'ours', 'newest:release/1.2.3+4': 'theirs' },
      notes: { file: 'release/1.2.3+4', text: 'theirs' },
    },
    {
      name: 'none where a file is empty',
      files: { 'newest:release/1.2.3+4': ' \n' },
      notes: undefined,
    },
    {
      name: 'those of a file with an ending',
      files: { 'tagged:release/1.2.3+4.md': 'x' },
      notes: { file: 'release/1.2.3+4.md', text: 'x' },
    },
    {
      name: 'those of a file without one',
      files: { 'newest:releaseNotes/1.2.3+4': 'x' },
      notes: { file: 'releaseNotes/1.2.3+4', text: 'x' },
    },
    {
      name: 'those of a name with a v, where the tag has none',
      files: { 'tagged:release/v1.2.3+4': 'x' },
      notes: { file: 'release/v1.2.3+4', text: 'x' },
    },
    {
      name: 'none that are not of a release yet',
      files: { 'newest:release/next': 'x' },
      notes: undefined,
    },
    { name: 'none of another release', files: { 'newest:release/1.2.3+5': 'x' }, notes: undefined },
  ])('takes $name', ({ files, notes }) => {
    expect(choose(files as unknown as Readonly<Record<string, string>>)).toEqual(notes);
  });
});
