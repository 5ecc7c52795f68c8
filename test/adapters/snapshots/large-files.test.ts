import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { nodeFileSystem } from '../../../controller/adapters/files/fs.ts';
import { LargeFiles } from '../../../controller/adapters/snapshots/large-files.ts';
import { TreeDigest } from '../../../controller/adapters/snapshots/tree-digest.ts';
import { readOthers, readTree } from '../../../controller/adapters/snapshots/unpack.ts';
import { never } from './snapshot-world.ts';

const MIB = 2 ** 20;

describe('LargeFiles', () => {
  let top: string;
  beforeEach(() => {
    top = mkdtempSync('/var/tmp/ci-warm-large-');
  });
  afterEach(() => {
    rmSync(top, { recursive: true });
  });

  test('reads a large file to the digest that it has with the others', async () => {
    const tree = new TreeDigest();
    const large = new LargeFiles('a volume', top, nodeFileSystem, tree, never);
    writeFileSync(join(top, 'b\nig'), Buffer.concat([randomBytes(17 * MIB), Buffer.alloc(MIB)]));

    large.begun('./b\nig');
    await expect.poll(() => large.done('./b\nig')).toBe(true);
    await large.settled();
    await readOthers('a volume', top, tree, never);

    expect(tree.figures()).toEqual(await readTree('a volume', top, never));
    expect(tree.figures()).toMatchObject({ entries: 2, contentBytes: 17 * MIB });
  });

  test('leaves small files to others', async () => {
    const large = new LargeFiles('a volume', top, nodeFileSystem, new TreeDigest(), never);
    writeFileSync(join(top, 'small'), 'x');

    large.begun('./small');

    expect(large.done('./small')).toBe(false);
    await large.settled();
  });
});
