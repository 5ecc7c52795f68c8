import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { writeFileAtomic } from '../../../controller/adapters/files/atomic-write.ts';
import {
  generateSecret,
  readGivenSecret,
} from '../../../controller/adapters/stack/secret-value.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-warm-secret-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('generateSecret', () => {
  test('is as long as the recipe says, and of its alphabet', () => {
    expect(generateSecret({ length: 64, charset: '0123456789abcdef' }).toString()).toMatch(
      /^[0-9a-f]{64}$/,
    );
  });

  test('is never the same twice', () => {
    const rule = { length: 32, charset: 'abcdefghijklmnop' };

    expect(generateSecret(rule).equals(generateSecret(rule))).toBe(false);
  });

  test('uses every character of the alphabet', () => {
    const value = generateSecret({ length: 1000, charset: 'abc' }).toString();

    expect(new Set(value)).toEqual(new Set('abc'));
  });
});

describe('readGivenSecret', () => {
  test.each([
    { name: 'one line without its line break', content: 'pass word\n', value: 'pass word' },
    { name: 'one line that has none', content: 'password', value: 'password' },
    { name: 'several lines as they are', content: '-----BEGIN\nx\n', value: '-----BEGIN\nx\n' },
    { name: 'spaces as they are', content: '  x  ', value: '  x  ' },
  ])('takes $name', async ({ content, value }) => {
    await writeFileAtomic(join(folder, 'f'), content);

    expect((await readGivenSecret('s', join(folder, 'f'))).toString()).toBe(value);
  });

  test.each([
    { name: 'a missing file', content: undefined },
    { name: 'an empty file', content: '' },
    { name: 'a file of a line break', content: '\n' },
  ])('$name is told by its name', async ({ content }) => {
    const file = join(folder, 'f');
    if (content !== undefined) await writeFileAtomic(file, content);

    await expect(readGivenSecret('smtp', file)).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining(`secret smtp from ${file}`) as string,
    });
  });
});
