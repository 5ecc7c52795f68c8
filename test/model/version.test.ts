import { describe, expect, test } from 'vitest';
import {
  appMajor,
  compareVersions,
  parseAppVersion,
  parseVersion,
  type RecipeVersion,
} from '../../controller/model/version.ts';

function version(tag: string): RecipeVersion {
  const parsed = parseVersion(tag);
  if (parsed.kind !== 'version') throw new Error(`${tag} is ${parsed.kind}`);
  return parsed.version;
}

describe('parseVersion', () => {
  test.each([
    { tag: '1.0.0', kind: 'no-release' },
    { tag: 'main', kind: 'no-release' },
    { tag: '1.0+2', kind: 'unparsable' },
    { tag: 'latest+2', kind: 'unparsable' },
    { tag: '1.0.0 +2', kind: 'unparsable' },
    { tag: `1.0.0+${'9'.repeat(200)}`, kind: 'unparsable' },
    { tag: '10.7.1+26.6.2', kind: 'version' },
    { tag: 'v1.2.3+v4', kind: 'version' },
    { tag: '2.0.1+1.0.6-social-amd64', kind: 'version' },
    { tag: '2.0.0+v4.5_rc1', kind: 'version' },
    { tag: '1.0.0+', kind: 'version' },
  ])('$tag is $kind', ({ tag, kind }) => {
    expect(parseVersion(tag).kind).toBe(kind);
  });

  test('a prerelease of the recipe is known as one', () => {
    expect(version('2.0.0-beta.1+1.0.0').recipe.prerelease).toBe(true);
    expect(version('2.0.0+1.0.0-beta').recipe.prerelease).toBe(false);
  });
});

describe('compareVersions', () => {
  test.each([
    {
      a: '1.0.0+1',
      b: '1.0.0+2',
      order: 'older',
      name: 'the app decides where the recipe is equal',
    },
    { a: '1.0.1+1', b: '1.0.0+2', order: 'newer', name: 'the recipe decides first' },
    { a: '1.0.0+9.0', b: '1.0.0+10.0', order: 'older', name: 'numbers, not text' },
    { a: '1.0.0+v9', b: '1.0.0+v10', order: 'older', name: 'numbers behind a v' },
    { a: '1.0.0+1.2', b: '1.0.0+1.2.0', order: 'same', name: 'missing places are zero' },
    { a: 'v1.0.0+1', b: '1.0.0+1', order: 'same', name: 'with and without v' },
    { a: '1.0.0+1-alpine', b: '1.0.0+1', order: 'incomparable', name: 'suffixes have no order' },
    { a: '1.0.0+edge', b: '1.0.0+1', order: 'incomparable', name: 'words have no order' },
    { a: '1.0.0+edge', b: '1.0.0+edge', order: 'same', name: 'equal words are the same' },
    {
      a: '1.0.0+edge',
      b: '1.1.0+1',
      order: 'older',
      name: 'words matter only where the recipe is equal',
    },
    { a: '2.0.0-rc.1+1', b: '2.0.0+1', order: 'older', name: 'a prerelease comes before' },
  ])('$name: $a is $order than $b', ({ a, b, order }) => {
    expect(compareVersions(version(a), version(b))).toBe(order);
  });
});

describe('appMajor', () => {
  test.each([
    { text: '26.6.2', major: 26 },
    { text: 'v9', major: 9 },
    { text: '12.2-jammy', major: 12 },
    { text: 'edge', major: undefined },
    { text: '', major: undefined },
  ])('the major of "$text" is $major', ({ text, major }) => {
    expect(appMajor(parseAppVersion(text))).toBe(major);
  });
});
