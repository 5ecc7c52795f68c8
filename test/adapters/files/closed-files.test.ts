import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeFileSystem, type FileSystem } from '../../../controller/adapters/files/fs.ts';
import { createStateStore } from '../../../controller/adapters/files/state-store.ts';
import type { StateStore } from '../../../controller/ports/state-store.ts';
import { createStateCheck } from '../../../controller/spec/state-validators.ts';
import { app, begin, clock, end, lastGood, recordedLog, temporaryDirectory } from './samples.ts';

interface Options {
  readonly stateDir: string;
  readonly fs?: FileSystem;
  readonly holdsLock?: boolean;
}

function openStore({ stateDir, fs = nodeFileSystem, holdsLock = true }: Options): StateStore {
  return createStateStore({
    stateDir,
    check: createStateCheck(),
    clock,
    log: recordedLog(),
    revision: () => 'sha256:1',
    holdsLock,
    isNew: false,
    fs,
  });
}

describe('files that hold values of env', () => {
  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  test('are made for their owner and their group, and the version that scripts read for everybody', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore({ stateDir });

    await store.append(begin('t1'));
    await store.append(end('t1'));
    await store.writeLastGood(app, lastGood());

    expect(modeOf(join(stateDir, app, 'journal.jsonl'))).toBe(0o640);
    expect(modeOf(join(stateDir, app, 'last_good.json'))).toBe(0o640);
    expect(modeOf(join(stateDir, app, 'last_good'))).toBe(0o644);
  });

  test('that were open are closed by the next write', async () => {
    const stateDir = temporaryDirectory();
    const store = openStore({ stateDir });
    await store.writeLastGood(app, lastGood());
    chmodSync(join(stateDir, app, 'last_good.json'), 0o644);

    await store.writeLastGood(app, lastGood());

    expect(modeOf(join(stateDir, app, 'last_good.json'))).toBe(0o640);
  });

  test('that this user may not read say who may', async () => {
    const stateDir = temporaryDirectory();
    await openStore({ stateDir }).append(begin('t1'));
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    const fs = { ...nodeFileSystem, read: () => Promise.reject(denied) };

    const records = await openStore({ stateDir, fs, holdsLock: false }).records([app]);

    expect(records.get(app)).toMatchObject({
      known: false,
      why: expect.stringMatching(
        /journal\.jsonl is closed to this user: ask as root, or as a member/,
      ) as string,
    });
  });
});
