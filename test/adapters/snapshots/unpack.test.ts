import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { nodeFileSystem } from '../../../controller/adapters/files/fs.ts';
import { packVolume } from '../../../controller/adapters/snapshots/archive.ts';
import {
  readOthers,
  readTree,
  unpackAndRead,
} from '../../../controller/adapters/snapshots/unpack.ts';
import { makeFidelityTree } from './fidelity-tree.ts';
import { never } from './snapshot-world.ts';

describe('unpackAndRead', () => {
  let top: string;
  let archive: string;
  let unpacked: string;
  beforeEach(async () => {
    top = mkdtempSync('/var/tmp/ci-warm-unpack-');
    archive = join(top, 'archive');
    unpacked = join(top, 'beside/unpacked');
    const directory = join(top, 'tree');
    mkdirSync(directory);
    await makeFidelityTree(directory);
    await packVolume(
      { what: 'a volume', directory, archive, aboutBytes: 1 },
      nodeFileSystem,
      never,
    );
    mkdirSync(unpacked, { recursive: true });
  });
  afterEach(() => {
    rmSync(top, { recursive: true });
  });

  test('what was read on the way is all of the tree, whatever is in it', async () => {
    const tree = await unpackAndRead('a volume', archive, unpacked, nodeFileSystem, never);
    if (tree === undefined) throw new Error('nothing was read on the way');
    await readOthers('a volume', unpacked, tree, never);

    expect(tree.figures()).toEqual(await readTree('a volume', unpacked, never));
  });

  test('the names in it are for root alone meanwhile, and gone afterwards', async () => {
    const modes: number[] = [];
    const fs: typeof nodeFileSystem = {
      ...nodeFileSystem,
      unlink: async (path) => {
        modes.push(statSync(path).mode & 0o777);
        await nodeFileSystem.unlink(path);
      },
    };

    await unpackAndRead('a volume', archive, unpacked, fs, never);

    expect(modes).toEqual([0o600]);
    expect(readdirSync(join(top, 'beside'))).toEqual(['unpacked']);
  });

  test('a damaged archive leaves no names either', async () => {
    truncateSync(archive, 100);

    await expect(
      unpackAndRead('a volume', archive, unpacked, nodeFileSystem, never),
    ).rejects.toMatchObject({ code: 'tool-failed' });
    expect(readdirSync(join(top, 'beside'))).toEqual(['unpacked']);
  });
});
