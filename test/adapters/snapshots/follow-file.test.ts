import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { nodeFileSystem } from '../../../controller/adapters/files/fs.ts';
import { followFile } from '../../../controller/adapters/snapshots/follow-file.ts';
import { failureOf, never } from './snapshot-world.ts';

describe('followFile', () => {
  let top: string;
  let file: string;
  beforeEach(() => {
    top = mkdtempSync('/var/tmp/ci-warm-follow-');
    file = join(top, 'growing');
  });
  afterEach(() => {
    rmSync(top, { recursive: true });
  });

  test('reads what is added until the writer is done, and not a byte twice', async () => {
    const { promise: written, resolve } = Promise.withResolvers<undefined>();
    const more = ['two ', 'three ', 'four'];
    let seen = '';
    writeFileSync(file, 'one ');

    await followFile(
      file,
      nodeFileSystem,
      written,
      async (bytes) => {
        seen += bytes.toString();
        const next = more.shift();
        if (next === undefined) resolve(undefined);
        else appendFileSync(file, next);
      },
      never,
    );

    expect(seen).toBe('one two three four');
  });

  test('waits for a file that is not there yet', async () => {
    const { promise: written, resolve } = Promise.withResolvers<undefined>();
    let seen = '';
    const looks: string[] = [];
    const fs: typeof nodeFileSystem = {
      ...nodeFileSystem,
      stat: (path) => {
        looks.push(path);
        if (looks.length === 3) writeFileSync(file, 'late');
        return nodeFileSystem.stat(path);
      },
    };

    const take = async (bytes: Buffer): Promise<void> => {
      seen += bytes.toString();
      resolve(undefined);
    };
    await followFile(file, fs, written, take, never);

    expect(seen).toBe('late');
  });

  test('stops when it is asked to', async () => {
    const abort = new AbortController();
    writeFileSync(file, 'some');

    const failure = await failureOf(
      followFile(
        file,
        nodeFileSystem,
        Promise.withResolvers().promise,
        async () => {
          abort.abort();
        },
        abort.signal,
      ),
    );

    expect(failure.code).toBe('aborted');
  });
});
