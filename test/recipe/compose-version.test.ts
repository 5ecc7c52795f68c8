import { describe, expect, test } from 'vitest';

import { composeVersionOf } from '../../controller/recipe/compose-version.ts';

describe('composeVersionOf', () => {
  test.each([
    { name: 'files that state none', stated: [undefined, undefined], version: '3.9' },
    { name: 'older files', stated: ['3', '3.8'], version: '3.9' },
    { name: 'a newer file', stated: ['3.8', '3.12', undefined], version: '3.12' },
    {
      name: 'a number of two digits, which is more than one digit',
      stated: ['3.10', '3.9'],
      version: '3.10',
    },
  ])('$name become $version', ({ stated, version }) => {
    expect(composeVersionOf(stated)).toEqual({ version, unknown: [] });
  });

  test('versions that Docker does not take are named', () => {
    expect(composeVersionOf(['2.4', '3.8', '4.0', 'three'])).toEqual({
      version: '3.9',
      unknown: ['2.4', '4.0', 'three'],
    });
  });
});
