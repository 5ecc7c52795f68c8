import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { apply } from './apply.ts';
import { mutants } from './mutants.ts';

const root = resolve(import.meta.dirname, '../..');

test.each(mutants)('there is still something to break: $name', (mutant) => {
  const text = readFileSync(join(root, mutant.file), 'utf8');

  const broken = apply(mutant, text);

  expect(broken, `${mutant.file} says it exactly once: ${mutant.find}`).toBeDefined();
  expect(broken).not.toBe(text);
  for (const path of mutant.tests) expect(existsSync(join(root, path)), path).toBe(true);
});

test('no mutant is there twice', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});
