import { describe, expect, test } from 'vitest';

import { composeVersionOf } from '../../controller/recipe/compose-version.ts';

describe('composeVersionOf', () => {
  test.each([
    {
      name: 'files that state none',
      stated: [undefined, undefined],
      needed: [0, 0],
      version: '3.9',
    },
    { name: 'older files', stated: ['3', '3.8'], needed: [0, 0], version: '3.9' },
    {
      name: 'files that state a newer one and need none',
      stated: ['3.8', '3.13'],
      needed: [0, 0],
      version: '3.9',
    },
    {
      name: 'files with keys of a newer one',
      stated: ['3.8', undefined],
      needed: [0, 12],
      version: '3.12',
    },
  ])('$name become $version', ({ stated, needed, version }) => {
    expect(composeVersionOf(stated, needed)).toEqual({ version, unknown: [] });
  });

  test('versions that Docker does not take are named', () => {
    expect(composeVersionOf(['2.4', '3.8', '4.0', 'three', '3.14'], [])).toEqual({
      version: '3.9',
      unknown: ['2.4', '4.0', 'three', '3.14'],
    });
  });
});
