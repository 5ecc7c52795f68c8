import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ContentDigest } from '../../../controller/adapters/snapshots/content-digest.ts';

/** A stretch of a file: zeros that may be a hole, or bytes. */
interface Stretch {
  readonly hole: boolean;
  readonly bytes: Buffer;
}

const stretch = fc
  .record({ hole: fc.boolean(), length: fc.integer({ min: 1, max: 10_000 }), seed: fc.nat(255) })
  .map(({ hole, length, seed }): Stretch => {
    const bytes = Buffer.alloc(length, hole ? 0 : seed);
    return { hole, bytes };
  });

function digestOf(content: Buffer): string {
  const digest = new ContentDigest();
  digest.data(content);
  return digest.end();
}

describe('ContentDigest', () => {
  test('is the same however a file comes in pieces, and whether its zeros are holes or written', () => {
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 8 }), fc.nat(9999), (stretches, cut) => {
        const inPieces = new ContentDigest();
        for (const { hole, bytes } of stretches) {
          if (hole) {
            inPieces.hole(bytes.length);
            continue;
          }
          inPieces.data(bytes.subarray(0, cut));
          inPieces.data(bytes.subarray(cut));
        }

        const whole = Buffer.concat(stretches.map(({ bytes }) => bytes));
        expect(inPieces.end()).toBe(digestOf(whole));
      }),
    );
  });

  test.each([
    { name: 'empty', content: Buffer.alloc(0) },
    { name: 'one byte', content: Buffer.from('x') },
    { name: 'one zero', content: Buffer.alloc(1) },
    { name: 'a whole block', content: Buffer.alloc(4096, 'x') },
    { name: 'a whole block of zeros', content: Buffer.alloc(4096) },
    { name: 'more than a block', content: Buffer.alloc(5000, 'x') },
  ])('is the same for a file that is $name and comes in one piece', ({ content }) => {
    expect(new ContentDigest().whole(content)).toBe(digestOf(content));
  });

  test.each([
    { name: 'one bit', a: Buffer.from('a'), b: Buffer.from('c') },
    { name: 'one more zero at the end', a: Buffer.alloc(4096), b: Buffer.alloc(4097) },
    { name: 'one more block of zeros', a: Buffer.alloc(8192), b: Buffer.alloc(12_288) },
    {
      name: 'the place of a block',
      a: Buffer.concat([Buffer.alloc(4096), Buffer.alloc(4096, 'x'), Buffer.alloc(4096)]),
      b: Buffer.concat([Buffer.alloc(8192), Buffer.alloc(4096, 'x')]),
    },
    {
      name: 'zeros within a block',
      a: Buffer.concat([Buffer.alloc(10), Buffer.from('x')]),
      b: Buffer.concat([Buffer.alloc(11), Buffer.from('x')]),
    },
  ])('differs where files differ by $name', ({ a, b }) => {
    expect(digestOf(a)).not.toBe(digestOf(b));
  });

  test('counts the bytes of blocks that hold data, over all files', () => {
    const digest = new ContentDigest();
    digest.data(Buffer.concat([Buffer.alloc(8192), Buffer.from('abc')]));
    digest.end();
    digest.hole(2 ** 40);
    digest.end();
    digest.whole(Buffer.from('de'));

    expect(digest.dataBytes).toBe(5);
  });
});
