import { describe, expect, test } from 'vitest';

import { nodeFileSystem } from '../../../controller/adapters/files/fs.ts';
import { GrowingFile } from '../../../controller/adapters/snapshots/growing-file.ts';

const MIB = 2 ** 20;

/** A disk whose syncs end when they are told to. */
function slowDisk(): {
  readonly fs: typeof nodeFileSystem;
  readonly syncs: PromiseWithResolvers<undefined>[];
} {
  const syncs: PromiseWithResolvers<undefined>[] = [];
  const fs: typeof nodeFileSystem = {
    ...nodeFileSystem,
    open: () =>
      Promise.resolve({
        fd: -1,
        write: () => Promise.resolve(),
        readAll: () => Promise.resolve(Buffer.alloc(0)),
        truncate: () => Promise.resolve(),
        sync: async () => {
          const sync = Promise.withResolvers<undefined>();
          syncs.push(sync);
          await sync.promise;
        },
        close: () => Promise.resolve(),
      }),
  };
  return { fs, syncs };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('a growing file', () => {
  test('is synced each time that enough was added, one sync at a time', async () => {
    const { fs, syncs } = slowDisk();
    const file = new GrowingFile('growing', fs);

    file.grown(31 * MIB);
    await turn();
    expect(syncs).toHaveLength(0);
    file.grown(MIB);
    await turn();
    file.grown(100 * MIB);
    await turn();
    expect(syncs).toHaveLength(1);
    syncs[0]?.resolve(undefined);
    await turn();
    file.grown(1);
    await turn();
    expect(syncs).toHaveLength(2);
    syncs[1]?.resolve(undefined);

    await file.settled();
  });

  test('remembers that the disk refused something, though a later sync goes well', async () => {
    const { fs, syncs } = slowDisk();
    const file = new GrowingFile('growing', fs);

    file.grown(32 * MIB);
    await turn();
    syncs[0]?.reject(new Error('EIO: i/o error, fsync'));
    await turn();
    file.grown(32 * MIB);
    await turn();
    syncs[1]?.resolve(undefined);

    await expect(file.settled()).rejects.toThrow('EIO');
  });
});
