import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { parseImageReference } from '../../controller/model/image-reference.ts';
import { judgeSafety } from '../../controller/gates/safety.ts';
import { parseCommitSha } from '../../controller/model/names.ts';
import type { ReleaseTag } from '../../controller/model/recipe.ts';
import {
  compareVersions,
  parseVersion,
  type RecipeVersion,
} from '../../controller/model/version.ts';
import { fuzz } from './fuzz.ts';

const piece = fc.constantFrom(
  ...['0', '1', '2', '10', '9'.repeat(9), '9'.repeat(20), '.', '..', '+', '-', '_', 'v', 'rc1'],
  ...['-alpine', ' ', '\n', '\0', '', 'latest', 'x', '1.2.3', '1.0.0+2.0.0', '١', '-beta.1', '=1'],
);
const tag = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc
    .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3), fc.constantFrom('', '-a', 'x'))
    .map(([a, b, c, d, e, suffix]) => `${a}.${b}.${c}+${d}.${e}${suffix}`),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

function versionOf(text: string): RecipeVersion | undefined {
  const parsed = parseVersion(text);
  return parsed.kind === 'version' ? parsed.version : undefined;
}

const mirrored = { older: 'newer', newer: 'older', same: 'same', incomparable: 'incomparable' };

describe('whatever a tag is called', () => {
  fuzz(
    'two versions stand to each other as they do the other way round',
    fc.tuple(tag, tag),
    ([a, b]) => {
      const [first, second] = [versionOf(a), versionOf(b)];
      if (first === undefined || second === undefined) return;

      expect(compareVersions(second, first)).toBe(mirrored[compareVersions(first, second)]);
      expect(compareVersions(first, first)).toBe('same');
    },
  );

  fuzz('the order of three versions holds together', fc.tuple(tag, tag, tag), ([a, b, c]) => {
    const [first, second, third] = [versionOf(a), versionOf(b), versionOf(c)];
    if (first === undefined || second === undefined || third === undefined) return;
    const isOrdered =
      compareVersions(first, second) === 'older' && compareVersions(second, third) === 'older';

    if (isOrdered) expect(compareVersions(first, third)).toBe('older');
  });

  fuzz(
    'the gate lets through only what it can read, at no major and at no tag without a place (G2)',
    fc.tuple(tag, tag, fc.array(tag, { maxLength: 5 })),
    ([currentTag, targetTag, others]) => {
      const commit = parseCommitSha('0'.repeat(40));
      if (commit === undefined) throw new Error('no commit');
      const releases = [currentTag, ...others, targetTag].map((name): ReleaseTag => ({
        tag: name,
        commit,
        taggedAtMs: undefined,
        notes: undefined,
      }));

      const reasons = judgeSafety({ currentTag, targetTag, releases });

      if (reasons.length > 0 || currentTag === targetTag) return;
      const [current, target] = [versionOf(currentTag), versionOf(targetTag)];
      expect(current?.recipe.major).toBe(target?.recipe.major);
      expect(current?.app.numbers?.[0]).toBe(target?.app.numbers?.[0]);
      expect(others.filter((one) => parseVersion(one).kind === 'unparsable')).toEqual([]);
    },
  );

  fuzz('a name of an image is taken apart', fc.oneof(tag, fc.string()), (reference) => {
    const { name, registry } = parseImageReference(reference);

    expect(name.length).toBeLessThanOrEqual(reference.length);
    expect(registry).not.toBe('');
  });
});
