import { describe, expect, test } from 'vitest';
import { nearest } from '../../controller/spec/suggest.ts';

const FIELDS = ['recipe', 'domain', 'version', 'suspend', 'urlFrom', 'env', 'Hold', 'Stateless'];

describe('nearest', () => {
  const rows = [
    { name: 'a missing letter', word: 'recpe', meant: 'recipe' },
    { name: 'two letters in the wrong order', word: 'recpie', meant: 'recipe' },
    { name: 'two letters of three in the wrong order', word: 'evn', meant: 'env' },
    { name: 'a doubled letter', word: 'verssion', meant: 'version' },
    { name: 'another case', word: 'hold', meant: 'Hold' },
    { name: 'another way to part words', word: 'url_from', meant: 'urlFrom' },
    { name: 'the beginning of a word', word: 'url', meant: 'urlFrom' },
    { name: 'an ending too many', word: 'suspended', meant: 'suspend' },
    { name: 'a word of its own', word: 'replicas', meant: undefined },
    { name: 'a short word that has nothing in common', word: 'xyz', meant: undefined },
    { name: 'one letter', word: 'e', meant: undefined },
    { name: 'nothing', word: '', meant: undefined },
    { name: 'a word too long to be a slip', word: 'recipe'.repeat(20), meant: undefined },
  ];

  test.each(rows)('$name: $word', ({ word, meant }) => {
    expect(nearest(word, FIELDS)).toBe(meant);
  });

  test('of two that are equally near, the first', () => {
    expect(nearest('teat', ['test', 'tear'])).toBe('test');
  });
});
