import { describe, expect, test } from 'vitest';
import { judgeSafety } from '../../controller/gates/safety.ts';
import { release } from '../build/recipe.ts';

const first = release('1.0.0+1.0.0', { taggedAtMs: 1000 });

describe('judgeSafety', () => {
  test('a patch and a minor pass', () => {
    const releases = [first, release('1.0.1+1.0.1'), release('1.1.0+1.5.0')];

    expect(judgeSafety({ currentTag: '1.0.0+1.0.0', targetTag: '1.1.0+1.5.0', releases })).toEqual(
      [],
    );
  });

  test.each([
    { target: '2.0.0+1.0.0', reason: 'RecipeMajor', from: '1.0.0', to: '2.0.0' },
    { target: '1.1.0+2.0.0', reason: 'AppMajor', from: '1.0.0', to: '2.0.0' },
    { target: '1.1.0+edge', reason: 'AppVersionUnparsable', from: '1.0.0', to: 'edge' },
    { target: '0.9.0+0.9.0', reason: 'Downgrade', from: '1.0.0+1.0.0', to: '0.9.0+0.9.0' },
    { target: '1.1+1', reason: 'VersionUnparsable', from: null, to: '1.1+1' },
  ])('G2, G3: $target is held for $reason with both values', ({ target, reason, from, to }) => {
    const reasons = judgeSafety({
      currentTag: '1.0.0+1.0.0',
      targetTag: target,
      releases: [first, release(target)],
    });

    expect(reasons.map((one) => ({ reason: one.reason, from: one.from, to: one.to }))).toEqual([
      { reason, from, to },
    ]);
  });

  test('G2: nothing is taken from a version on that cannot be read', () => {
    const reasons = judgeSafety({
      currentTag: '1.0+1',
      targetTag: '1.1.0+1.1.0',
      releases: [release('1.0+1'), release('1.1.0+1.1.0')],
    });

    expect(reasons).toMatchObject([
      { kind: 'held-unparsable', reason: 'VersionUnparsable', to: '1.0+1' },
    ]);
  });

  test('an app version below the current one holds, however high the recipe’s own version is', () => {
    const current = release('1.0.0+3.5.0');
    const target = '1.1.0+3.4.9';

    const reasons = judgeSafety({
      currentTag: current.tag,
      targetTag: target,
      releases: [current, release(target)],
    });

    expect(reasons).toMatchObject([
      { kind: 'held-downgrade', reason: 'AppDowngrade', from: '3.5.0', to: '3.4.9' },
    ]);
  });

  test('G3: a major in between holds, even where the target is back on the old one', () => {
    const releases = [first, release('1.1.0+2.0.0'), release('1.2.0+1.9.0')];

    const reasons = judgeSafety({ currentTag: '1.0.0+1.0.0', targetTag: '1.2.0+1.9.0', releases });

    expect(reasons).toMatchObject([{ reason: 'AppMajor', to: '2.0.0' }]);
  });

  test('G3: notes of a version in between hold, with file and line', () => {
    const releases = [
      first,
      release('1.1.0+1.1.0', { notes: 'Faster.\n\nYou must run the migration by hand.' }),
      release('1.2.0+1.2.0', { notes: 'Prettier. No manual steps are needed.' }),
    ];

    const reasons = judgeSafety({ currentTag: '1.0.0+1.0.0', targetTag: '1.2.0+1.2.0', releases });

    expect(reasons).toMatchObject([
      { reason: 'ManualMigration', file: 'release/1.1.0+1.1.0', line: 3, to: '1.1.0+1.1.0' },
    ]);
  });

  test('notes of the current version and of later ones than the target do not count', () => {
    const notes = 'Manual migration required!';
    const releases = [
      release('1.0.0+1.0.0', { notes }),
      release('1.1.0+1.1.0'),
      release('1.2.0+1.2.0', { notes }),
    ];

    expect(judgeSafety({ currentTag: '1.0.0+1.0.0', targetTag: '1.1.0+1.1.0', releases })).toEqual(
      [],
    );
  });

  test('all reasons are listed, not only the first', () => {
    const releases = [
      first,
      release('2.0.0+2.0.0', { notes: 'BREAKING: rename your volume first.' }),
    ];

    const reasons = judgeSafety({ currentTag: '1.0.0+1.0.0', targetTag: '2.0.0+2.0.0', releases });

    expect(reasons.map((one) => one.reason)).toEqual([
      'RecipeMajor',
      'AppMajor',
      'ManualMigration',
    ]);
  });

  test.each([
    { name: 'made after the current one and before the target', taggedAtMs: 2000, held: true },
    { name: 'without a date', taggedAtMs: undefined, held: true },
    { name: 'older than the current one', taggedAtMs: 500, held: false },
    { name: 'newer than the target', taggedAtMs: 4000, held: false },
    { name: 'made with the current one', taggedAtMs: 1000, held: false },
    { name: 'made with the target', taggedAtMs: 3000, held: true },
  ])('G2: a tag without order, $name: held = $held', ({ taggedAtMs, held }) => {
    const releases = [
      first,
      release('nightly+7', { taggedAtMs }),
      release('1.1.0+1.1.0', { taggedAtMs: 3000 }),
    ];

    const reasons = judgeSafety({ currentTag: '1.0.0+1.0.0', targetTag: '1.1.0+1.1.0', releases });

    expect(reasons.map((one) => one.reason)).toEqual(held ? ['VersionUnparsable'] : []);
  });

  test.each([
    { tag: '1.1.0+edge', as: 'the target' },
    { tag: '1.0.0+edge', as: 'the current one' },
  ])('G2: a tag that differs from $as in nothing that has an order is held', ({ tag }) => {
    const releases = [first, release(tag), release('1.1.0+1.1.0')];

    const reasons = judgeSafety({ currentTag: '1.0.0+1.0.0', targetTag: '1.1.0+1.1.0', releases });

    expect(reasons.map(({ kind, to }) => ({ kind, to }))).toEqual([
      { kind: 'held-unparsable', to: tag },
    ]);
  });

  test('tags without a + are no releases and never in the way', () => {
    const releases = [first, release('weekly'), release('1.1.0+1.1.0')];

    expect(judgeSafety({ currentTag: '1.0.0+1.0.0', targetTag: '1.1.0+1.1.0', releases })).toEqual(
      [],
    );
  });
});
