import { describe, expect, test } from 'vitest';

import { specHashOf, type SpecInput } from '../../controller/recipe/spec-hash.ts';

const input: SpecInput = {
  commit: 'a'.repeat(40),
  env: { A: '1', B: '2' },
  domain: 'x.example.org',
  stack: 'x_example_org',
  proxyNetwork: 'proxy',
  givenSecrets: ['one', 'two'],
};

describe('specHashOf', () => {
  test('is the same for the same, in whatever order it was written', () => {
    const other = { ...input, env: { B: '2', A: '1' }, givenSecrets: ['two', 'one'] };

    expect(specHashOf(other)).toBe(specHashOf(input));
    expect(specHashOf(input)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test.each<Partial<SpecInput>>([
    { commit: 'b'.repeat(40) },
    { env: { A: '1' } },
    { env: { A: '1', B: '3' } },
    { env: { A: '1', B: '2', C: '' } },
    { domain: 'y.example.org' },
    { stack: 'y_example_org' },
    { proxyNetwork: 'other' },
    { givenSecrets: ['one'] },
  ])('is another for %o', (change) => {
    expect(specHashOf({ ...input, ...change })).not.toBe(specHashOf(input));
  });
});
