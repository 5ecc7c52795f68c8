import { describe, expect, test } from 'vitest';

import { chooseNotes } from '../../controller/recipe/release-notes.ts';

const tag = '1.2.3+4';

function choose(files: Readonly<Record<string, string>>): ReturnType<typeof chooseNotes> {
  return chooseNotes(tag, (at, path) => files[`${at}:${path}`]);
}

describe('chooseNotes', () => {
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
    { name: 'none of another release', files: { 'newest:release/1.2.3+5': 'x' }, notes: undefined },
  ])('takes $name', ({ files, notes }) => {
    expect(choose(files as unknown as Readonly<Record<string, string>>)).toEqual(notes);
  });
});
